"""Repeated events beside the rows, on the stand-in's own rules of scheduled events."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot.planning import agreed
from bot.planning.deeds import Asker
from bot.planning.events import NativeEvents
from bot.planning.planner import Planner
from bot.planning.repeating import NativeSeries
from bot.planning.repeatport import DiscordRepeats
from bot.planning.telling import HostTeller
from bot.rehearsal.standin.wire import iso, moment
from bot.rehearsal.standin.world.events import MOST_OPEN
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from moderation.store import series as rows
from moderation.store.database import Store
from scheduler.clockwork import becoming, series
from scheduler.clockwork.clockwork import Clockwork
from scheduler.plans import Plan, PlanState
from scheduler.revision import Wanted
from scheduler.settings import SchedulerSettings
from tests.bot.planning.loopback import Crash, Loopback
from tests.bot.planning.test_revising import agreed_and_done
from tests.bot.rehearsal.standin.worlds import Place

MADRID = ZoneInfo("Europe/Madrid")
HOST = Asker(3, 0, moderates=True)
HOUR, DAY, WEEK = 3600.0, 86400.0, 7 * 86400.0


def at(month, day, hour=20):
    return datetime(2027, month, day, hour, tzinfo=MADRID).timestamp()


class Bot:
    """A planner, its native events, and a guild on the stand-in's rules."""

    def __init__(self, store, discord):
        self.store, self.discord, self.clock = store, discord, discord.place.clock
        self.told = []
        settings = SchedulerSettings()
        self.clockwork = Clockwork(store, [], self.clock.now, settings)
        self.planner = Planner(store, self.clockwork, self.clock, settings)
        words, port = Wording(load()), DiscordRepeats(discord.client)
        teller = HostTeller(self.tell, words, self.clock)
        self.repeated = NativeSeries(
            store, self.planner, port, teller, words, self.clock
        )
        self.events = NativeEvents(
            store, self.planner, port, self.repeated, teller, words, self.clock
        )

    async def tell(self, user_id, text):
        self.told.append(text)

    @property
    def asker(self):
        return replace(HOST, guild_id=self.discord.world.guild.id)

    async def schedule(self, repeat="weekly", starts_at=None, **fields):
        plan = Plan(
            guild_id=self.discord.world.guild.id,
            channel_id=self.discord.place.voice,
            host_id=3,
            topic="Tea",
            starts_at=starts_at or at(3, 18),
            minutes=60,
            kind="voice",
            zone="Europe/Madrid",
        )
        plans = await self.planner.schedule(replace(plan, **fields), repeat)
        await self.look()
        return plans

    async def look(self):
        """Do what an hour does: series unfold, everything is looked at."""
        await self.clockwork.load()
        await self.events.look()

    async def plans(self):
        return await self.store.read(lambda db: series.plans_of(db, 1))

    async def planned(self):
        return await self.store.read(lambda db: series.get(db, 1))

    @property
    def event(self):
        """The series' event; there is one."""
        (event,) = [
            one
            for one in self.discord.world.events.values()
            if "tertulia:s1" in one["description"]
        ]
        return event

    @property
    def event_id(self):
        return int(self.event["id"])

    def exceptions(self):
        return [
            "off" if one["is_canceled"] else moment(one["scheduled_start_time"])
            for one in self.event["guild_scheduled_event_exceptions"]
        ]


def play(scene, now=None):
    async def main():
        place = Place()
        place.clock.advance((now or at(3, 15, 12)) - place.clock.now())
        async with Store(":memory:") as store:
            await scene(Bot(store, Loopback(place)))

    asyncio.run(main())


def test_a_series_has_one_event_with_its_rule():
    """Its occurrences have none of their own, and looking again changes nothing."""

    async def scene(bot):
        plans = await bot.schedule()
        assert len(plans) == 2
        assert len(bot.discord.world.events) == 1
        rule = bot.event["recurrence_rule"]
        assert (rule["frequency"], rule["by_weekday"]) == (2, [3])
        assert moment(rule["start"]) == plans[0].starts_at
        assert [plan.event_id for plan in await bot.plans()] == [None, None]
        await bot.look()
        await Bot(bot.store, bot.discord).look()
        assert bot.discord.calls == ["create"]

    play(scene)


