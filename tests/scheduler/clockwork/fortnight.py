"""A fortnight in seconds: a world that can kill the bot at any instant of its work.

``Fortnight`` runs one process after another on one record: a clockwork and a
dispatch, as the bot has them. ``acts`` is what people do, by minute. An act may be
cut off by a kill as well and is then done again, as people do.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from moderation.store.database import Store
from scheduler.clockwork.clockwork import Clockwork
from scheduler.clockwork.deliveries import Notice
from scheduler.clockwork.dispatch import Dispatch
from scheduler.clockwork.errand_records import Choices
from scheduler.clockwork.outbound import Done, Going
from scheduler.clockwork.reminding import Reminding, Turning
from scheduler.errands import ErrandKind
from scheduler.settings import SchedulerSettings

MADRID = ZoneInfo("Europe/Madrid")
MINUTES = 14 * 1440


class Kill(BaseException):
    """``kill -9``: nothing of the process gets to say goodbye."""


@dataclass
class World:
    """Discord and outside tools, the clock, and when the bot is killed."""

    now: float
    kills: frozenset[int] = frozenset()
    """Which instants, counted from the start; each kills once."""

    instants: int = 0
    killed: int = 0
    dead: bool = False
    """Between a kill and the next boot: nothing gets out any more."""

    arrived: Counter[str] = field(default_factory=Counter)
    """By nonce, how often: messages, posts, and calls that a tool took for new."""

    shows: dict[int, str] = field(default_factory=dict)
    """What each announcement says now, by message."""

    heard: list[tuple[str, str, tuple[int, ...], str]] = field(default_factory=list)
    """What, when on the wall in Madrid, who is named, how late; of errands: what,
    when, of which plan and to whom or where, which step."""

    def instant(self) -> None:
        """Die here, if it is time to."""
        if self.dead:
            raise Kill
        self.instants += 1
        if self.instants in self.kills:
            self.killed, self.dead = self.killed + 1, True
            raise Kill

    async def deliver(self, notice: Notice) -> int:
        """Take a message; the process may die before and after."""
        self.instant()
        self.arrived[notice.nonce] += 1
        send = notice.send
        self._hear(str(send.kind), send.user_ids, notice.timing.value)
        self.instant()
        return _id(notice.nonce)

    async def find(self, notice: Notice, claimed_at: float) -> int | None:
        """Look through what there is; the process may die before."""
        self.instant()
        return _id(notice.nonce) if self.arrived[notice.nonce] else None

    def errands(self) -> "Errands":
        """Return the way out for errands."""
        return Errands(self)

    def _hear(self, what: str, whom: tuple[int, ...], how: str) -> None:
        wall = datetime.fromtimestamp(self.now, MADRID)
        self.heard.append((what, f"{wall:%m-%d %H:%M}", whom, how))


class Errands:
    """Channels, guests and tools of a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def deliver(self, going: Going) -> Done:
        """Take an errand; the process may die before and after."""
        world, errand = self._world, going.errand
        world.instant()
        kind, whom = errand.kind.value, (errand.plan_id, errand.target)
        if errand.kind is ErrandKind.EDIT:
            # The same words once more change nothing that anybody sees.
            says = f"{errand.step} {errand.starts_at:.0f}"
            if world.shows[errand.message_id] != says:
                world.shows[errand.message_id] = says
                world._hear(kind, whom, errand.step)
        elif errand.kind is ErrandKind.HOOK and world.arrived[going.nonce]:
            pass  # the tool knows the key
        else:
            world.arrived[going.nonce] += 1
            world._hear(kind, whom, errand.step)
            if errand.kind is ErrandKind.ANNOUNCE:
                world.shows[_id(going.nonce)] = "as sent"
        world.instant()
        return Done(_id(going.nonce))

    async def find(self, going: Going, claimed_at: float) -> Done | None:
        """Look through channels and private messages."""
        self._world.instant()
        if going.errand.kind in (ErrandKind.EDIT, ErrandKind.HOOK):
            return None
        there = self._world.arrived[going.nonce]
        return Done(_id(going.nonce)) if there else None


@dataclass
class Fortnight:
    """Fourteen days of one bot, which may die and come back within them."""

    world: World
    acts: Mapping[int, Callable[[Store], Awaitable[Iterable[int]]]]
    """By minute: what is done, and which plans it changed."""

    settings: SchedulerSettings

    async def run(self, store: Store) -> None:
        """Live through it, minute by minute, booting after each kill."""
        begin = self.world.now
        clockwork, dispatch = await self._boot(store)
        for minute in range(MINUTES):
            self.world.now = begin + 60 * minute
            done = False
            while True:
                try:
                    if minute in self.acts and not done:
                        changed = await self.acts[minute](store)
                        done = True
                        self.world.instant()  # written down, and nobody told yet
                        for plan_id in changed:
                            await clockwork.changed(plan_id)
                    await clockwork.tick()
                    await dispatch.tick()
                    await dispatch.settled()
                    break
                except Kill:
                    await _bury()
                    clockwork, dispatch = await self._boot(store)

    async def _boot(self, store: Store) -> tuple[Clockwork, Dispatch]:
        world, settings = self.world, self.settings
        world.dead = False
        sources = [Reminding(world, settings), Turning(store, world, settings)]
        clockwork = Clockwork(store, sources, lambda: world.now, settings)
        dispatch = Dispatch(store, world.errands(), lambda: world.now, Choices())
        clockwork.listen(dispatch.changed)
        await clockwork.load()
        await dispatch.load()
        return clockwork, dispatch


async def _bury() -> None:
    """Let nothing go on that the dead process had begun."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _id(nonce: str) -> int:
    return int(nonce[:12], 16)
