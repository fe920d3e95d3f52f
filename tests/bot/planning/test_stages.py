"""Events on a stage where another Space is by now, on the stand-in's own rules."""

from functools import partial

import pytest

from bot.rehearsal.standin.world import stages
from bot.rehearsal.standin.world.statuses import ACTIVE, CANCELLED, COMPLETED
from moderation.store import spaces
from scheduler.clockwork import becoming
from tests.bot.planning.test_repeating import HOUR, play
from tests.bot.rehearsal.standin.worlds import form

ON_STAGE = {"kind": "stage"}


async def planned(bot, repeat):
    """Plan a Space on the stage, which has its event; return the plan and the event."""
    stage = bot.discord.place.stage
    plan, *_ = await bot.schedule(repeat, channel_id=stage, **ON_STAGE)
    await bot.events.look()
    (event,) = bot.discord.world.events.values()
    bot.clock.advance(plan.starts_at - bot.clock.now() + 60)
    return plan, event


async def over(bot, plan):
    """Let the plan's Space be opened and end."""
    await bot.store.write(partial(becoming.opened, plan_id=plan.id))
    await bot.store.write(partial(becoming.ended, plan_id=plan.id, began=True))


async def another(bot):
    """Let another Space open on the stage; return its id."""
    place = bot.discord.place
    space = spaces.NewSpace(
        guild_id=place.guild.id,
        channel_id=place.stage,
        host_id=3,
        kind="stage",
        topic="Coffee",
        opened_at=bot.clock.now(),
    )
    return await bot.store.write(lambda db: spaces.create(db, space))


@pytest.mark.parametrize("repeat", [None, "weekly"])
def test_an_event_that_never_began_takes_no_stage(repeat):
    """Its Space was held while Discord's events were out of reach."""

    async def scene(bot):
        plan, event = await planned(bot, repeat)
        await over(bot, plan)
        place = bot.discord.place
        body = form(channel_id=str(place.stage), topic="Coffee")
        live = dict(stages.open_stage(place.world, place.bot, body))
        await another(bot)

        for _ in range(2):
            await bot.events.look()

        assert place.world.stages == {place.stage: live}
        assert place.told("STAGE_INSTANCE_DELETE") == []
        assert event["status"] == (CANCELLED if repeat is None else 1)

    play(scene)


@pytest.mark.parametrize("repeat", [None, "weekly"])
def test_an_event_is_not_completed_under_another_space(repeat):
    """It is when that is over: with its stage, or at the next look."""

    async def scene(bot):
        plan, event = await planned(bot, repeat)
        place = bot.discord.place
        await bot.store.write(partial(becoming.opened, plan_id=plan.id))
        await bot.events.tend(plan.id)
        assert event["status"] == ACTIVE
        ended = partial(becoming.ended, plan_id=plan.id, began=True)
        await bot.store.write(ended)
        space_id = await another(bot)  # goes on with the stage that is open

        for _ in range(2):
            await bot.events.look()

        assert list(place.world.stages) == [place.stage]
        assert event["status"] == ACTIVE

        bot.clock.advance(HOUR)
        await bot.store.write(lambda db: spaces.end(db, space_id, bot.clock.now()))
        await bot.events.look()

        assert place.world.stages == {}
        assert event["status"] == (COMPLETED if repeat is None else 1)

    play(scene)
