"""The clockwork: every message exactly once, over crashes, moves and late starts."""

import asyncio
import random
from dataclasses import replace
from datetime import date, time

import pytest

from moderation.store import plans as plan_rows
from moderation.store import sends as ledger
from moderation.store.database import Store, StoreError
from scheduler.clockwork import records, series
from scheduler.clockwork.clockwork import UNFOLD_S, Clockwork
from scheduler.clockwork.deliveries import UndeliverableError, nonce
from scheduler.clockwork.reminding import Reminding, Turning
from scheduler.clockwork.series import PlannedSeries
from scheduler.occurrences import Frequency, Recurrence, Series
from scheduler.plans import PlanState, cancel
from scheduler.reminders import Kind, Place, Wish
from scheduler.sends import Timing
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

START = 1_800_000_000.0
ANA, BEN, HOST = 7, 8, 3
PLAN = tea(START, host_id=HOST, post_channel_id=5)


class Crash(BaseException):
    """The process dies here."""


class World:
    """What there is outside of the process: the clock, and Discord's channels."""

    def __init__(self, now):
        self.now = now
        self.messages = {}
        self.notices = []
        self.started = []
        self.missed_plans = []
        self.closed = set()
        self.fail = False
        self.crash = lambda: None

    async def deliver(self, notice):
        self.crash()
        if notice.send.kind == Kind.START:
            self.started.append(notice.plan.id)
        if notice.send.kind == Kind.MISSED:
            self.missed_plans.append(notice.plan.id)
        if self.fail:
            raise ConnectionError
        if self.closed & set(notice.send.user_ids):
            raise UndeliverableError("closed")
        assert notice.nonce not in self.messages, "sent twice"
        self.messages[notice.nonce] = len(self.messages) + 1
        if notice.send.kind not in (Kind.START, Kind.MISSED):
            self.notices.append(notice)
        self.crash()
        return self.messages[notice.nonce]

    async def find(self, notice, claimed_at):
        return self.messages.get(notice.nonce)


class Bot:
    """One life of the process after another, on one record and one world."""

    def __init__(self, store, world):
        self.store = store
        self.world = world
        self.settings = SchedulerSettings()
        self.clockwork = None

    def make(self):
        sources = [
            Reminding(self.world, self.settings),
            Turning(self.store, self.world, self.settings),
        ]
        return Clockwork(self.store, sources, lambda: self.world.now, self.settings)

    async def boot(self):
        self.clockwork = self.make()
        await self.clockwork.load()

    async def plan(self, plan=PLAN, *wishes):
        kept = await self.store.write(lambda db: records.keep(db, plan))
        for wish in wishes:
            await self.store.write(lambda db, w=wish: records.wish(db, kept.id, w))
        await self.clockwork.changed(kept.id)
        return kept

    async def at(self, *seconds):
        for second in seconds:
            self.world.now = START + second
            await self.clockwork.tick()

    async def states(self, plan):
        rows = await self.store.read(lambda db: ledger.of_plan(db, plan.id))
        return {(row.kind, row.due_at - START): row.state for row in rows}


def simulate(story, at=-86400):
    async def run():
        async with Store(":memory:") as store:
            bot = Bot(store, World(START + at))
            await bot.boot()
            return await story(bot)

    return asyncio.run(run())


def heard(bot):
    return [
        (n.send.kind, bot_time(n), n.send.user_ids, n.timing) for n in bot.world.notices
    ]


def bot_time(notice):
    return notice.send.due_at - START


def test_everybody_is_reminded_when_they_asked():
    """Members at their offsets, the host at theirs, then it is time to open."""

    async def story(bot):
        plan = await bot.plan(PLAN, Wish(ANA, 600), Wish(BEN, 600, Place.DM))
        await bot.at(-1800, -600, -599, 0)
        assert heard(bot) == [
            (Kind.HOST, -1800, (HOST,), Timing.ON_TIME),
            (Kind.DIRECT, -600, (BEN,), Timing.ON_TIME),
            (Kind.MEMBERS, -600, (ANA,), Timing.ON_TIME),
            (Kind.HOST, 0, (HOST,), Timing.ON_TIME),
        ]
        assert bot.world.started == [plan.id]
        assert set((await bot.states(plan)).values()) == {"sent"}

    simulate(story)