def test_one_that_is_moved_or_called_off_is_an_exception():
    """Moved back it is none any more."""

    async def scene(bot):
        first, second = await bot.schedule()
        for to in (first.starts_at + HOUR, first.starts_at):
            await bot.planner.edit(first.id, bot.asker, {"starts_at": to})
            await bot.events.tend(first.id)
            moved = to != first.starts_at
            assert bot.exceptions() == ([to] if moved else [])
        await bot.planner.cancel(second.id, bot.asker, "rain")
        await bot.events.tend(second.id)
        assert bot.exceptions() == ["off"]
        assert bot.discord.calls == ["create", "except", "restore", "except"]

    play(scene)


def test_what_is_done_by_hand_to_one_is_done_to_its_plan():
    """Moved, moved on, restored, and cancelled in Discord's own client."""

    async def scene(bot):
        first, second = await bot.schedule()
        for start in (first.starts_at + HOUR, first.starts_at + 2 * HOUR):
            bot.discord.except_by_hand(
                bot.event_id,
                first.starts_at,
                scheduled_start_time=iso(start),
                scheduled_end_time=iso(start + 1800),
            )
            await bot.look()
            moved, _ = await bot.plans()
            assert (moved.starts_at, moved.minutes) == (start, 30)
        bot.event["guild_scheduled_event_exceptions"].clear()
        await bot.look()
        restored = (await bot.plans())[0]
        assert (restored.starts_at, restored.minutes) == (first.starts_at, 60)
        bot.discord.except_by_hand(bot.event_id, second.starts_at, is_canceled=True)
        await bot.look()
        gone = (await bot.plans())[1]
        assert gone.state is PlanState.CANCELLED
        assert "event in Discord" in gone.reason
        assert gone.unasked  # which calls for an errand to its host
        assert bot.discord.calls == ["create"]

    play(scene)


def test_what_cannot_be_planned_is_put_back():
    """Moved by hand to a time that is over."""

    async def scene(bot):
        first, _ = await bot.schedule()
        bot.discord.except_by_hand(
            bot.event_id,
            first.starts_at,
            scheduled_start_time=iso(bot.clock.now() - DAY),
        )
        await bot.look()
        assert (await bot.plans())[0].starts_at == first.starts_at
        assert bot.exceptions() == []
        assert len(bot.told) == 1

    play(scene)


def test_the_whole_event_changed_by_hand_changes_the_series():
    """Renamed, lengthened, and moved to Fridays: every plan goes with it."""

    async def scene(bot):
        await bot.schedule()
        start = at(3, 19, 19)
        bot.discord.by_hand(
            bot.event_id,
            name="Coffee",
            scheduled_start_time=iso(start),
            scheduled_end_time=iso(start + 5400),
            recurrence_rule={
                "start": iso(start),
                "frequency": 2,
                "interval": 1,
                "by_weekday": [4],
            },
        )
        for _ in range(2):
            await bot.look()
        plans = await bot.plans()
        assert [plan.starts_at for plan in plans] == [start, start + WEEK]
        assert {(plan.topic, plan.minutes) for plan in plans} == {("Coffee", 90)}
        assert bot.discord.calls == ["create"]

    play(scene)


def test_a_rule_that_no_series_has_is_put_back():
    """Every year: the event says again what holds."""

    async def scene(bot):
        first, _ = await bot.schedule()
        rule = {"start": iso(first.starts_at), "frequency": 0, "interval": 1}
        days = {"by_month": [3], "by_month_day": [18]}
        bot.discord.by_hand(bot.event_id, recurrence_rule=rule | days)
        await bot.look()
        assert bot.event["recurrence_rule"]["frequency"] == 2
        assert (await bot.plans())[0].starts_at == first.starts_at

    play(scene)


