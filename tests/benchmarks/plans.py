"""The scheduler with 10,000 plans and 50,000 reminders due: start, lateness, memory."""

import asyncio
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlite_utils import Database

from moderation.store.database import Store
from scheduler.clockwork import records
from scheduler.clockwork.clockwork import Clockwork
from scheduler.clockwork.deliveries import Notice, Source
from scheduler.clockwork.reminding import Reminding, Turning
from scheduler.plans import Plan
from scheduler.reminders import Wish
from scheduler.settings import SchedulerSettings
from tests.figures import Figure

PLANS, WISHES = 10_000, 5
START = 1_800_000_000.0
SPREAD_S = 3600.0
"""The plans start within an hour of one another."""

SETTINGS = SchedulerSettings(host_offsets_min=())


class World:
    """A Discord that takes everything at once, and a clock that is told."""

    def __init__(self) -> None:
        self.now = START - 86400
        self.reached: Counter[tuple[int, int, float]] = Counter()
        self.late: list[float] = []

    async def deliver(self, notice: Notice) -> int:
        """Take a message and note how late it came, in real time as well."""
        self.late.append(self.now - notice.send.due_at)
        for user_id in notice.send.user_ids:
            about = notice.plan.id, user_id, notice.send.due_at
            self.reached[about] += 1
        return len(self.late)

    async def find(self, notice: Notice, claimed_at: float) -> None:
        """Nothing was lost on the way."""


def fill(db: Database) -> None:
    """Write the plans, each in a channel of its own, and the wishes."""
    for n in range(PLANS):
        plan = Plan(
            guild_id=n,
            channel_id=n,
            host_id=n,
            topic="Tea",
            starts_at=START + SPREAD_S * n / PLANS,
            minutes=60,
            post_channel_id=n,
        )
        kept = records.keep(db, plan)
        for user_id in range(WISHES):
            records.wish(db, kept.id, Wish(user_id, 60.0 * (user_id + 1)))


def clockwork_of(store: Store, world: World) -> Clockwork:
    """Return a clockwork with the sources that every plan has."""
    sources: list[Source] = [
        Reminding(world, SETTINGS),
        Turning(store, world, SETTINGS),
    ]
    return Clockwork(store, sources, lambda: world.now, SETTINGS)


async def measure(path: Path) -> Iterator[Figure]:
    """Start on a full record, run through the hour, count what arrived."""
    world = World()
    async with Store(path) as store:
        await store.write(fill)
        begin = time.perf_counter()
        await clockwork_of(store, world).load()
        startup = time.perf_counter() - begin
        tracemalloc.start()  # makes everything slower: after the clock was read
        clockwork = clockwork_of(store, world)
        await clockwork.load()
        used, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        world.now = START - 60.0 * WISHES
        while world.now < START + SPREAD_S:
            real = time.perf_counter()
            await clockwork.tick()
            # What the work took goes by on the simulated clock, too.
            world.now += max(0.5, time.perf_counter() - real)
    sent = [n for (_, _, _), n in world.reached.items()]
    return iter(
        [
            Figure("plans.startup_s", startup, "s", "lower", 2.0, n=PLANS),
            Figure(
                "plans.lateness_p99_s",
                float(np.quantile(world.late, 0.99)),
                "s",
                "lower",
                1.0,
                n=len(world.late),
            ),
            Figure("plans.memory_mb", used / 1e6, "MB", "lower", 100.0, n=PLANS),
            Figure(
                "plans.lost", PLANS * WISHES - len(sent), "", "lower", 0.0, n=len(sent)
            ),
            Figure(
                "plans.doubled", sum(sent) - len(sent), "", "lower", 0.0, n=len(sent)
            ),
        ]
    )


def figures() -> Iterator[Figure]:
    """Measure on a file, as it would be."""
    with TemporaryDirectory() as folder:
        yield from asyncio.run(measure(Path(folder) / "plans.db"))