def test_restart_neither_doubles_nor_loses():
    """A new process on the same record goes on where the last one was."""

    async def story(bot):
        await bot.plan(PLAN, Wish(ANA, 600))
        await bot.at(-1800)
        await bot.boot()
        await bot.at(-1799, -600)
        await bot.boot()
        await bot.at(-500, 0)
        assert [bot_time(n) for n in bot.world.notices] == [-1800, -600, 0]

    simulate(story)


def test_late_bot_says_how_late_it_is():
    """Back four minutes after the start: one message each, marked late."""

    async def story(bot):
        plan = await bot.plan(PLAN, Wish(ANA, 3600), Wish(ANA, 600))
        await bot.at(240)
        assert heard(bot) == [
            (Kind.HOST, 0, (HOST,), Timing.LATE),
            (Kind.MEMBERS, -600, (ANA,), Timing.LATE),
        ] or heard(bot) == [
            (Kind.MEMBERS, -600, (ANA,), Timing.LATE),
            (Kind.HOST, 0, (HOST,), Timing.LATE),
        ]
        states = await bot.states(plan)
        assert states["members", -3600] == "dropped"
        assert states["host", -1800] == "dropped"

    simulate(story)


def test_too_late_is_dropped_and_the_plan_is_missed():
    """A reminder an hour after the start helps nobody; the plan is over."""

    async def story(bot):
        plan = await bot.plan(PLAN, Wish(ANA, 600))
        await bot.at(3600)
        assert (heard(bot), bot.world.started) == ([], [])
        assert bot.world.missed_plans == [plan.id]
        kept = await bot.store.read(lambda db: records.get(db, plan.id))
        assert kept.state is PlanState.MISSED

    simulate(story)


@pytest.mark.parametrize("change", ["cancelled", "moved", "opened"])
def test_changed_plan_is_quiet_at_its_old_time(change):
    """Nobody is reminded of what is not going to be then."""

    async def story(bot):
        plan = await bot.plan(PLAN, Wish(ANA, 600))
        after = {
            "cancelled": cancel(plan, "ill"),
            "moved": replace(plan, starts_at=START + 86400),
            "opened": replace(plan, state=PlanState.OPENED),
        }[change]
        await bot.plan(after)
        await bot.at(-1800, -600, 0, 900)
        assert heard(bot) == []
        assert bot.world.missed_plans == []
        if change == "moved":
            await bot.at(86400 - 600, 86400)
            assert [bot_time(n) for n in bot.world.notices][-1] == 86400

    simulate(story)


def test_what_fails_for_the_moment_is_tried_again():
    """No route to Discord for a minute costs a minute, not the reminder."""

    async def story(bot):
        plan = await bot.plan(PLAN, Wish(ANA, 600))
        bot.world.fail = True
        await bot.at(-1800)
        assert (await bot.states(plan))["host", -1800] == "claimed"
        bot.world.fail = False
        await bot.at(-1770)
        assert [bot_time(n) for n in bot.world.notices] == [-1800]

    simulate(story)


def test_what_discord_keeps_waiting_holds_up_nothing_else():
    """A limit on private messages may last for minutes: it is time all the same."""

    async def story(bot):
        plan = await bot.plan(PLAN, *(Wish(n, 600, Place.DM) for n in range(20, 40)))
        asked, free, deliver = asyncio.Event(), asyncio.Event(), bot.world.deliver

        async def slowly(notice):
            if notice.send.kind == Kind.DIRECT:
                asked.set()
                await free.wait()
            return await deliver(notice)

        bot.world.deliver = slowly
        await bot.boot()
        await bot.at(-1800)
        bot.world.now = START - 600
        waiting = asyncio.create_task(bot.clockwork.tick())
        async with asyncio.timeout(10):
            await asked.wait()
            await bot.at(0)
        assert bot.world.started == [plan.id]
        assert not waiting.done()
        free.set()
        await waiting
        await bot.at(30)
        assert len(bot.world.messages) == 23
        assert set((await bot.states(plan)).values()) == {"sent"}

    simulate(story)


