"""Deletes the sound of Spaces whose time is over, whenever that is found out.

Rules:

- Every look begins with the disk: a file that is not on record is noted with its time,
  one that is on record and has none gets it, and a shorter ``keep_days`` holds at once.
- A data folder that was moved, or copied, is followed: what lies in this bot's own is
  this bot's to delete, and nothing else.
- Nothing is deleted of a Space that goes on, or whose files are being made or heard.
- Looks are counted by the monotonic clock: whoever sets the wall's back stops nothing.
  By a wall clock that was never set, or that is in doubt, nothing is noted, because
  that is never put off, and nothing is deleted.
- What cannot be deleted is tried again at every look, and holds nothing else up.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from bot.afterwards import sound
from bot.afterwards.deletion import Deletions
from bot.afterwards.doubts import Doubts
from bot.afterwards.sound import Found
from bot.afterwards.strays import Strays
from moderation.store import spaces, tracks
from moderation.store.database import Store, StoreError
from moderation.store.spaces import SpaceRow
from moderation.store.tracks import RETENTION, TrackRow
from scheduler import retention
from scheduler.retention import Sound

log = logging.getLogger(__name__)

LOOK_S = 600.0
"""Seconds between two looks."""

IsBusy = Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class _Left:
    """What one ended Space left."""

    space: SpaceRow
    rows: Sequence[TrackRow]
    """Files by the record, without those that are gone."""

    found: Found
    """Files by the disk."""

    @property
    def unknown(self) -> list[Path]:
        """Files that are not on record."""
        known = {row.path for row in self.rows}
        return [path for path in self.found.files if str(path) not in known]

    def expires_at(self, keep_days: float, now: float) -> float:
        """Return when it is all to go, Unix seconds."""
        noted = [row.expires_at for row in self.rows if row.expires_at is not None]
        what = Sound(
            self.space.ended_at or self.space.opened_at,
            self.space.keep_days,
            min(noted, default=None),
        )
        return retention.expires_at(what, keep_days, now)


class Retention:
    """Keeps the promise of ``recording.keep_days``."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        deletions: Deletions,
        keep_days: float,
        now: Callable[[], float],
        is_busy: IsBusy,
        doubts: Doubts,
    ) -> None:
        """``folder`` holds those of all Spaces; ``now`` is the wall clock.

        ``is_busy`` says of a Space whether it is live or its files are being made or
        heard.
        """
        self._store = store
        self._folder = folder
        self._deletions = deletions
        self._strays = Strays(folder, keep_days)
        self._keep_days = keep_days
        self._now = now
        self._is_busy = is_busy
        self._doubts = doubts
        self._closed: set[int] = set()
        """Spaces of which the log has that their folder cannot be looked into."""

    async def run(self) -> None:
        """Look at once, and again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except (StoreError, OSError) as error:
                log.error("what is over is deleted later: %s", error)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> list[TrackRow]:
        """Delete what is over; return the files that are gone by that, as noted."""
        now = self._now()
        if now < retention.EARLIEST:
            log.error("nothing is deleted yet: the clock says that it is %d", now)
            return []
        if await self._doubts.any(now):
            return []
        await self._follow()
        left = await self._left()
        over = await self._store.write(lambda db: self._note(db, left, now), frees=True)
        gone = []
        due = await self._store.read(lambda db: _due(db, now))
        for row in due:
            if not self._is_busy(row.space_id):
                one = await self._deletions.delete(row.id, row.why or RETENTION)
                gone += [one] if one.deleted_at is not None else []
        lists = [path for one in over for path in one.found.gaps]
        await asyncio.to_thread(_remove, lists)
        known = await self._store.read(spaces.ids)
        await asyncio.to_thread(self._strays.clear, known, now)
        return gone

    async def _follow(self) -> None:
        """Find the folders of Spaces where they are now."""
        ended = await self._store.read(spaces.ended)

        def look() -> list[tuple[SpaceRow, Path]]:
            homes = [(one, sound.home(self._folder, one.id)) for one in ended]
            return [
                (one, home)
                for one, home in homes
                if one.folder and one.folder != str(home) and home.is_dir()
            ]

        moved = await asyncio.to_thread(look)
        if moved:
            await self._store.write(lambda db: _move(db, moved), frees=True)

    async def _left(self) -> list[_Left]:
        """Look at what every ended Space left; of none that is busy."""
        ended, there = await self._store.read(
            lambda db: (spaces.ended(db), tracks.there(db))
        )
        rows = defaultdict[int, list[TrackRow]](list)
        for row in there:
            rows[row.space_id].append(row)

        def look() -> list[_Left]:
            return [_Left(one, rows[one.id], self._find(one)) for one in ended]

        left = await asyncio.to_thread(look)
        return [one for one in left if not self._is_busy(one.space.id)]

    def _find(self, space: SpaceRow) -> Found:
        """Look into a Space's folder; one that cannot be is told once."""
        try:
            if space.folder is not None:
                return sound.find(Path(space.folder))
        except OSError as error:
            if space.id not in self._closed:
                self._closed.add(space.id)
                log.error("space %s: no look at its files: %s", space.id, error)
        return Found((), (), ())

    def _note(self, db: Database, left: list[_Left], now: float) -> list[_Left]:
        """Note files and their times; return the Spaces whose time is over."""
        over = []
        for one in left:
            at = one.expires_at(self._keep_days, now)
            files = list(one.unknown)
            if at <= now:
                over.append(one)
                files += one.found.begun
            if files:
                sound.note(db, one.space.id, files, self._keep_days)
            if files or any(row.expires_at != at for row in one.rows):
                tracks.expire(db, one.space.id, at)
        return over


def _move(db: Database, moved: Sequence[tuple[SpaceRow, Path]]) -> None:
    for space, home in moved:
        tracks.move(db, space.id, space.folder or "", str(home))
        spaces.set_folder(db, space.id, str(home))
        log.info("space %s: its files are at %s now", space.id, home)


def _due(db: Database, now: float) -> list[TrackRow]:
    """Return what is to go: what an earlier process began with first."""
    rows = {row.id: row for row in tracks.half_deleted(db) + tracks.expired(db, now)}
    return list(rows.values())


def _remove(lists: Sequence[Path]) -> None:
    """Delete lists of gaps that were left without their track; they hold no sound."""
    for path in lists:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            log.info("%s stays: %s", path, error.strerror)
