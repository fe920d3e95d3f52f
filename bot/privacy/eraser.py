"""Erases what was asked to be erased, to its end, whatever happens to the process.

    consent nothing ─→ sound ─→ captions, texts ─→ record, Space by Space ─→ the rest
                                             └ one that is open: sound and words now,
                                               the rest when it is over
    ─→ the file's bytes (purge) ─→ texts anew ─→ proof ─→ told ─→ mixes without them

Rules: every step may be done again, so a killed process goes on with the whole; texts
are deleted before the record changes, and what is missing at the end is made anew. A
file that the system does not let go of keeps the erasure open: it is tried again.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from bot.afterwards import sound
from bot.faults import FAULTS, named
from bot.house import House
from bot.privacy.remains import Held, Remains
from bot.rooms.room import Room
from bot.rooms.rooms import Rooms
from media.consent import Consent
from moderation.store import consents
from moderation.store.database import StoreError
from moderation.store.erasure import guild, rows, space
from moderation.store.erasure.rows import ErasureRow

log = logging.getLogger(__name__)

LOOK_S: Final = 5.0
"""Seconds between two looks at what waits for the end of a Space."""

STAND_INS: Final = 10**9
"""Numbers that a stand-in is drawn from."""

Told = Callable[[ErasureRow], Awaitable[None]]
"""Tells whoever asked that it is done."""

Changed = Callable[[int], Awaitable[None]]
"""Lets the clockwork know of a plan whose reminders changed."""


class Eraser:
    """Does the erasures that are open, one after another."""

    def __init__(
        self,
        house: House,
        rooms: Rooms,
        remains: Remains,
        changed: Changed,
    ) -> None:
        """Do nothing yet: ``run`` does."""
        self._house = house
        self._store = house.store
        self._rooms = rooms
        self._remains = remains
        self._changed = changed
        self.is_making: Callable[[int], bool] = lambda space_id: False
        """Says of a Space whether its files are being made or heard."""
        self.is_amending: Callable[[int], bool] = lambda space_id: False
        """Says of a Space whether its mix is being made anew after a redaction."""
        self.at_work: int | None = None
        """The Space whose files are being erased, or made without a member."""
        self._tell: Told | None = None
        self._wake = asyncio.Event()
        self._quiet: set[tuple[int, int]] = set()
        """Erasures and open Spaces in which sound and words are gone already."""
        self._clean: set[tuple[int, int]] = set()
        """Erasures and Spaces that are over, in which nothing is left."""

    def on_done(self, tell: Told) -> None:
        """Let ``tell`` bring the news to whoever asked."""
        self._tell = tell

    def wake(self) -> None:
        """Look at once: somebody asked."""
        self._wake.set()

    async def run(self) -> None:
        """Do what is open, until cancelled."""
        while True:
            self._wake.clear()
            waits = True
            try:
                waits = await self.advance()
            except StoreError as error:
                log.error("an erasure waits: %s", error)
            except FAULTS as error:
                log.error("an erasure waits: %s", named(error))
            try:
                async with asyncio.timeout(LOOK_S if waits else None):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def advance(self) -> bool:
        """Go on with everything that is open; say whether something has to wait."""
        for done in await self._store.read(rows.untold):
            await self._told(done)
        waits = False
        for asked in await self._store.read(rows.open_ones):
            waits = not await self._erase(asked) or waits
        return waits

    async def taken_up(self, room: Room) -> None:
        """Keep nothing of whoever asked in a room that goes on after a restart."""
        for asked in await self._store.read(rows.open_ones):
            if asked.guild_id == room.guild_id:
                await self._hush(asked, room)

    async def _erase(self, asked: ErasureRow) -> bool:
        """Erase everything that can be erased now; say whether that was all."""
        waits = purges = False
        found = await self._store.read(lambda db: _held(db, asked))
        held = await asyncio.to_thread(_at_home, found, self._house.folder)
        for one, over in held:
            room = self._rooms.by_id(one.id)
            if (asked.id, one.id) in self._clean:
                continue
            if over and room is None and not self.is_making(one.id):
                self.at_work = one.id
                try:
                    complete, changed = await self._erase_space(asked, one)
                finally:
                    self.at_work = None
                waits = waits or not complete
            else:
                left, changed = await self._quieten(asked, one, room)
                waits = waits or left
            purges = purges or changed
        if purges:
            await self._store.purge()
        if waits:
            return False
        await self._finish(asked)
        for one, _ in held:
            if not self.is_amending(one.id):
                self.at_work = one.id
                try:
                    await self._remains.mix(one)
                finally:
                    self.at_work = None
        return True

    async def _finish(self, asked: ErasureRow) -> None:
        store, user_id = self._store, asked.user_id
        plans = await store.read(
            lambda db: guild.reminded_of(db, asked.guild_id, user_id)
        )
        stand_in, now = _draw(), self._house.clock.now()
        await store.write(lambda db: guild.erase(db, asked, stand_in, now))
        await store.purge()
        for plan_id in plans:
            await self._changed(plan_id)
        await store.write(lambda db: rows.finish(db, asked.id, self._house.clock.now()))
        for known in (self._quiet, self._clean):
            known -= {one for one in known if one[0] == asked.id}
        log.info("guild %s: erasure %s is done", asked.guild_id, asked.id)
        done = await store.read(lambda db: rows.get(db, asked.id))
        if done is not None:
            await self._told(done)

    async def _told(self, done: ErasureRow) -> None:
        if self._tell is None:
            return
        await self._tell(done)
        now = self._house.clock.now()
        await self._store.write(lambda db: rows.told(db, done.id, now))

    async def _erase_space(self, asked: ErasureRow, one: Held) -> tuple[bool, bool]:
        """Erase a Space that is over; say whether all of it, and whether any."""
        user_id, traced = asked.user_id, await self._is_traced(asked, one)
        if traced:
            if not await self._remains.delete_sound(asked, one):
                return False, False
            await self._remains.take_out(asked, one)
            await self._unlearn(asked, one)
            await self._remains.remove_texts(one)
            stand_in = _draw()
            await self._store.write(
                lambda db: space.erase(db, one.id, user_id, stand_in)
            )
        await self._remains.write_texts(one)
        self._clean.add((asked.id, one.id))
        return True, traced

    async def _quieten(
        self, asked: ErasureRow, one: Held, room: Room | None
    ) -> tuple[bool, bool]:
        """Erase sound and words of a Space that goes on, once.

        Say whether anything is left to erase when it is over, and whether any was.
        """
        if (asked.id, one.id) in self._quiet:
            return True, False
        if room is not None:
            await self._hush(asked, room)
        if not await self._is_traced(asked, one):
            return False, False
        complete = await self._remains.delete_sound(asked, one)
        await self._remains.take_out(asked, one)
        await self._unlearn(asked, one)
        lines = await self._store.write(
            lambda db: space.erase_words(db, one.id, asked.user_id)
        )
        if complete and room is not None:
            self._quiet.add((asked.id, one.id))
        return True, lines > 0

    async def _unlearn(self, asked: ErasureRow, one: Held) -> None:
        """Let rooms forget stems: at their end they write down what drift learned."""
        rooms = self._rooms.in_guild(asked.guild_id)
        if rooms:
            language, gone = await self._store.read(
                lambda db: space.stems_of(db, one.id, asked.user_id)
            )
            for room in rooms:
                room.unlearn(language, gone)

    async def _hush(self, asked: ErasureRow, room: Room) -> None:
        """Hear nothing more of a member, unless they have agreed anew since."""
        answers = await self._store.read(
            lambda db: consents.history(db, asked.guild_id, asked.user_id)
        )
        agreed = answers and answers[-1].at > asked.asked_at
        if not agreed or answers[-1].level == Consent.NOTHING:
            await room.forget(asked.user_id)

    async def _is_traced(self, asked: ErasureRow, one: Held) -> bool:
        found = await self._store.read(
            lambda db: space.is_traced(db, one.id, asked.user_id)
        )
        return found or await self._remains.has_track(asked, one)


def _held(db: Database, asked: ErasureRow) -> list[tuple[Held, bool]]:
    """Return the Spaces that it is about, and whether each is over."""
    found = []
    for one in space.until(db, asked.guild_id, asked.asked_at):
        folder = Path(one.folder) if one.folder else None
        found.append((Held(one.id, folder), one.is_over))
    return found


def _at_home(held: list[tuple[Held, bool]], folder: Path) -> list[tuple[Held, bool]]:
    """Return them with their folders where the data folder is now."""
    homes = [(one, over, sound.home(folder, one.id)) for one, over in held]
    return [
        (Held(one.id, home if home.is_dir() else one.folder), over)
        for one, over, home in homes
    ]


def _draw() -> int:
    """Return a number that is nobody's."""
    return -1 - secrets.randbelow(STAND_INS)
