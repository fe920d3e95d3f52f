"""Erases what was asked to be erased, to its end, whatever happens to the process.

    consent nothing ─→ sound ─→ captions, texts ─→ record, Space by Space ─→ the rest
                                             └ one that is open: sound and words now,
                                               the rest when it is over
    ─→ the file's bytes (purge) ─→ texts anew ─→ proof ─→ told ─→ mixes without them

Rules:

- Every step may be done again, so a killed process goes on with the whole.
- A file that the system does not let go of, and whatever else may go well later, keeps
  the erasure open: it is tried again, at growing intervals, and holds up neither other
  Spaces nor other members.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from bot.faults import FAULTS, named
from bot.house import House
from bot.privacy.spaces import Spaces, Step, draw
from bot.rooms.room import Room
from moderation.store.database import StoreError
from moderation.store.erasure import guild, rows
from moderation.store.erasure.rows import ErasureRow
from scheduler.errands import Patience

log = logging.getLogger(__name__)

LOOK_S: Final = 5.0
"""Seconds between two looks at what waits for the end of a Space."""

LONGEST_S: Final = 600.0
"""Seconds between two looks where something stands in the way, at most."""

REST: Final = 20.0
"""How often as long as a purge took the record is for others before the next one:
whoever asks again and again must not keep it busy for everybody."""

LATER: Final = (StoreError, *FAULTS)
"""What stands in the way for a while: the disk, the network, Discord."""

Told = Callable[[ErasureRow], Awaitable[None]]
"""Tells whoever asked that it is done. Raises FAULTS where it may go well later."""

Changed = Callable[[int], Awaitable[None]]
"""Lets the clockwork know of a plan whose reminders changed."""


class Eraser:
    """Does the erasures that are open, one after another."""

    def __init__(self, house: House, spaces: Spaces, changed: Changed) -> None:
        """Do nothing yet: ``run`` does."""
        self._house = house
        self._store = house.store
        self._spaces = spaces
        self._changed = changed
        self._tell: Told | None = None
        self._wake = asyncio.Event()
        self._hindered = False
        """Whether something stood in the way in this look."""
        self._hindrances: dict[int, str] = {}
        """What the log has been told of, by erasure."""
        self._rests_until = 0.0
        """When the record may be purged again."""
        self._lacks_mixes = True
        """Whether a mix may be missing: the process before was perhaps killed."""

    def on_done(self, tell: Told) -> None:
        """Let ``tell`` bring the news to whoever asked."""
        self._tell = tell

    def wake(self) -> None:
        """Look at once: somebody asked."""
        self._wake.set()

    async def run(self) -> None:
        """Do what is open, until cancelled."""
        hindered = 0
        while True:
            self._wake.clear()
            waits = await self.advance()
            hindered = hindered + 1 if self._hindered else 0
            pause_s = Patience(LOOK_S, LONGEST_S).wait_s(hindered or 1)
            try:
                async with asyncio.timeout(pause_s if waits else None):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def advance(self) -> bool:
        """Go on with everything that is open; say whether something has to wait."""
        self._hindered = waits = False
        for asked in await self._store.read(rows.open_ones):
            try:
                waits = not await self._erase(asked) or waits
            except LATER as error:
                self._hinder(asked, error)
        for done in await self._store.read(rows.untold):
            try:
                await self._told(done)
            except LATER as error:
                self._hinder(done, error)
        if self._lacks_mixes:
            self._lacks_mixes = not await self._spaces.mix()
        return waits or self._hindered or self._lacks_mixes

    async def taken_up(self, room: Room) -> None:
        """Keep nothing of whoever asked in a room that goes on after a restart."""
        for asked in await self._store.read(rows.open_ones):
            if asked.guild_id == room.guild_id:
                await self._spaces.hush(asked, room)

    def _hinder(self, asked: ErasureRow, error: Exception) -> None:
        """Note that something stands in the way, and log it once."""
        self._hindered = True
        why = str(error) if isinstance(error, StoreError) else named(error)
        if self._hindrances.get(asked.id) != why:
            self._hindrances[asked.id] = why
            log.error("erasure %s waits: %s", asked.id, why)

    async def _erase(self, asked: ErasureRow) -> bool:
        """Erase everything that can be erased now; say whether that was all."""
        waits = purges = False
        for one, over in await self._spaces.held(asked):
            try:
                step = await self._spaces.erase(asked, one, over=over)
            except LATER as error:
                self._hinder(asked, error)
                step = Step(complete=False)
            self._hindered = self._hindered or step.refused
            waits = waits or not step.complete
            purges = purges or step.changed
        if not waits:
            return await self._finish(asked)
        if purges:
            await self._purge()
        return False

    async def _finish(self, asked: ErasureRow) -> bool:
        """Erase what is of no Space; say whether the bytes of it all are gone, too."""
        store, user_id = self._store, asked.user_id
        plans = await store.read(
            lambda db: guild.reminded_of(db, asked.guild_id, user_id)
        )
        stand_in, now = draw(), self._house.clock.now()
        await store.write(lambda db: guild.erase(db, asked, stand_in, now))
        for plan_id in plans:
            await self._changed(plan_id)
        if not await self._purge():
            return False
        await store.write(lambda db: rows.finish(db, asked.id, self._house.clock.now()))
        self._spaces.done(asked)
        self._lacks_mixes = True
        log.info("guild %s: erasure %s is done", asked.guild_id, asked.id)
        return True

    async def _purge(self) -> bool:
        """Purge the record, if others had it for long enough; say whether it was."""
        clock = self._house.clock
        begun = clock.now()
        if begun < self._rests_until:
            return False
        await self._store.purge()
        now = clock.now()
        self._rests_until = now + REST * (now - begun)
        return True

    async def _told(self, done: ErasureRow) -> None:
        if self._tell is None:
            return
        await self._tell(done)
        now = self._house.clock.now()
        await self._store.write(lambda db: rows.told(db, done.id, now))
