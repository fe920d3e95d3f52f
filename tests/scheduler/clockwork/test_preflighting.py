"""Go/no-go cards in the clockwork: one for each start, over crashes and moves."""

import asyncio

import pytest

from moderation.store import sends as ledger
from moderation.store.database import Store
from scheduler.clockwork import records
from scheduler.clockwork.clockwork import Clockwork
from scheduler.clockwork.preflighting import Preflighting
from scheduler.plans import cancel, move
from scheduler.preflight.settings import PreflightSettings
from scheduler.sends import Timing
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

START = 1_800_000_000.0
PLAN = tea(START)


class Crash(BaseException):
    """The process dies here."""


class Post:
    """Where the cards go; may die before or after one got there."""

    def __init__(self):
        self.cards = []
        self.dies = ""

    async def deliver(self, notice):
        if self.dies == "before":
            raise Crash
        assert notice.nonce not in [one.nonce for one in self.cards], "sent twice"
        self.cards.append(notice)
        if self.dies == "after":
            raise Crash
        return len(self.cards)

    async def find(self, notice, claimed_at):
        nonces = [one.nonce for one in self.cards]
        return nonces.index(notice.nonce) + 1 if notice.nonce in nonces else None


class Bot:
    """One process after another on one record."""

    def __init__(self, store):
        self.store = store
        self.post = Post()
        self.now = START - 7200

    async def boot(self):
        source = Preflighting(self.post, PreflightSettings())
        settings = SchedulerSettings()
        self.clockwork = Clockwork(self.store, [source], lambda: self.now, settings)
        await self.clockwork.load()

    async def keep(self, plan):
        kept = await self.store.write(lambda db: records.keep(db, plan))
        await self.clockwork.changed(kept.id)
        return kept

    async def at(self, second):
        self.now = START + second
        await self.clockwork.tick()

    async def states(self):
        rows = await self.store.read(lambda db: ledger.of_plan(db, 1))
        return [row.state for row in rows]


def simulate(story):
    async def run():
        async with Store(":memory:") as store:
            bot = Bot(store)
            await bot.boot()
            await story(bot)
            return bot.post.cards

    return asyncio.run(run())


def test_the_card_comes_once_and_on_time():
    """Not before, and not again."""

    async def story(bot):
        await bot.keep(PLAN)
        for second in (-901, -900, -870, -300, 0):
            await bot.at(second)
        assert await bot.states() == ["sent"]

    (notice,) = simulate(story)
    assert notice.timing is Timing.ON_TIME


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_kill_neither_loses_nor_doubles_it(dies):
    """The next process looks for what the last one claimed."""

    async def story(bot):
        await bot.keep(PLAN)
        bot.post.dies = dies
        with pytest.raises(Crash):
            await bot.at(-900)
        bot.post.dies = ""
        await bot.boot()
        await bot.at(-840)
        await bot.at(-810)
        assert await bot.states() == ["sent"]

    assert len(simulate(story)) == 1


def test_a_plan_made_five_minutes_ahead_gets_it_at_once():
    """There is no other moment for it."""

    async def story(bot):
        bot.now = START - 300
        await bot.keep(PLAN)
        await bot.at(-299)

    (notice,) = simulate(story)
    assert notice.timing is Timing.LATE


def test_after_the_start_it_is_dropped():
    """The bot was off until then; the opening says what the Space lacks."""

    async def story(bot):
        await bot.keep(PLAN)
        await bot.at(1)
        assert await bot.states() == ["dropped"]

    assert simulate(story) == []


def test_a_plan_that_is_moved_after_its_card_gets_another():
    """Each start has its own."""

    async def story(bot):
        kept = await bot.keep(PLAN)
        await bot.at(-900)
        await bot.keep(move(kept, START + 3600))
        await bot.at(0)
        await bot.at(2700)

    first, second = simulate(story)
    assert (first.plan.starts_at, second.plan.starts_at) == (START, START + 3600)


def test_a_plan_cancelled_while_its_card_hung_gets_none():
    """What was claimed and not sent is dropped when its reason is gone."""

    async def story(bot):
        kept = await bot.keep(PLAN)
        bot.post.dies = "before"
        with pytest.raises(Crash):
            await bot.at(-900)
        bot.post.dies = ""
        await bot.boot()
        await bot.keep(cancel(kept, "flu"))
        await bot.at(-600)
        assert await bot.states() == ["dropped"]

    assert simulate(story) == []
