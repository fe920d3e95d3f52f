"""A planned Space opens whole or not at all, also when the process dies meanwhile."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.refusals import Impossible
from bot.rooms.opening import Opening, write_down
from bot.rooms.venue import venue_of
from moderation.settings import RoomKind, SpaceSettings
from moderation.store import spaces
from moderation.store.database import Store
from scheduler.clockwork import records
from scheduler.plans import Plan, PlanRefused, PlanState, cancel
from tests.bot.guild import HOST, Stage, bot_on, place, until
from tests.scheduler.sample import tea

NOW = 1_800_000_000.0
PLAN = tea(NOW)


@dataclass(frozen=True)
class Place:
    """A guild, a channel in it, and the venue that it is."""

    id: int = 2
    kind: RoomKind = RoomKind.STAGE

    @property
    def guild(self):
        return Place(id=1)

    @property
    def channel(self):
        return self


OPENING = Opening(Place(), 3, "Tea", "en", SpaceSettings(), plan_id=1)


def on_record(play, plan=PLAN):
    async def main():
        async with Store(":memory:") as store:
            await store.write(lambda db: records.keep(db, plan))
            found = await play(store)
            kept = await store.read(lambda db: records.get(db, 1))
            return found, kept.state, await store.read(spaces.live)

    return asyncio.run(main())


async def opened(store, opening=OPENING, closing=()):
    return await store.write(
        lambda db: write_down(db, opening, NOW, Path("data"), closing)
    )


def test_the_space_and_its_plan_are_one_write():
    """The row names its plan, which is open from then on."""
    row, state, live = on_record(opened)

    assert (row.plan_id, state, live) == (1, PlanState.OPENED, [row])


def test_a_plan_that_was_called_off_leaves_no_space():
    """Nothing is kept of an opening that is refused."""

    async def play(store):
        with pytest.raises(PlanRefused):
            await opened(store)

    assert on_record(play, cancel(PLAN, "ill"))[1:] == (PlanState.CANCELLED, [])


def test_a_channel_has_one_live_space():
    """One that is being put away is in nobody's way."""

    async def play(store):
        other = Opening(Place(), 9, "Bees", "en", SpaceSettings())
        first = await opened(store, other)
        with pytest.raises(Impossible):
            await opened(store)
        return first, await opened(store, closing=[first.id])

    (first, second), state, live = on_record(play)

    assert live == [second, first]
    assert state is PlanState.OPENED


def test_a_kill_after_the_first_row_leaves_the_plan_to_come(tmp_path):
    """Neither missed nor open: the next process calls the Space off, not the plan.

    The first process wrote the Space down and died before its first fact.
    """

    async def main():
        async with place() as standin:
            stage = Stage(standin, None)
            plan = Plan(
                guild_id=standin.guild_id,
                channel_id=standin.stage_channel_id,
                host_id=stage.member(HOST).id,
                topic="Tea",
                starts_at=time.time() + 60,
                minutes=60,
            )
            async with bot_on(standin, tmp_path) as bot:
                channel = bot.client.get_channel(stage.channel_id)
                opening = Opening(
                    venue_of(channel), plan.host_id, "Tea", "en", SpaceSettings(), 1
                )
                await bot.store.write(lambda db: records.keep(db, plan))
                await opened(bot.store, opening)
            async with bot_on(standin, tmp_path) as bot:

                async def state():
                    kept = await bot.store.read(lambda db: records.get(db, 1))
                    return kept.state

                async with asyncio.timeout(30):
                    while await state() is not PlanState.SCHEDULED:  # noqa: ASYNC110 (a row has no event)
                        await asyncio.sleep(0.01)
                stage = Stage(standin, bot)
                await stage.enter(HOST)
                room = await stage.opened()
                before = await state()
                await stage.command(HOST, "space end")
                await room.ended()
                await until(lambda: not bot.rooms.live())
                return before, await state(), room.row.plan_id

    assert asyncio.run(main()) == (PlanState.OPENED, PlanState.ENDED, 1)
