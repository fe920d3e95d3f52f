"""Files that a Space should have left behind and has not, as the process died first.

They are looked for once, when the bot starts, and made then: everything is made anew
from the record, and tracks that are mixed are whole.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database

from bot.afterwards.exports import LAST, export
from bot.afterwards.sound import MIX, TRACKS
from bot.settings import RecordingSettings
from media.errors import MediaError
from moderation.store import redactions, spaces, tracks
from moderation.store.database import Store, StoreError
from moderation.store.spaces import SpaceRow
from moderation.store.tracks import RETENTION
from scheduler.retention import DAY_S, Sound, expires_at

log = logging.getLogger(__name__)

SINCE_S = 7 * DAY_S
"""How long ago a Space may have ended whose files are still looked for."""


class Unfinished:
    """Makes the files that are missing."""

    def __init__(self, store: Store, settings: RecordingSettings) -> None:
        self._store = store
        self._settings = settings
        self.is_busy: Callable[[int], bool] = lambda space_id: False
        """Says of a Space whether its files are being made or erased right now."""
        self.making: int | None = None
        """The Space whose files are being made."""

    async def finish(self, now: float) -> list[int]:
        """Make what is missing; return the Spaces whose files are there now.

        What cannot be made is logged and tried again at the next start.
        """
        made = []
        for row in await self._store.read(lambda db: _ended(db, now)):
            folder = Path(row.folder or "")
            settings = await self._wanted(row, now)
            if await asyncio.to_thread(_is_whole, folder, settings):
                continue
            if self.is_busy(row.id):
                continue
            self.making = row.id
            try:
                await export(self._store, row.id, folder, settings)
            except (MediaError, StoreError, OSError) as error:
                log.error("space %s: its files are not complete: %s", row.id, error)
            else:
                log.info("space %s: its files are complete now", row.id)
                made.append(row.id)
            finally:
                self.making = None
        return made

    async def _wanted(self, row: SpaceRow, now: float) -> RecordingSettings:
        """Return what is to be made: no mix of sound whose time is over.

        Nor of sound that has redacted words still: it is made when they are out.
        """
        files, unsettled = await self._store.read(
            lambda db: (tracks.read(db, row.id), redactions.unsettled(db))
        )
        if row.id in unsettled or any(one.why == RETENTION for one in files):
            return replace(self._settings, mix=False)
        sound = Sound(row.ended_at or row.opened_at, row.keep_days)
        over = expires_at(sound, self._settings.keep_days, now) <= now
        return replace(self._settings, mix=False) if over else self._settings


def _is_whole(folder: Path, settings: RecordingSettings) -> bool:
    wants_mix = settings.mix and any((folder / TRACKS).glob("*.opus"))
    return (folder / LAST).exists() and not (wants_mix and not (folder / MIX).exists())


def _ended(db: Database, now: float) -> list[SpaceRow]:
    recent = spaces.ended_since(db, now - SINCE_S)
    return [row for row in recent if row.folder is not None]
