"""Opening a Space by command."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.commands.space import planned_format, with_sides
from bot.refusals import Impossible
from moderation.requests import QueueMode
from moderation.settings import Format, SpaceSettings
from moderation.store.database import Store
from scheduler.clockwork import records
from scheduler.plans import Plan


def test_sides_are_what_the_host_typed():
    """Each once, trimmed, and the queue follows them."""
    settings = with_sides(SpaceSettings(), " cats, dogs ,cats,, birds")

    assert settings.sides == ("cats", "dogs", "birds")
    assert settings.queue_mode is QueueMode.SIDES


@pytest.mark.parametrize("typed", ["cats", ",", "a,b,c,d,e,f"])
def test_one_side_is_no_debate(typed):
    """Nor are six, for which the panel has no room."""
    with pytest.raises(Impossible) as refused:
        with_sides(SpaceSettings(), typed)

    assert refused.value.key == "bad_sides"


@pytest.mark.parametrize(
    ("due", "expected"), [(1, Format.DEBATE), (99, Format.OPEN_TALK), (None, None)]
)
def test_a_space_that_was_planned_has_the_format_of_its_plan(due, expected):
    """Unless the host says another one; without a plan it is an open talk."""
    plan = Plan(
        guild_id=1,
        channel_id=2,
        host_id=3,
        topic="Tea",
        starts_at=1_800_000_000.0,
        minutes=60,
        format="debate",
    )

    async def main():
        async def planned_there(venue):
            return due

        async with Store(":memory:") as store:
            await store.write(lambda db: records.keep(db, plan))
            house = SimpleNamespace(store=store)
            rooms = SimpleNamespace(due=planned_there, house=house)
            return await planned_format(SimpleNamespace(rooms=rooms), None)

    assert asyncio.run(main()) is (expected or Format.OPEN_TALK)