@pytest.mark.parametrize("how", ["deleted", "cancelled"])
def test_an_event_that_is_gone_calls_the_series_off(how):
    """Nothing more comes of it, and nobody makes another."""

    async def scene(bot):
        await bot.schedule()
        if how == "deleted":
            bot.discord.delete(bot.event_id)
        else:
            bot.discord.by_hand(bot.event_id, status=4)
        for _ in range(2):
            await bot.look()
        states = {plan.state for plan in await bot.plans()}
        assert states == {PlanState.CANCELLED}
        assert (await bot.planned()).over
        assert [plan.unasked for plan in await bot.plans()] == [True, False]
        assert bot.discord.calls == ["create"]

    play(scene)


def test_a_series_that_is_called_off_cancels_its_event():
    """Discord's word of it changes nothing more."""

    async def scene(bot):
        first, _ = await bot.schedule()
        await bot.planner.cancel(first.id, bot.asker, "rain", whole=True)
        for _ in range(2):
            await bot.look()
        assert bot.event["status"] == 4
        assert bot.discord.calls == ["create", "edit"]
        assert (await bot.planned()).event_id is None  # and is not looked at again
        assert await bot.store.read(rows.with_event) == []

    play(scene)


def test_in_a_guild_that_is_gone_nothing_is_kept():
    """Its series are over, and Discord is not asked about them any more."""

    async def scene(bot):
        await bot.schedule()
        await bot.planner.lost(bot.discord.world.guild.id)
        await bot.look()
        assert bot.discord.calls == ["create"]
        assert await bot.store.read(rows.with_event) == []
        assert {plan.state for plan in await bot.plans()} == {PlanState.CANCELLED}

    play(scene)


def test_in_a_channel_that_is_gone_the_event_is_cancelled():
    """With the series that was planned there, and with no other."""

    async def scene(bot):
        await bot.schedule()
        await bot.schedule(channel_id=bot.discord.place.stage, kind="stage", host_id=4)
        guild_id = bot.discord.world.guild.id
        await bot.planner.lost(guild_id, bot.discord.place.voice)
        await bot.look()
        states = [one["status"] for one in bot.discord.world.events.values()]
        assert states == [4, 1]

    play(scene)


def test_an_event_starts_and_ends_with_each_space():
    """After the first Discord has the second; plans follow one another."""

    async def scene(bot):
        for n, plan in enumerate(await bot.schedule(starts_at=at(4, 1))):
            bot.clock.advance(plan.starts_at - bot.clock.now() + 60)
            await bot.store.write(partial(becoming.opened, plan_id=plan.id))
            await bot.events.tend(plan.id)
            assert bot.event["status"] == 2
            bot.clock.advance(HOUR)
            await bot.store.write(partial(becoming.ended, plan_id=plan.id, began=True))
            await bot.events.tend(plan.id)
            assert bot.event["status"] == 1
            assert moment(bot.event["scheduled_start_time"]) > bot.clock.now()
            assert bot.discord.calls == ["create"] + ["edit", "edit"] * (n + 1)

    play(scene, now=at(3, 30, 12))


def test_the_hour_on_the_wall_outlives_summer_time():
    """Discord counts in UTC: an exception until the day, another rule after it."""

    async def scene(bot):
        # Clocks change on 28 March, between the two.
        first, second = await bot.schedule(starts_at=at(3, 25))
        assert second.starts_at - first.starts_at == WEEK - HOUR
        assert bot.exceptions() == [second.starts_at]
        bot.clock.advance(first.starts_at - bot.clock.now() + 2 * HOUR)
        for _ in range(3):
            await bot.look()
        assert moment(bot.event["recurrence_rule"]["start"]) == second.starts_at
        assert bot.exceptions() == []
        plans = await bot.plans()
        assert [plan.starts_at for plan in plans] == [
            first.starts_at,
            second.starts_at,
            second.starts_at + WEEK,
        ]
        assert {plan.sequence for plan in plans} == {0}  # nobody was moved
        assert bot.told == []

    play(scene, now=at(3, 19, 12))


def test_one_with_its_own_topic_has_its_own_event():
    """In the series' event it is off; both are there once."""

    async def scene(bot):
        first, _ = await bot.schedule()
        await bot.planner.edit(first.id, bot.asker, {"topic": "A guest"})
        for _ in range(2):
            await bot.events.tend(first.id)
        names = [one["name"] for one in bot.discord.world.events.values()]
        assert names == ["Tea", "A guest"]
        assert bot.exceptions() == ["off"]
        assert (await bot.plans())[0].event_id is not None
        assert (await bot.plans())[0].state is PlanState.SCHEDULED

    play(scene)


