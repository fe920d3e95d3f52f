"""Native events beside the rows: once, both ways, and over trouble and crashes."""

import asyncio
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from bot.clock import ManualClock
from bot.planning.deeds import Asker
from bot.planning.eventport import EventRefusedError
from bot.planning.events import NativeEvents
from bot.planning.mirror import MOST_OPEN, Seen, Status
from bot.planning.planner import Planner
from bot.planning.repeating import NativeSeries
from bot.planning.telling import HostTeller
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from moderation.store.database import Store
from scheduler.clockwork import becoming, records, series
from scheduler.clockwork.clockwork import Clockwork
from scheduler.plans import PlanState
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

NOW = 1_800_000_000.0
HOUR = 3600.0
PLAN = tea(NOW + HOUR)
HOST = Asker(3, 1)


class Crash(BaseException):
    """The process dies here."""


class Guild:
    """The events of a guild."""

    def __init__(self):
        self.events = {}
        self.refusal = None
        self.crash = False
        self.calls = []

    def note(self, call):
        self.calls.append(call)
        if self.refusal and call != "read":
            raise EventRefusedError(self.refusal)

    async def listed(self, guild_id):
        self.note("read")
        return list(self.events.values())

    async def fetch(self, guild_id, event_id):
        self.note("read")
        return self.events.get(event_id)

    async def create(self, guild_id, shape, description):
        self.note("create")
        event_id = 100 + len(self.events)
        self.events[event_id] = Seen(
            event_id, shape, Status.SCHEDULED, description, own=True
        )
        if self.crash:
            raise Crash
        return self.events[event_id]

    async def change(self, guild_id, event_id, shape, description):
        self.note("change")
        self.events[event_id] = replace(
            self.events[event_id], shape=shape, description=description
        )

    async def turn(self, guild_id, event_id, status):
        self.note("turn")
        self.events[event_id] = replace(self.events[event_id], status=status)

    def by_hand(self, event_id, **fields):
        seen = self.events[event_id]
        self.events[event_id] = replace(seen, shape=replace(seen.shape, **fields))

    def writes(self):
        return [call for call in self.calls if call != "read"]


class Bot:
    """A planner and its events, on one record."""

    def __init__(self, store, guild):
        self.clock = ManualClock(NOW)
        self.store, self.guild, self.told = store, guild, []
        settings = SchedulerSettings()
        clockwork = Clockwork(store, [], self.clock.now, settings)
        self.planner = Planner(store, clockwork, self.clock, settings)
        words = Wording(load())
        teller = HostTeller(self.tell, words, self.clock)
        repeated = NativeSeries(store, self.planner, guild, teller, words, self.clock)
        self.events = NativeEvents(
            store, self.planner, guild, repeated, teller, words, self.clock
        )

    async def tell(self, user_id, text):
        self.told.append((user_id, text))

    async def schedule(self, **fields):
        (plan,) = await self.planner.schedule(replace(PLAN, **fields))
        await self.events.tend(plan.id)
        return await self.plan(plan.id)

    async def plan(self, plan_id):
        return await self.store.read(lambda db: records.get(db, plan_id))

    async def touch(self, plan):
        """Let Discord say that the plan's event has changed."""
        await self.events.touched(plan.event_id)
        await self.events.tend(plan.id)


def play(scene):
    async def main():
        async with Store(":memory:") as store:
            await scene(Bot(store, Guild()))

    asyncio.run(main())


def test_a_plan_and_its_event_live_and_end_together():
    """Made, renamed, started and completed: one call each, none for a reminder."""

    async def scene(bot):
        plan = await bot.schedule(agenda=("x" * 2000,))
        (made,) = bot.guild.events.values()
        assert (made.shape.name, made.shape.starts_at) == ("Tea", NOW + HOUR)
        assert len(made.description) <= 1000
        await bot.planner.edit(plan.id, HOST, {"topic": "Coffee"})
        await bot.events.tend(plan.id)
        assert bot.guild.events[plan.event_id].shape.name == "Coffee"
        bot.clock.advance(HOUR)
        for turned, status in [
            (becoming.opened, Status.ACTIVE),
            (partial(becoming.ended, began=True), Status.COMPLETED),
        ]:
            await bot.store.write(lambda db, turned=turned: turned(db, plan.id))
            await bot.events.tend(plan.id)
            assert bot.guild.events[plan.event_id].status is status
        before = len(bot.guild.calls)
        await bot.events.tend(plan.id)
        assert bot.guild.calls[before:] == []
        assert bot.guild.writes() == ["create", "change", "turn", "turn"]

    play(scene)