def test_what_can_never_arrive_is_not_tried_again():
    """Closed direct messages are noted once, with the reason."""

    async def story(bot):
        plan = await bot.plan(PLAN, Wish(BEN, 600, Place.DM))
        bot.world.closed = {BEN}
        await bot.at(-600, -570, -540)
        rows = await bot.store.read(lambda db: ledger.of_plan(db, plan.id))
        (row,) = [row for row in rows if row.kind == "direct"]
        assert (row.state, row.reason) == ("failed", "closed")

    simulate(story)


@pytest.mark.parametrize("seed", range(20))
def test_kill_at_any_instant_sends_exactly_once(seed):
    """Twenty days with a kill at random instants: each message once, none lost."""
    chance = random.Random(seed)

    def maybe_die():
        if chance.random() < 0.3:
            raise Crash

    async def story(bot):
        wishes = [Wish(ANA, 600), Wish(ANA, 3600), Wish(BEN, 60, Place.DM)]
        plans = [
            await bot.plan(
                replace(PLAN, starts_at=START + day * 86400, channel_id=day), *wishes
            )
            for day in range(20)
        ]
        bot.world.crash = maybe_die
        for minute in range(-120, 20 * 1440, 5):
            bot.world.now = START + minute * 60 + chance.random()
            while True:
                try:
                    await bot.clockwork.tick()
                    break
                except Crash:
                    await bot.boot()
        for plan in plans:
            states = await bot.states(plan)
            assert len(states) == 7
            assert set(states.values()) <= {"sent", "dropped"}
            offset = plan.starts_at - START
            assert states["members", offset - 600] == "sent"
        sent = [row for row in bot.world.notices]
        assert len({n.nonce for n in sent}) == len(sent) == 20 * 5

    simulate(story)


def test_clock_that_jumps_back_sends_nothing_twice():
    """NTP sets the clock back an hour: what was sent stays sent."""

    async def story(bot):
        await bot.plan(PLAN, Wish(ANA, 600))
        await bot.at(-600, -4200, -600, -599)
        assert [
            bot_time(n) for n in bot.world.notices if n.send.kind is Kind.MEMBERS
        ] == [-600]

    simulate(story)


def test_clock_that_was_years_ahead_still_makes_plans_of_series():
    """A machine without a battery starts in 2038, and NTP sets it right."""

    async def story(bot):
        bot.world.now = START + 10 * 365 * 86400
        await bot.boot()
        await bot.at(-86400)
        weekly = Recurrence(Frequency.WEEKLY, time(18), "UTC", date(2027, 1, 15))
        one = PlannedSeries(model=PLAN, series=Series(weekly))
        await bot.store.write(lambda db: series.keep(db, one))
        await bot.at(-86400 + UNFOLD_S)
        assert await bot.store.read(records.live)

    simulate(story)


def test_listeners_catch_up_when_everything_is_rebuilt():
    """A process may have died between keeping a change and telling of it."""

    async def story(bot):
        told = []

        async def changed(plan_id):
            told.append(plan_id)

        async def catch_up():
            told.append("anything else?")

        await bot.plan()
        bot.clockwork = bot.make()
        bot.clockwork.listen(changed, catch_up)
        await bot.clockwork.load()
        assert told == ["anything else?"]
        await bot.clockwork.changed(1)
        assert told == ["anything else?", 1]

    simulate(story)


def test_running_clockwork_wakes_by_itself():
    """The timer of the real scheduler delivers what is due now, and stops cleanly."""

    async def story(bot):
        bot.world.now = START
        bot.clockwork = bot.make()
        arrived = asyncio.Event()
        bot.world.crash = arrived.set
        await bot.store.write(lambda db: records.keep(db, PLAN))
        await bot.clockwork.start()
        async with asyncio.timeout(30):
            await arrived.wait()
        await bot.clockwork.stop()
        assert [n.send.kind for n in bot.world.notices] == [Kind.HOST]

    simulate(story)


def test_plan_survives_the_record():
    """What is read back is what was kept, whatever its fields."""
    plan = replace(
        PLAN,
        id=4,
        agenda=("a", "ñ"),
        zone="Europe/Madrid",
        offsets_min=(5.0,),
        event_id=9,
    )

    assert records.from_row(records.to_row(plan)) == plan
    assert isinstance(records.to_row(plan), plan_rows.PlanRow)


