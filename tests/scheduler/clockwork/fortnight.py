"""A fortnight in seconds: a world that can kill the bot at any instant of its work.

``Fortnight`` runs one process after another on one record. Give it more sources and
acts to have their sends in it: ``sources(store, world)`` makes what the clockwork is
given at each boot, ``acts`` is what people do, by minute. An act may be cut off by a
kill as well and is then done again, as people do.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from moderation.store.database import Store
from scheduler.clockwork.clockwork import Clockwork
from scheduler.clockwork.deliveries import Notice, Source
from scheduler.settings import SchedulerSettings

MADRID = ZoneInfo("Europe/Madrid")
MINUTES = 14 * 1440


class Kill(BaseException):
    """``kill -9``: nothing of the process gets to say goodbye."""


@dataclass
class World:
    """Discord's channels, the clock, and the instants at which the bot is killed."""

    now: float
    kills: frozenset[int] = frozenset()
    """Which instants, counted from the start; each kills once."""

    instants: int = 0
    killed: int = 0
    messages: dict[str, int] = field(default_factory=dict)
    """By nonce."""

    heard: list[tuple[str, str, tuple[int, ...], str]] = field(default_factory=list)
    """Kind, when on the wall in Madrid, whom, how late."""

    def instant(self) -> None:
        """Die here, if it is time to."""
        self.instants += 1
        if self.instants in self.kills:
            self.killed += 1
            raise Kill

    async def deliver(self, notice: Notice) -> int:
        """Take a message; the process may die before and after."""
        self.instant()
        self.messages[notice.nonce] = self.messages.get(notice.nonce, 0) + 1
        wall = datetime.fromtimestamp(self.now, MADRID)
        send = notice.send
        self.heard.append(
            (str(send.kind), f"{wall:%m-%d %H:%M}", send.user_ids, notice.timing.value)
        )
        self.instant()
        return len(self.heard)

    async def find(self, notice: Notice, claimed_at: float) -> int | None:
        """Look through what there is; the process may die before."""
        self.instant()
        return self.messages.get(notice.nonce)


@dataclass
class Fortnight:
    """Fourteen days of one bot, which may die and come back within them."""

    world: World
    sources: Callable[[Store, World], Sequence[Source]]
    acts: Mapping[int, Callable[[Store], Awaitable[Iterable[int]]]]
    """By minute: what is done, and which plans it changed."""

    settings: SchedulerSettings

    async def run(self, store: Store) -> None:
        """Live through it, minute by minute, booting after each kill."""
        begin = self.world.now
        clockwork = await self._boot(store)
        for minute in range(MINUTES):
            self.world.now = begin + 60 * minute
            done: set[str] = set()
            while True:
                try:
                    if minute in self.acts and "act" not in done:
                        changed = await self.acts[minute](store)
                        done.add("act")
                        self.world.instant()  # written down, and nobody told yet
                        for plan_id in changed:
                            await clockwork.changed(plan_id)
                    await clockwork.tick()
                    break
                except Kill:
                    clockwork = await self._boot(store)

    async def _boot(self, store: Store) -> Clockwork:
        clockwork = Clockwork(
            store,
            self.sources(store, self.world),
            lambda: self.world.now,
            self.settings,
        )
        await clockwork.load()
        return clockwork