def test_an_event_tells_the_agenda_that_there_is_now():
    """One call; what somebody wrote there by hand is left alone."""

    async def scene(bot):
        plan = await bot.schedule(agenda=("Welcome",))
        for agenda in (("Welcome", "Questions"), ()):
            await bot.planner.edit(plan.id, HOST, {"agenda": agenda})
            await bot.events.tend(plan.id)
            told = bot.guild.events[plan.event_id].description
            assert ("• Questions" in told) == bool(agenda)
            assert told.endswith("tertulia:1")
        await bot.events.look()
        assert bot.guild.writes() == ["create", "change", "change"]
        own = f"Bring your own cups!\n{told}"
        seen = bot.guild.events[plan.event_id]
        bot.guild.events[plan.event_id] = replace(seen, description=own)
        await bot.planner.edit(plan.id, HOST, {"agenda": ("Cups",)})
        await bot.touch(plan)
        await bot.events.look()
        assert bot.guild.events[plan.event_id].description == own
        later = {"starts_at": NOW + 2 * HOUR, "topic": "Coffee"}
        await bot.planner.edit(plan.id, HOST, later)
        await bot.events.tend(plan.id)
        seen = bot.guild.events[plan.event_id]
        assert (seen.shape.name, seen.shape.starts_at) == ("Coffee", NOW + 2 * HOUR)
        assert seen.description == own

    play(scene)


def test_a_long_agenda_is_cut_between_its_items():
    """And the event still follows it."""

    async def scene(bot):
        plan = await bot.schedule(agenda=tuple(f"{n} {'x' * 115}" for n in range(25)))
        told = bot.guild.events[plan.event_id].description
        assert len(told) <= 1000
        assert told.endswith("x\n• …\n\ntertulia:1")
        await bot.planner.edit(plan.id, HOST, {"agenda": ("Welcome",)})
        await bot.events.tend(plan.id)
        assert "• Welcome\n" in bot.guild.events[plan.event_id].description

    play(scene)


def test_an_event_that_is_over_before_its_time_is_made_again():
    """Somebody started and ended it in Discord; the Space is still to come."""

    async def scene(bot):
        plan = await bot.schedule()
        for status in (Status.ACTIVE, Status.COMPLETED):
            await bot.guild.turn(1, plan.event_id, status)
            await bot.touch(plan)
        again = (await bot.plan(plan.id)).event_id
        assert again != plan.event_id
        assert bot.guild.events[again].status is Status.SCHEDULED
        await bot.events.look()
        assert len(bot.guild.events) == 2
        assert bot.told == []

    play(scene)


def test_a_cancelled_plan_cancels_its_event():
    """And Discord's word of it changes nothing more."""

    async def scene(bot):
        plan = await bot.schedule()
        await bot.planner.cancel(plan.id, HOST, "rain")
        for _ in range(2):
            await bot.touch(plan)
        assert bot.guild.events[plan.event_id].status is Status.CANCELLED
        assert (await bot.plan(plan.id)).reason == "rain"
        assert bot.guild.writes() == ["create", "turn"]

    play(scene)


def test_what_is_done_by_hand_is_done_to_the_plan():
    """Moved and renamed; the length stays, and nothing goes round in circles."""

    async def scene(bot):
        plan = await bot.schedule()
        later = int(NOW + 3 * HOUR)
        bot.guild.by_hand(plan.event_id, name="Coffee", starts_at=later)
        for _ in range(3):
            await bot.touch(plan)
        moved = await bot.plan(plan.id)
        assert (moved.topic, moved.starts_at, moved.minutes) == ("Coffee", later, 60)
        assert bot.guild.events[plan.event_id].shape.ends_at == later + HOUR
        assert bot.guild.writes() == ["create", "change"]

    play(scene)


def test_what_cannot_be_planned_is_put_back():
    """The host is told in one line."""

    async def scene(bot):
        plan = await bot.schedule()
        bot.guild.by_hand(plan.event_id, starts_at=int(NOW + 400 * 24 * HOUR))
        await bot.touch(plan)
        assert bot.guild.events[plan.event_id].shape.starts_at == NOW + HOUR
        assert (await bot.plan(plan.id)).starts_at == NOW + HOUR
        assert [(user, "says" in text) for user, text in bot.told] == [(3, True)]
        assert "\n" not in bot.told[0][1]

    play(scene)


def test_a_deleted_event_calls_the_plan_off():
    """With the reason; also when it happened while the bot was away."""

    async def scene(bot):
        plan = await bot.schedule()
        bot.guild.events.clear()
        await bot.events.look()
        gone = await bot.plan(plan.id)
        assert gone.state is PlanState.CANCELLED
        assert "event in Discord" in gone.reason
        assert gone.unasked  # which calls for an errand to its host

    play(scene)


