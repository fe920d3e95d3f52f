"""Which plan is that of a room, and what its conversation hears of it."""

import pytest

from bot.rooms.planned import Planned, plan_of
from moderation.store.spaces import SpaceRow
from scheduler.clockwork import errand_records, records
from scheduler.guests.guest import Guest, GuestState
from scheduler.plans import PlanState
from tests.scheduler.sample import tea

START = 1_800_000_000.0
PLAN = tea(START, minutes=20, state=PlanState.OPENED)


def space(plan_id, opened_at):
    """Return the row of a Space that became of a plan, or of none."""
    return SpaceRow(
        id=1,
        guild_id=1,
        channel_id=2,
        host_id=3,
        kind="stage",
        topic="Tea",
        opened_at=opened_at,
        ended_at=None,
        language="en",
        folder=None,
        plan_id=plan_id,
    )


def test_end_and_confirmed_guests_of_the_plan(db):
    """Whoever declined is not waited for; who never answered is known as such."""
    plan = records.keep(db, PLAN)
    answers = (
        (7, GuestState.CONFIRMED),
        (8, GuestState.DECLINED),
        (9, GuestState.INVITED),
    )
    for user_id, state in answers:
        errand_records.keep_guest(
            db,
            Guest(
                plan_id=plan.id,
                user_id=user_id,
                state=state,
                invited_by=3,
                invited_at=START - 900,
                answered_at=START - 600,
                answered_for=START,
            ),
        )

    found = plan_of(db, space(plan.id, START + 60))

    assert found == Planned(START + 1200, frozenset({7}), frozenset({9}))


def test_space_that_opens_after_its_planned_end_gets_its_length(db):
    """Otherwise the hosts would be told to close at once."""
    plan = records.keep(db, PLAN)

    assert plan_of(db, space(plan.id, START + 1300)).ends_at == START + 2500


@pytest.mark.parametrize("plan_id", [None, 99])
def test_space_without_a_plan_has_none(db, plan_id):
    """Opened on the spot, or its plan's row is gone."""
    assert plan_of(db, space(plan_id, START)) is None