def test_a_day_cancelled_by_hand_long_before_it_is_planned_stays_off():
    """Three weeks ahead: the series knows, and no plan comes of it."""

    async def scene(bot):
        first, _ = await bot.schedule(starts_at=at(4, 1))
        far = first.starts_at + 3 * WEEK
        bot.discord.except_by_hand(bot.event_id, far, is_canceled=True)
        await bot.look()
        assert (await bot.planned()).series.cancelled == {date(2027, 4, 22)}
        bot.clock.advance(2 * WEEK)
        await bot.look()
        assert "2027-04-22" not in {plan.occurrence for plan in await bot.plans()}
        assert bot.exceptions() == ["off"]
        assert bot.discord.calls == ["create"]

    play(scene, now=at(3, 30, 12))


@pytest.mark.parametrize("call", ["create", "except"])
def test_a_crash_after_a_call_makes_nothing_twice(call):
    """What is there is found: by its mark, or by its time."""

    async def scene(bot):
        async def life():
            first, _ = await bot.schedule()
            await bot.planner.cancel(first.id, bot.asker, "rain")
            await bot.events.tend(first.id)

        bot.discord.crash_after = call
        with pytest.raises(Crash):
            await life()
        bot.discord.crash_after = None
        again = Bot(bot.store, bot.discord)
        await again.look()
        assert bot.discord.calls.count(call) == 1
        assert len(bot.discord.world.events) == 1
        assert (await again.planned()).event_id == again.event_id
        second = (await again.plans())[1]
        assert second.state is PlanState.SCHEDULED

    play(scene)


def test_a_series_that_discord_can_no_longer_say_gets_events_one_by_one():
    """Its event is cancelled, and no plan with it."""

    async def scene(bot):
        await bot.schedule()
        rule = replace((await bot.planned()).series.rule, until=date(2040, 1, 1))

        def end(db):
            planned = series.get(db, 1)
            changed = replace(planned.series, rule=rule)
            series.keep(db, replace(planned, series=changed))

        await bot.store.write(end)
        for _ in range(2):
            await bot.look()
        statuses = [one["status"] for one in bot.discord.world.events.values()]
        assert statuses == [4, 1, 1]
        plans = await bot.plans()
        assert {plan.state for plan in plans} == {PlanState.SCHEDULED}
        assert all(plan.event_id for plan in plans)

    play(scene)


def test_a_series_changed_here_changes_its_event():
    """To Fridays at nine: one call, and nobody is called off."""

    async def scene(bot):
        first, _ = await bot.schedule()
        wanted = Wanted(starts_at=at(3, 19, 21))
        await bot.store.write(
            lambda db: agreed_and_done(db, first.id, wanted, bot.asker, bot.clock.now())
        )
        for _ in range(2):
            await bot.look()
        assert bot.event["recurrence_rule"]["by_weekday"] == [4]
        assert moment(bot.event["scheduled_start_time"]) == at(3, 19, 21)
        assert {plan.state for plan in await bot.plans()} == {PlanState.SCHEDULED}
        assert bot.discord.calls == ["create", "edit"]

    play(scene)


def test_a_series_tells_the_agenda_that_there_is_now():
    """Of all of them; one with its own does not change what the event says."""

    async def scene(bot):
        first, _ = await bot.schedule()
        wanted = Wanted(agenda=("Welcome", "Questions"))
        await bot.store.write(
            lambda db: agreed_and_done(db, first.id, wanted, bot.asker, bot.clock.now())
        )
        for _ in range(2):
            await bot.look()
        assert "• Welcome\n• Questions" in bot.event["description"]
        assert bot.discord.calls == ["create", "edit"]
        own = f"Bring your own cups!\n\n{bot.event['description']}"
        bot.discord.by_hand(bot.event_id, description=own)
        wanted = Wanted(topic="Coffee")
        await bot.store.write(
            lambda db: agreed_and_done(db, first.id, wanted, bot.asker, bot.clock.now())
        )
        await bot.look()
        assert bot.event["name"] == "Coffee"
        assert bot.event["description"] == own

    play(scene)


