"""What members asked for, as the planner keeps it."""

import asyncio
from dataclasses import replace

import pytest

from bot.clock import ManualClock
from bot.planning.deeds import Asker
from bot.planning.planner import Planner
from moderation.store.database import Store
from scheduler.clockwork import records
from scheduler.clockwork.clockwork import Clockwork
from scheduler.plans import PlanRefused
from scheduler.reminders import Place, sends
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

NOW = 1_800_000_000.0
DAY = 86400.0
ANA = 7
PLAN = tea(NOW + DAY, post_channel_id=5)


class Desk:
    """A planner whose clock moves by hand."""

    def __init__(self, store):
        self.clock, self.store = ManualClock(NOW), store
        settings = SchedulerSettings(host_offsets_min=())
        clockwork = Clockwork(store, [], self.clock.now, settings)
        self.planner = Planner(store, clockwork, self.clock, settings)

    async def due(self, plan_id):
        """Return when Ana is reminded, in minutes before the start, and where."""
        plan = await self.planner.known(plan_id)
        wishes = await self.store.read(lambda db: records.wishes_for(db, [plan_id]))
        asked = wishes.get(plan_id, [])
        found = sends(plan, asked, self.planner.settings)
        return sorted(
            (round((one.starts_at - one.due_at) / 60), one.kind.value)
            for one in found
            if ANA in one.user_ids
        )


def play(scene):
    async def main():
        async with Store(":memory:") as store:
            desk = Desk(store)
            (plan,) = await desk.planner.schedule(PLAN)
            await scene(desk, plan)

    asyncio.run(main())


def test_who_asks_again_changes_the_place_and_not_the_times():
    """What was chosen before stays chosen."""

    async def scene(desk, plan):
        await desk.planner.remind(plan.id, ANA, Place.THREAD)
        assert await desk.due(plan.id) == [(10, "members"), (60, "members")]
        await desk.planner.choose(plan.id, ANA, [1800.0])
        await desk.planner.remind(plan.id, ANA, Place.DM)
        await desk.planner.remind(plan.id, ANA, None)
        assert await desk.due(plan.id) == [(30, "direct")]

    play(scene)


def test_a_time_that_was_over_when_it_was_chosen_is_not_sent_late():
    """And one that was chosen in time stays, although others are added after it."""

    async def scene(desk, plan):
        await desk.planner.choose(plan.id, ANA, [3600.0, 600.0])
        desk.clock.advance(DAY - 2000)
        await desk.planner.choose(plan.id, ANA, [3600.0, 10800.0, 600.0])
        assert await desk.due(plan.id) == [(10, "members"), (60, "members")]

    play(scene)


def test_after_a_move_what_was_chosen_holds_at_the_new_time():
    """Also what had been too late at the old one."""

    async def scene(desk, plan):
        desk.clock.advance(DAY - 1200)
        await desk.planner.remind(plan.id, ANA, Place.THREAD)
        assert await desk.due(plan.id) == [(10, "members")]
        later = {"starts_at": plan.starts_at + DAY}
        await desk.planner.edit(plan.id, Asker(3, 1), later)
        assert await desk.due(plan.id) == [(10, "members"), (60, "members")]

    play(scene)


def test_whose_private_messages_are_closed_is_reminded_in_public_from_then_on():
    """The one that could not be private has been sent already, and is not again."""

    async def scene(desk, plan):
        await desk.planner.remind(plan.id, ANA, Place.DM)
        await desk.planner.redirect(plan.id, ANA, 3600.0)
        assert await desk.due(plan.id) == [(10, "members"), (60, "direct")]

    play(scene)


def test_a_series_of_which_nothing_is_to_come_is_refused():
    """Its first minute is over and the next one a month away: nothing is kept."""

    async def scene(desk, plan):
        desk.clock.advance(20)
        monthly = replace(PLAN, channel_id=9, host_id=9, starts_at=NOW + 30)
        with pytest.raises(PlanRefused) as refused:
            await desk.planner.schedule(monthly, "monthly")
        assert refused.value.key == "plan.past"
        kept = await desk.store.read(lambda db: (db["series"].count, db["plans"].count))
        assert kept == (0, 1)

    play(scene)


def test_nobody_is_reminded_of_what_is_called_off():
    """The button then says how the plan stands."""

    async def scene(desk, plan):
        await desk.planner.remind(plan.id, ANA, Place.DM)
        await desk.planner.cancel(plan.id, Asker(3, 1), "rain")
        assert await desk.due(plan.id) == []
        with pytest.raises(PlanRefused) as refused:
            await desk.planner.choose(plan.id, ANA, [600.0])
        assert refused.value.key == "plan.state"
        assert await desk.planner.forget(plan.id, ANA)

    play(scene)