@pytest.mark.parametrize("call", ["fetch", "change"])
def test_an_event_deleted_while_the_bot_asks_for_it_calls_the_plan_off(call):
    """Discord's word of it comes before the answer, which is too old by then."""

    async def scene(bot):
        plan = await bot.schedule()
        await bot.planner.edit(plan.id, HOST, {"topic": "Coffee"})
        if call == "fetch":
            await bot.events.tend(plan.id)
            await bot.events.touched(plan.event_id)
        asked = getattr(bot.guild, call)

        async def deleted_meanwhile(*args):
            setattr(bot.guild, call, asked)
            seen = bot.guild.events.pop(plan.event_id)
            await bot.events.touched(plan.event_id)
            if call == "change":
                raise EventRefusedError("plan.event.failed")
            return seen

        setattr(bot.guild, call, deleted_meanwhile)
        for _ in range(2):
            await bot.events.tend(plan.id)
        assert (await bot.plan(plan.id)).state is PlanState.CANCELLED

    play(scene)


@pytest.mark.parametrize("key", ["forbidden", "failed", "full"])
def test_trouble_stops_no_plan_and_is_told_once(key):
    """At the next look the event is made, if it can be."""

    async def scene(bot):
        bot.guild.refusal = f"plan.event.{key}"
        plan = await bot.schedule()
        await bot.events.tend(plan.id)
        await bot.schedule(topic="Later", starts_at=NOW + 9 * HOUR)
        assert plan.state is PlanState.SCHEDULED
        assert plan.event_id is None
        assert bot.guild.writes() == ["create", "create"]
        assert len(bot.told) == 1
        bot.guild.refusal = None
        await bot.events.look()
        assert len(bot.guild.events) == 2

    play(scene)


@pytest.mark.parametrize("key", ["forbidden", "failed", "full"])
def test_trouble_that_lasts_is_tried_hourly_and_told_daily(key):
    """A host who waits for an administrator is not written to every hour."""

    async def scene(bot):
        bot.guild.refusal = f"plan.event.{key}"
        await bot.schedule(starts_at=NOW + 72 * HOUR)
        for _ in range(48):
            bot.clock.advance(HOUR)
            await bot.events.look()
        assert len(bot.guild.writes()) == 49
        assert len(bot.told) == 3

    play(scene)


def test_each_change_by_hand_that_cannot_be_is_told():
    """Not again within the hour, but long before a day is over."""

    async def scene(bot):
        plan = await bot.schedule(starts_at=NOW + 72 * HOUR)
        for told in (1, 1, 2):
            bot.guild.by_hand(plan.event_id, starts_at=int(NOW - HOUR))
            await bot.touch(plan)
            assert len(bot.told) == told
            bot.clock.advance(0.6 * HOUR)

    play(scene)


def test_a_full_guild_is_not_asked():
    """Discord would refuse the 101st."""

    async def scene(bot):
        first = await bot.schedule()
        event = bot.guild.events[first.event_id]
        for n in range(1000, 999 + MOST_OPEN):
            bot.guild.events[n] = replace(event, event_id=n, own=False)
        await bot.schedule(starts_at=NOW + 9 * HOUR)
        await bot.events.look()
        assert bot.guild.writes() == ["create"]
        assert "100" in bot.told[0][1]

    play(scene)


def test_a_crash_after_the_making_makes_no_second_one():
    """The one that is there is found by its mark."""

    async def scene(bot):
        bot.guild.crash = True
        with pytest.raises(Crash):
            await bot.schedule()
        bot.guild.crash = False
        again = Bot(bot.store, bot.guild)
        await again.events.look()
        (event_id,) = bot.guild.events
        assert (await again.plan(1)).event_id == event_id
        assert bot.guild.writes() == ["create"]

    play(scene)


def test_a_look_at_what_agrees_takes_one_call():
    """However many plans there are."""

    async def scene(bot):
        for n in range(5):
            await bot.schedule(starts_at=NOW + (1 + 2 * n) * HOUR)
        before = len(bot.guild.calls)
        await Bot(bot.store, bot.guild).events.look()
        assert bot.guild.calls[before:] == ["read"]

    play(scene)


def test_a_series_that_discord_cannot_say_has_an_event_for_each_that_is_near():
    """It has an end; one that is moved by hand moves alone."""

    async def scene(bot):
        start = NOW + HOUR
        plans = await bot.planner.schedule(replace(PLAN, starts_at=start), "weekly")
        await bot.store.write(lambda db: with_an_end(db, plans[0].series_id))
        await bot.events.look()
        assert len(bot.guild.events) == len(plans) == 2
        second = await bot.plan(plans[1].id)
        moved = int(second.starts_at + HOUR)
        bot.guild.by_hand(second.event_id, starts_at=moved)
        await bot.touch(second)
        assert (await bot.plan(second.id)).starts_at == moved
        assert (await bot.plan(plans[0].id)).starts_at == start

    play(scene)


def with_an_end(db, series_id):
    """Give a series a last day, which no rule of Discord's can have."""
    planned = series.get(db, series_id)
    rule = replace(planned.series.rule, until=date(2040, 1, 1))
    series.keep(db, replace(planned, series=replace(planned.series, rule=rule)))