def test_a_full_guild_has_the_plans_without_an_event():
    """The host is told once; with a place free the event is made."""

    async def scene(bot):
        world = bot.discord.world
        start = iso(bot.clock.now() + DAY)
        for n in range(MOST_OPEN):
            world.events[n] = {"id": str(n), "status": 1} | dict.fromkeys(
                ("name", "description", "creator_id", "scheduled_end_time"), ""
            )
            world.events[n] |= {"scheduled_start_time": start, "entity_type": 2}
        await bot.schedule()
        await bot.look()
        assert bot.discord.calls == []
        assert len(bot.told) == 1
        assert "100" in bot.told[0]
        world.events[0]["status"] = 4
        await bot.look()
        assert bot.discord.calls == ["create"]

    play(scene)


def test_monday_to_friday_is_one_event_of_a_guilds_hundred():
    """Half past midnight in Madrid is the evening before in UTC."""

    async def scene(bot):
        plans = await bot.schedule("weekdays", starts_at=at(3, 31, 0) + 1800)
        assert len(bot.discord.world.events) == 1
        rule = bot.event["recurrence_rule"]
        assert sorted(rule["by_weekday"]) == [0, 1, 2, 3, 6]
        starts = datetime.fromtimestamp(plans[0].starts_at, UTC)
        assert starts.hour == 22
        await bot.look()
        assert bot.discord.calls == ["create"]

    play(scene, now=at(3, 30, 12))


def test_two_who_look_at_once_make_one_event():
    """Discord tells of what the bot does, while the bot is still doing it."""

    async def scene(bot):
        listed = bot.discord.get_scheduled_events

        async def slow(*args, **options):
            found = await listed(*args, **options)
            for _ in range(5):  # the other one looks meanwhile
                await bot.store.read(lambda db: None)
            return found

        await bot.schedule()
        bot.discord.delete(bot.event_id)
        await bot.store.write(lambda db: agreed.note(db, 1, None, ()))
        bot.discord.get_scheduled_events = slow
        await asyncio.gather(bot.repeated.tend(1), bot.repeated.tend(1))
        assert len(bot.discord.world.events) == 1

    play(scene)


def test_a_series_whose_event_is_deleted_while_it_is_changed_is_called_off():
    """Discord's word of it comes before the refusal, and is waiting for its turn."""

    async def scene(bot):
        first, _ = await bot.schedule()
        asked, word = bot.discord.request, []

        async def deleted_meanwhile(route, **extra):
            if not word:
                bot.discord.delete(bot.event_id)
                word.append(asyncio.create_task(bot.events.touched(event_id)))
                for _ in range(5):  # it has come as far as it can
                    await bot.store.read(lambda db: None)
            return await asked(route, **extra)

        event_id, bot.discord.request = bot.event_id, deleted_meanwhile
        wanted = Wanted(topic="Coffee")
        await bot.store.write(
            lambda db: agreed_and_done(db, first.id, wanted, bot.asker, bot.clock.now())
        )
        await bot.repeated.tend(1)
        (heard,) = word
        await heard
        assert {plan.state for plan in await bot.plans()} == {PlanState.CANCELLED}

    play(scene)


def test_a_series_that_is_given_an_end_has_an_event_for_each():
    """Discord sets no end: its repeated event would go on for ever."""

    async def scene(bot):
        first, _ = await bot.schedule()
        repeated = bot.event_id
        wanted = Wanted(until=date(2027, 3, 26))
        await bot.store.write(
            lambda db: agreed_and_done(db, first.id, wanted, bot.asker, bot.clock.now())
        )
        for _ in range(3):
            await bot.look()
        statuses = {
            int(one["id"]): one["status"] for one in bot.discord.world.events.values()
        }
        assert statuses.pop(repeated, 4) == 4
        assert list(statuses.values()) == [1, 1]
        assert bot.told == []

    play(scene)
