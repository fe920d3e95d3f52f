"""Native events against the stand-in: made by a plan, changed and deleted by hand."""

import asyncio

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.wire import iso, moment
from bot.rehearsal.standin.world import events, exceptions
from scheduler.clockwork import records, series
from scheduler.plans import PlanState
from tests.bot.planning.test_planning import planning, schedule


async def until(true):
    for _ in range(500):
        if await true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"still not {true.__name__}")


def test_a_plan_follows_its_event_and_the_event_its_plan(tmp_path):
    """Created once, renamed by command, moved and deleted by hand, cancelled."""

    async def main():
        async with planning(tmp_path) as (stand_in, bot):
            world = stand_in.world

            async def plan():
                return await bot.store.read(lambda db: records.get(db, 1))

            async def made():
                return bool((await plan()).event_id)

            await schedule(stand_in, "David", "in 2 hours")
            await until(made)
            (event,) = world.events.values()
            assert (event["name"], event["entity_type"]) == ("The survey", 2)
            assert event["channel_id"] == str(stand_in.voice_channel_id)
            await stand_in.member("David").command(
                "space edit",
                {"plan": 1, "topic": "The results"},
                channel_id=stand_in.text_channel_id,
            )

            async def renamed():
                return event["name"] == "The results"

            await until(renamed)
            later = moment(event["scheduled_start_time"]) + 1800
            end = {"scheduled_end_time": iso(later + 3600)}
            start = {"scheduled_start_time": iso(later)}
            event_id, bot_id = int(event["id"]), int(event["creator_id"])
            events.edit(world, bot_id, event_id, Form(start | end, ()))

            async def moved():
                return (await plan()).starts_at == later

            await until(moved)
            assert (await plan()).minutes == 60
            events.delete(world, bot_id, event_id)

            async def called_off():
                return (await plan()).state is PlanState.CANCELLED

            await until(called_off)
            assert world.events == {}
            await stand_in.sightings.message(
                lambda message: "✖️ “The results”, planned for" in message["content"],
                "the word to the host",
            )

            await schedule(stand_in, "David", "in 3 hours")

            async def there():
                return bool(world.events)

            await until(there)
            (event,) = world.events.values()
            await stand_in.member("David").command(
                "space cancel", {"plan": 2}, channel_id=stand_in.text_channel_id
            )

            async def cancelled():
                return event["status"] == events.CANCELLED

            await until(cancelled)

    asyncio.run(main())


def test_a_series_follows_its_event_and_the_event_its_series(tmp_path):
    """One event with a rule; an occurrence cancelled here, another moved by hand."""

    async def main():
        async with planning(tmp_path) as (stand_in, bot):
            world = stand_in.world

            async def plans():
                return await bot.store.read(lambda db: series.plans_of(db, 1))

            async def made():
                return bool(world.events) and (await plans())[0].event_as

            await schedule(stand_in, "David", "tomorrow 20:00", repeat="daily")
            await until(made)
            (event,) = world.events.values()
            assert event["recurrence_rule"]["frequency"] == 3
            await stand_in.member("David").command(
                "space cancel", {"plan": 2}, channel_id=stand_in.text_channel_id
            )

            async def cancelled():
                return [
                    one["is_canceled"]
                    for one in event["guild_scheduled_event_exceptions"]
                ] == [True]

            await until(cancelled)
            third = (await plans())[2]
            times = {
                "original_scheduled_start_time": iso(third.starts_at),
                "scheduled_start_time": iso(third.starts_at + 1800),
            }
            owner = int(event["creator_id"])
            exceptions.create(world, owner, int(event["id"]), Form(times, ()))

            async def moved():
                return (await plans())[2].starts_at == third.starts_at + 1800

            await until(moved)

    asyncio.run(main())
