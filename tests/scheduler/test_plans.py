"""Plans: what may be scheduled, and what may happen to it."""

from dataclasses import replace

import pytest

from scheduler.plans import (
    MOVES,
    PlanRefused,
    PlanState,
    cancel,
    check,
    clone,
    conflicts,
    move,
    turn,
)
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

NOW = 1_800_000_000.0
DAY = 86400.0
SETTINGS = SchedulerSettings()
PLAN = tea(NOW + DAY, id=1)


def test_plan_in_the_future_is_accepted():
    """A plan with a topic, a length and a free channel may be kept."""
    assert check(PLAN, [PLAN], SETTINGS, NOW) == PLAN


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"topic": "  "}, "plan.no_topic"),
        ({"topic": "x" * 101}, "plan.long_topic"),
        ({"minutes": 0}, "plan.length"),
        ({"minutes": 1441}, "plan.length"),
        ({"starts_at": NOW}, "plan.past"),
        ({"starts_at": NOW + 14 * DAY + 1}, "plan.too_far"),
    ],
)
def test_plan_outside_the_limits_is_refused(changes, key):
    """Each limit has its own reason."""
    with pytest.raises(PlanRefused) as caught:
        check(replace(PLAN, **changes), [], SETTINGS, NOW)

    assert caught.value.key == key


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"host_id": 9}, "plan.conflict.channel"),
        ({"channel_id": 9}, "plan.conflict.host"),
        ({"starts_at": PLAN.starts_at + 3599, "channel_id": 9}, "plan.conflict.host"),
        ({"starts_at": PLAN.starts_at - 3599}, "plan.conflict.channel"),
        ({"starts_at": PLAN.starts_at + 3600}, None),
        ({"starts_at": PLAN.starts_at - 3600}, None),
        ({"host_id": 9, "channel_id": 9}, None),
        ({"guild_id": 9}, None),
        ({"state": PlanState.CANCELLED}, None),
        ({"id": 1}, None),
    ],
)
def test_conflict_is_named(changes, key):
    """One channel, or one host, cannot be at two Spaces; back to back is fine."""
    other = replace(PLAN, **({"id": 2, "topic": "Coffee"} | changes))

    found = conflicts(PLAN, [other])
    assert bool(found) == (key is not None)
    if key is not None:
        with pytest.raises(PlanRefused) as caught:
            check(PLAN, [other], SETTINGS, NOW)
        assert (caught.value.key, caught.value.params["topic"]) == (key, "Coffee")


@pytest.mark.parametrize("state", PlanState)
@pytest.mark.parametrize("after", PlanState)
def test_only_the_moves_of_the_table_are_made(state, after):
    """What the table does not name is refused and changes nothing."""
    plan = replace(PLAN, state=state)

    if after in MOVES[state]:
        assert turn(plan, after).state is after
    else:
        with pytest.raises(PlanRefused):
            turn(plan, after)


def test_cancelled_plan_keeps_its_reason_and_cannot_be_moved():
    """A Space that was called off does not come back by moving it."""
    plan = cancel(PLAN, "ill")

    assert (plan.state, plan.reason) == (PlanState.CANCELLED, "ill")
    with pytest.raises(PlanRefused):
        move(plan, NOW + 2 * DAY)


def test_what_a_plan_says_already_is_no_change():
    """Done twice, as by somebody who got no answer, it is told to nobody twice."""
    moved = move(PLAN, PLAN.starts_at + 60)

    assert moved.sequence == PLAN.sequence + 1
    assert move(moved, moved.starts_at) == moved


def test_moving_keeps_the_length_unless_told():
    """A move is a new start."""
    assert move(PLAN, NOW + 2 * DAY).minutes == 60
    assert move(PLAN, NOW + 2 * DAY, 30).ends_at == NOW + 2 * DAY + 1800


def test_clone_is_a_plan_of_its_own():
    """A copy takes neither the id, nor the event, nor the fate of the first."""
    again = clone(replace(cancel(PLAN, "ill"), event_id=5), NOW + 3 * DAY)

    assert (again.id, again.event_id, again.reason) == (0, None, "")
    assert again.state is PlanState.SCHEDULED
