"""Stories of a plan that opens by itself: a real record, a Discord that can kill."""

import asyncio
from dataclasses import dataclass, field

from bot.afterwards.passes import note_unbegun
from bot.autostart.autostart import AutoStart
from bot.planning.deeds import Asker
from bot.planning.planner import Planner
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from moderation.store import journal, spaces
from moderation.store import sends as ledger
from moderation.store.database import Store
from moderation.store.spaces import NewSpace
from scheduler.clockwork import becoming, records
from scheduler.clockwork.clockwork import Clockwork
from scheduler.clockwork.deliveries import UndeliverableError
from scheduler.clockwork.reminding import Turning
from scheduler.plans import PlanState
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

START = 1_800_000_000.0
MINUTE = 60.0
HOST, ANA, BEN, EVA = 3, 7, 8, 9
SETTINGS = SchedulerSettings()
WORDS = Wording(load())
PLAN = tea(START, host_id=HOST, post_channel_id=5, auto_start=True, absent="cancel")
COHOSTS = {"cohost_ids": (ANA, BEN)}


class Kill(BaseException):
    """``kill -9``: nothing of the process gets to say goodbye."""


@dataclass
class World:
    """Discord as it is for one plan: who is where, and what was posted."""

    now: float = START - MINUTE
    here: set[int] = field(default_factory=set)
    refusal: Exception | None = None
    posts: dict[int, list[str]] = field(default_factory=dict)
    """What each post said, one after another."""

    nonces: dict[str, int] = field(default_factory=dict)
    told: list[tuple[int, str]] = field(default_factory=list)
    no_place: bool = False
    network_gone: bool = False
    slow: asyncio.Event | None = None
    """Set when an opening may go on."""

    meanwhile: object = None
    """What somebody does while the last opening is tried."""

    others: list[str] = field(default_factory=list)
    """Kinds of what is said besides."""

    kill_at: int = 0
    instants: int = 0

    def instant(self):
        """Die here, if it is time to."""
        self.instants += 1
        if self.instants == self.kill_at:
            raise Kill

    async def send(self, plan, text, nonce, *, waits):
        self.instant()
        if self.no_place:
            raise UndeliverableError("no such channel")
        if self.network_gone:
            raise ConnectionError
        assert nonce not in self.nonces, "posted twice"
        self.nonces[nonce] = len(self.posts) + 1
        self.posts[self.nonces[nonce]] = [text]
        self.instant()
        return self.nonces[nonce]

    async def edit(self, plan, where, text, nonce=""):
        self.instant()
        assert where[0] == plan.post_channel_id
        if self.network_gone:
            raise ConnectionError
        self.posts[where[1]].append(text)
        self.instant()

    async def find(self, plan, nonce, claimed_at):
        self.instant()
        return self.nonces.get(nonce)

    async def tell(self, user_id, text):
        self.told.append((user_id, text))

    async def deliver(self, notice):
        self.others.append(str(notice.send.kind))
        return 1000 + len(self.others)


@dataclass
class Bot:
    """One process after another, on one record and one world."""

    store: Store
    world: World
    clockwork: Clockwork | None = None

    asker = Asker(HOST, 1)

    def now(self):
        return self.world.now

    async def boot(self):
        await self.store.write(lambda db: note_unbegun(db, self.world.now))
        clockwork = Clockwork(
            self.store,
            [Turning(self.store, self.world, SETTINGS)],
            self.now,
            SETTINGS,
        )
        self.planner = Planner(self.store, clockwork, self, SETTINGS)
        self.auto = AutoStart(
            self.store,
            self.planner,
            self,
            self.world,
            self.world.tell,
            WORDS,
            self,
            patience_s=0.05,
        )
        clockwork.add(self.auto)
        clockwork.listen(self.auto.changed, self.auto.catch_up)
        self.clockwork = clockwork
        await clockwork.load()

    def present(self, plan):
        return frozenset(self.world.here)

    async def open(self, plan, host_id):
        """Open as the rooms do: the first write, then the first fact."""
        if self.world.meanwhile is not None and self.now() >= START + 15 * MINUTE:
            await self.world.meanwhile(self)
        if self.world.refusal is not None:
            raise self.world.refusal
        if self.world.slow is not None:
            await self.world.slow.wait()
        self.world.instant()

        def write(db):
            becoming.opened(db, plan.id)
            return spaces.create(
                db,
                NewSpace(
                    guild_id=1,
                    channel_id=2,
                    host_id=host_id,
                    kind="stage",
                    topic=plan.topic,
                    opened_at=self.world.now,
                    plan_id=plan.id,
                ),
            )

        space_id = await self.store.write(write)
        self.world.instant()
        await self.store.write(
            lambda db: journal.append(db, space_id, self.world.now, "SpaceOpened", "{}")
        )
        self.world.instant()
        await self.planner.opened(
            await self.store.read(lambda db: spaces.get(db, space_id))
        )

    async def at(self, minute, act=None):
        """Let time come to a minute after the start, and something happen then."""
        self.world.now = START + minute * MINUTE
        while True:
            try:
                if act is not None:
                    doing, act = act, None
                    await doing(self)
                await self.clockwork.tick()
                await self.clockwork.tick()  # the timer that is due at once
                return
            except Kill:
                await self.boot()

    async def plan(self):
        return await self.store.read(lambda db: records.get(db, 1))


@dataclass
class Outcome:
    """What there is in the end."""

    state: PlanState
    hosts: list[int]
    """Of the Spaces that began."""

    last: list[str]
    """What the posts say now."""

    reason: str
    told: list[tuple[int, str]]
    world: World
    unsettled: int


def simulate(plan, story, kill_at=0, **outside):
    """Live through a story of ``(minute, act)`` and return what it came to."""

    async def main():
        async with Store(":memory:") as store:
            world = World(kill_at=kill_at, **outside)
            bot = Bot(store, world)
            await store.write(lambda db: records.keep(db, plan))
            await bot.boot()
            for minute, act in story:
                await bot.at(minute, act)
            await bot.auto.stop()
            after = await bot.plan()
            rows = await store.read(lambda db: spaces.recent(db, 1))
            began = [
                row.host_id
                for row in rows
                if await store.read(lambda db, row=row: journal.count(db, row.id))
            ]
            left = await store.read(ledger.unsettled)
            return Outcome(
                after.state,
                began,
                [said[-1] for said in world.posts.values()],
                after.reason,
                world.told,
                world,
                len(left),
            )

    return asyncio.run(main())


def come(*user_ids):
    """Let people come in, and Discord say so."""

    async def act(bot):
        bot.world.here |= set(user_ids)
        await bot.auto.came(1, 2)

    return act


async def cancel(bot):
    await bot.planner.cancel(1, bot.asker, "ill")


async def move(bot):
    await bot.planner.edit(1, bot.asker, {"starts_at": START + 40 * MINUTE})


async def free(bot):
    bot.world.refusal = None