def test_nonce_fits_discord():
    """At most 25 characters, the same for the same key."""
    assert len(nonce("x" * 500)) <= 25
    assert nonce("a") == nonce("a") != nonce("b")


def test_a_plan_that_is_made_while_everything_is_read_is_not_lost():
    """A command may come the moment the bot is ready, before the rows are read."""

    async def story(bot):
        clockwork, first = bot.make(), True
        reads = bot.store.read

        async def read(look):
            nonlocal first
            found = await reads(look)
            if first:
                first = False
                bot.clockwork = clockwork
                await bot.plan()  # after the plans were read
            return found

        bot.store.read = read
        await clockwork.load()
        await bot.at(0)
        return bot.world.started

    assert simulate(story) == [1]


def test_what_cannot_be_claimed_is_due_at_the_next_look():
    """A disk that is full at the minute costs a while, not the reminder."""

    async def story(bot):
        await bot.plan(PLAN, Wish(ANA, 600))
        await bot.at(-1800)

        async def refuse(run):
            raise StoreError("the disk is full")

        write, bot.store.write = bot.store.write, refuse
        with pytest.raises(StoreError):
            await bot.at(-600)
        bot.store.write = write
        await bot.at(-570, -540)
        assert [n.send.kind for n in bot.world.notices].count(Kind.MEMBERS) == 1

    simulate(story)


def test_plan_that_is_called_off_while_its_reminder_is_claimed_is_quiet():
    """The claim takes as long as the disk does; somebody may be quicker."""

    async def story(bot):
        plan = await bot.plan(PLAN, Wish(ANA, 600))
        await bot.at(-1800)
        write = bot.store.write

        async def slow(run):
            bot.store.write = write
            claimed = await write(run)
            await bot.plan(cancel(plan, "ill"))
            return claimed

        bot.store.write = slow
        await bot.at(-600)
        assert [bot_time(n) for n in bot.world.notices] == [-1800]
        assert (await bot.states(plan))["members", -600] == "dropped"

    simulate(story)


@pytest.mark.parametrize(
    "after", [{"state": PlanState.OPENED}, {"starts_at": START + 9e3}]
)
def test_plan_that_has_just_changed_is_not_missed(after):
    """Its row says so before the clockwork has heard of it."""

    async def story(bot):
        plan = await bot.plan()
        changed = replace(plan, **after)
        await bot.store.write(lambda db: records.keep(db, changed))
        await bot.at(3600)
        assert bot.world.missed_plans == []
        assert await bot.store.read(lambda db: records.get(db, plan.id)) == changed

    simulate(story)


def test_an_older_reading_of_a_plan_does_not_come_last():
    """Two threads read: the one that began first may end last."""

    async def story(bot):
        plan = await bot.plan()
        reads, gate = bot.store.read, asyncio.Event()

        async def slow(run):
            bot.store.read = reads
            found = await reads(run)
            await gate.wait()
            return found

        bot.store.read = slow
        first = asyncio.create_task(bot.clockwork.changed(plan.id))
        await asyncio.sleep(0)
        later = replace(plan, starts_at=START + 9e3)
        await bot.store.write(lambda db: records.keep(db, later))
        second = asyncio.create_task(bot.clockwork.changed(plan.id))
        for _ in range(3):
            await bot.store.read(lambda db: None)
        gate.set()
        await asyncio.gather(first, second)
        assert bot.clockwork.next_at() == START + 9e3 - 1800

    simulate(story)


def test_a_start_that_broke_off_leaves_no_second_alarm():
    """The disk is full at the start, and it is tried until there is room."""

    async def story(bot):
        await bot.plan()
        bot.world.now = START
        write = bot.store.write

        clockwork = bot.make()
        load = clockwork.load

        async def load_then_full():
            await load()
            bot.store.write = refuse

        async def refuse(run):
            raise StoreError("the disk is full")

        clockwork.load = load_then_full
        for _ in range(2):
            bot.store.write = write
            with pytest.raises(StoreError):
                await clockwork.start()
        bot.store.write, clockwork.load = write, load
        await clockwork.start()
        await asyncio.sleep(0)
        names = [task.get_name() for task in asyncio.all_tasks()]
        await clockwork.stop()
        assert names.count("clockwork-look") == 1

    simulate(story)
