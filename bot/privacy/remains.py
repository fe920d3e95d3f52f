"""What a member left outside of the record: sound, text files, captions.

Rule: everything may be done again; what was not on record is noted before it goes, as
its row is to be the proof.
"""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from sqlite_utils import Database

from bot.afterwards import exports, sound
from bot.afterwards.deletion import Deletions
from bot.captions.quoted import Gone
from bot.house import House
from media.errors import MediaError
from moderation.store import guilds, tracks, transcripts
from moderation.store.database import StoreError
from moderation.store.erasure import rows
from moderation.store.erasure.rows import ErasureRow
from moderation.store.tracks import ERASED, TrackRow

log = logging.getLogger(__name__)

UNCHANGED: Final = "unchanged_thread_"
"""Beginning of the counts of threads that Discord did not let the bot change."""


class Captions(Protocol):
    """Where lines stand that were shown as captions."""

    async def forget(self, gone: Gone) -> bool:
        """Take lines out; False where Discord refuses. Raises FAULTS that pass."""


@dataclass(frozen=True, slots=True)
class Held:
    """One Space that an erasure is about."""

    id: int
    folder: Path | None


class Remains:
    """Takes away what members left in folders of Spaces and on Discord."""

    def __init__(self, house: House, deletions: Deletions, captions: Captions) -> None:
        self._house = house
        self._store = house.store
        self._deletions = deletions
        self._captions = captions

    async def has_track(self, asked: ErasureRow, one: Held) -> bool:
        """Say whether a track of theirs is there, on record or not."""
        own = _own(one, asked.user_id)
        return own is not None and await asyncio.to_thread(own.exists)

    async def remove_texts(self, one: Held) -> None:
        """Delete the text files: they are of what the record is about to forget."""
        if one.folder is not None:
            await asyncio.to_thread(exports.remove_texts, one.folder)

    async def delete_sound(self, asked: ErasureRow, one: Held) -> bool:
        """Delete a member's track and the mixes with it; say whether all are gone."""
        user_id, days = asked.user_id, self._house.config.recording.keep_days
        files = await self._store.read(lambda db: tracks.read(db, one.id))
        theirs = any(each.user_id == user_id for each in files)
        if one.folder is not None:
            found = await asyncio.to_thread(sound.find, one.folder)
            own = [path for path in found.files if path.stem == str(user_id)]
            if own or theirs:
                for path in found.begun:
                    await asyncio.to_thread(path.unlink, missing_ok=True)
                # What is not on record yet is noted: its row is to be the proof.
                with_them = [*own, *(f for f in found.files if f.name == sound.MIX)]
                await self._store.write(
                    lambda db: sound.note(db, one.id, with_them, days), frees=True
                )
                files = await self._store.read(lambda db: tracks.read(db, one.id))
                theirs = True
        complete = True
        for each in _with_voice(files, user_id) if theirs else ():
            gone = await self._deletions.delete(each.id, ERASED)
            complete = complete and gone.deleted_at is not None
        return complete

    async def take_out(self, asked: ErasureRow, one: Held) -> None:
        """Take their lines out of the captions' thread, while the record has them.

        Also where it has only where they stand, and their words are gone by their time.
        """
        gone = await self._store.read(lambda db: _gone(db, asked, one))
        if not await self._captions.forget(gone):
            key = f"{UNCHANGED}{one.id}"
            await self._store.write(lambda db: rows.count(db, asked.id, key, 1))

    async def write_texts(self, one: Held) -> None:
        """Make texts anew that were deleted, by this process or the one before."""
        if one.folder is None or not await asyncio.to_thread(one.folder.is_dir):
            return
        if not await asyncio.to_thread((one.folder / exports.LAST).exists):
            await exports.rewrite(self._store, one.id, one.folder)

    async def mix(self, one: Held) -> None:
        """Mix those who are left; what stands in the way is logged."""
        if one.folder is None:
            return
        settings = self._house.config.recording
        try:
            await exports.mix_again(self._store, one.id, one.folder, settings)
        except (MediaError, StoreError, OSError) as error:
            log.error("space %s: there is no mix any more: %s", one.id, error)


def _gone(db: Database, asked: ErasureRow, one: Held) -> Gone:
    """Return everything that a member's lines in a Space ever read."""
    user_id = asked.user_id
    said = [row for row in transcripts.read(db, one.id) if row.user_id == user_id]
    known = guilds.members(db, asked.guild_id, [user_id]).get(user_id)
    wordings = {each.text for row in said for each in transcripts.versions(db, row.id)}
    return Gone(
        space_id=one.id,
        name="" if known is None else known.name,
        at=asked.asked_at,
        wordings=tuple(sorted(wordings | {row.text for row in said})),
        left="",
        user_id=user_id,
    )


def _own(one: Held, user_id: int) -> Path | None:
    """Return where a member's track is, if there is one."""
    folder = one.folder
    return None if folder is None else folder / sound.TRACKS / f"{user_id}.opus"


def _with_voice(files: list[TrackRow], user_id: int) -> Iterator[TrackRow]:
    """Return the files that hold a member's voice; the mix goes first."""
    left = [one for one in files if one.deleted_at is None]
    yield from (one for one in left if one.kind == "mix")
    yield from (one for one in left if one.user_id == user_id)
