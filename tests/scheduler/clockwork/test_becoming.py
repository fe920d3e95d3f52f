"""A plan and its Space turn together."""

import asyncio
from dataclasses import replace

import pytest

from moderation.store.database import Store
from scheduler.clockwork import becoming, records
from scheduler.plans import PlanRefused, PlanState, cancel
from tests.scheduler.sample import tea

NOW = 1_800_000_000.0
PLAN = tea(NOW)


def on_record(play, *plans):
    """Run ``play`` in one write on a record that keeps ``plans``."""

    async def main():
        async with Store(":memory:") as store:
            for plan in plans:
                await store.write(lambda db, p=plan: records.keep(db, p))
            return await store.write(play)

    return asyncio.run(main())


def test_the_earliest_plan_of_the_channel_is_meant():
    """Not one that is far off, called off, or somewhere else."""
    plans = [
        cancel(PLAN, "ill"),
        replace(PLAN, channel_id=9),
        replace(PLAN, guild_id=9),
        replace(PLAN, starts_at=NOW + 1800),
        replace(PLAN, starts_at=NOW + 600),
        replace(PLAN, starts_at=NOW + 7200),
    ]

    def play(db):
        return [becoming.due(db, 1, 2, NOW + ahead) for ahead in (0, 900, 9000)]

    assert on_record(play, *plans) == [None, 5, 5]


@pytest.mark.parametrize(
    ("began", "after"), [(True, PlanState.ENDED), (False, PlanState.SCHEDULED)]
)
def test_a_plan_ends_with_its_space_or_is_still_to_come(began, after):
    """A Space that never began has used nothing up; a second end changes nothing."""

    def play(db):
        becoming.opened(db, 1)
        becoming.ended(db, 1, began=began)
        becoming.ended(db, 1, began=began)
        return records.get(db, 1).state

    assert on_record(play, PLAN) is after


@pytest.mark.parametrize("plan", [cancel(PLAN, ""), replace(PLAN, id=0)])
def test_what_is_not_to_come_does_not_open(plan):
    """Called off, or not there at all."""
    plan_id = 1 if plan.state is PlanState.CANCELLED else 7

    with pytest.raises(PlanRefused):
        on_record(lambda db: becoming.opened(db, plan_id), plan)
