"""Taking members out of Spaces: at once what can go, the rest when a Space is over.

Rules:

- Everything may be done again. Texts are deleted before the record changes; what is
  missing at the end is made anew, by the next process, too.
- Nobody makes or changes files of the Space that is ``at_work``, and of one whose files
  are being made only sound and words go by then: a mix that is under way would hold the
  voice after all.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from bot.afterwards import sound
from bot.house import House
from bot.privacy.remains import Held, Remains
from bot.rooms.consent import lower
from bot.rooms.room import Room
from bot.rooms.rooms import Rooms
from media.consent import Consent
from moderation.store import consents, spaces, tracks
from moderation.store.erasure import space
from moderation.store.erasure.rows import ErasureRow

STAND_INS: Final = 10**9
"""Numbers that a stand-in is drawn from."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far one Space is."""

    complete: bool
    """Whether nothing of the member is left there."""

    changed: bool = False
    """Whether rows went: ``Store.purge`` has to follow."""

    refused: bool = False
    """Whether the system did not let go of a file."""


class Spaces:
    """Every Space that somebody wants to be erased from."""

    def __init__(self, house: House, rooms: Rooms, remains: Remains) -> None:
        self._house = house
        self._store = house.store
        self._rooms = rooms
        self._remains = remains
        self.is_making: Callable[[int], bool] = lambda space_id: False
        """Says of a Space whether its files are being made, heard or amended."""
        self.at_work: int | None = None
        """The Space whose files are being erased, or made without a member."""
        self._quiet: set[tuple[int, int]] = set()
        """Erasures and open Spaces in which sound and words are gone already."""
        self._clean: set[tuple[int, int]] = set()
        """Erasures and Spaces that are over, in which nothing is left."""

    def silence(self, guild_id: int, user_id: int) -> None:
        """Hear nothing more of a member in any room, whatever waits before them."""
        for room in self._rooms.in_guild(guild_id):
            lower(room, user_id, Consent.NOTHING)

    async def held(self, asked: ErasureRow) -> list[tuple[Held, bool]]:
        """Return the Spaces that an erasure is about, and whether each is over."""
        found = await self._store.read(lambda db: _held(db, asked))
        return await asyncio.to_thread(_at_home, found, self._house.folder)

    async def erase(self, asked: ErasureRow, one: Held, *, over: bool) -> Step:
        """Erase what can go by now. Raises StoreError, and FAULTS that pass."""
        if (asked.id, one.id) in self._clean:
            return Step(complete=True)
        room = self._rooms.by_id(one.id)
        if over and room is None and not self.is_making(one.id):
            with self._working_on(one):
                return await self._erase(asked, one)
        return await self._quieten(asked, one, room)

    async def hush(self, asked: ErasureRow, room: Room) -> None:
        """Keep nothing more of a member, unless they have agreed anew since."""
        answers = await self._store.read(
            lambda db: consents.history(db, asked.guild_id, asked.user_id)
        )
        # The asking was an answer, too: nothing. One after it is another one.
        if not answers or answers[-1].level == Consent.NOTHING:
            await room.forget(asked.user_id)

    def done(self, asked: ErasureRow) -> None:
        """Keep in mind nothing more of an erasure."""
        for known in (self._quiet, self._clean):
            known -= {one for one in known if one[0] == asked.id}

    async def mix(self) -> bool:
        """Mix those who are left, where a mix went with somebody's voice.

        Say whether every such Space was tried: none whose files somebody makes.
        """
        complete = True
        found = await self._store.read(_unmixed)
        for one, _ in await asyncio.to_thread(_at_home, found, self._house.folder):
            if self.is_making(one.id):
                complete = False
            else:
                with self._working_on(one):
                    await self._remains.mix(one)
        return complete

    @contextlib.contextmanager
    def _working_on(self, one: Held) -> Iterator[None]:
        self.at_work = one.id
        try:
            yield
        finally:
            self.at_work = None

    async def _erase(self, asked: ErasureRow, one: Held) -> Step:
        """Erase everything of a Space that is over."""
        user_id, traced = asked.user_id, await self._is_traced(asked, one)
        if traced:
            if not await self._remains.delete_sound(asked, one):
                return Step(complete=False, refused=True)
            await self._remains.take_out(asked, one)
            await self._unlearn(asked, one)
            await self._remains.remove_texts(one)
            stand_in = draw()
            await self._store.write(
                lambda db: space.erase(db, one.id, user_id, stand_in)
            )
        await self._remains.write_texts(one)
        self._clean.add((asked.id, one.id))
        return Step(complete=True, changed=traced)

    async def _quieten(self, asked: ErasureRow, one: Held, room: Room | None) -> Step:
        """Erase sound and words of a Space that goes on, once."""
        if (asked.id, one.id) in self._quiet:
            return Step(complete=False)
        if room is not None:
            await self.hush(asked, room)
        if not await self._is_traced(asked, one):
            return Step(complete=True)
        gone = await self._remains.delete_sound(asked, one)
        await self._remains.take_out(asked, one)
        await self._unlearn(asked, one)
        lines = await self._store.write(
            lambda db: space.erase_words(db, one.id, asked.user_id)
        )
        if gone and room is not None:
            self._quiet.add((asked.id, one.id))
        return Step(complete=False, changed=lines > 0, refused=not gone)

    async def _unlearn(self, asked: ErasureRow, one: Held) -> None:
        """Let rooms forget stems: at their end they write down what drift learned."""
        rooms = self._rooms.in_guild(asked.guild_id)
        if rooms:
            language, gone = await self._store.read(
                lambda db: space.stems_of(db, one.id, asked.user_id)
            )
            for room in rooms:
                room.unlearn(language, gone)

    async def _is_traced(self, asked: ErasureRow, one: Held) -> bool:
        found = await self._store.read(
            lambda db: space.is_traced(db, one.id, asked.user_id)
        )
        return found or await self._remains.has_track(asked, one)


def _held(db: Database, asked: ErasureRow) -> list[tuple[Held, bool]]:
    """Return the Spaces that it is about, and whether each is over."""
    found = []
    for one in space.until(db, asked.guild_id, asked.last_space_id):
        folder = Path(one.folder) if one.folder else None
        found.append((Held(one.id, folder), one.is_over))
    return found


def _unmixed(db: Database) -> list[tuple[Held, bool]]:
    """Return the Spaces whose mix went with a voice; there may be others' tracks."""
    lacking = tracks.unmixed(db)
    return [
        (Held(one.id, Path(one.folder)), True)
        for one in spaces.ended(db)
        if one.id in lacking and one.folder is not None
    ]


def _at_home(held: list[tuple[Held, bool]], folder: Path) -> list[tuple[Held, bool]]:
    """Return them with their folders where the data folder is now."""
    homes = [(one, over, sound.home(folder, one.id)) for one, over in held]
    return [
        (Held(one.id, home if home.is_dir() else one.folder), over)
        for one, over, home in homes
    ]


def draw() -> int:
    """Return a number that is nobody's."""
    return -1 - secrets.randbelow(STAND_INS)
