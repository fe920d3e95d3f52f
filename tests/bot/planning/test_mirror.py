"""What a plan and its native event make of each other."""

from dataclasses import replace

import pytest

from bot.planning.mirror import (
    MOST_OPEN,
    CallOff,
    Create,
    Pull,
    Push,
    Seen,
    Status,
    Turn,
    mark,
    ours,
    room_left,
    shape,
    step,
    wants_event,
)
from scheduler.plans import PlanState
from tests.scheduler.sample import tea

NOW = 1_800_000_000.0
DAY = 86400.0
NEW = tea(NOW + DAY, id=7)
PLAN = replace(NEW, event_id=9, event_as=shape(NEW).as_kept())
SEEN = Seen(9, shape(PLAN), Status.SCHEDULED, f"Tea\n\n{mark(PLAN)}", own=True)


def changed(**fields):
    return replace(SEEN, shape=replace(SEEN.shape, **fields))


@pytest.mark.parametrize(
    ("ahead_s", "wanted"),
    [(0, False), (60, True), (14 * DAY, True), (14 * DAY + 1, False), (-60, False)],
)
def test_an_event_is_made_within_the_horizon(ahead_s, wanted):
    """Not for what is too far, too near or over."""
    plan = replace(NEW, starts_at=NOW + ahead_s, series_id=1)
    assert wants_event(plan, NOW) is wanted
    assert (step(plan, None, NOW) == Create()) is wanted


def test_a_plan_by_itself_has_its_event_however_far_it_is():
    """Who may plan for a year wants it to be seen; series would fill the guild."""
    plan = replace(NEW, starts_at=NOW + 300 * DAY)
    assert step(plan, None, NOW) == Create()


def test_what_agrees_is_left_alone():
    """Also where somebody took the end away, which Discord does not ask for."""
    assert step(PLAN, SEEN, NOW) is None
    assert step(PLAN, changed(ends_at=0), NOW) is None


def test_own_changes_go_out_and_others_come_in():
    """The same difference means one or the other, by what was agreed on last."""
    assert step(replace(PLAN, topic="Coffee"), SEEN, NOW) == Push()
    assert step(PLAN, changed(name="Coffee"), NOW) == Pull({"topic": "Coffee"})


def test_both_sides_may_have_changed_something():
    """What was done by hand is taken first, the rest follows."""
    plan = replace(PLAN, topic="Coffee")
    later = SEEN.shape.starts_at + 600
    assert step(plan, changed(starts_at=later), NOW) == Pull({"starts_at": later})
    assert step(replace(plan, starts_at=later), changed(starts_at=later), NOW) == Push()


def test_length_and_channel_come_in_too():
    """The kind goes with the channel."""
    seen = changed(ends_at=SEEN.shape.starts_at + 1800, channel_id=4, kind="voice")
    assert step(PLAN, seen, NOW) == Pull(
        {"minutes": 30, "channel_id": 4, "kind": "voice"}
    )


def test_an_event_outside_of_discord_is_put_back():
    """No Space can be there."""
    assert step(PLAN, changed(channel_id=0, kind="external"), NOW) == Push()


@pytest.mark.parametrize("seen", [None, replace(SEEN, status=Status.CANCELLED)])
def test_an_event_that_is_gone_calls_the_plan_off(seen):
    """And nothing more once it is called off."""
    assert step(PLAN, seen, NOW) == CallOff()
    assert step(replace(PLAN, state=PlanState.CANCELLED), seen, NOW) is None


@pytest.mark.parametrize(
    ("state", "status", "turned"),
    [
        (PlanState.OPENED, Status.SCHEDULED, Turn(Status.ACTIVE)),
        (PlanState.OPENED, Status.ACTIVE, None),
        (PlanState.ENDED, Status.ACTIVE, Turn(Status.COMPLETED)),
        (PlanState.ENDED, Status.SCHEDULED, Turn(Status.CANCELLED)),
        (PlanState.ENDED, Status.COMPLETED, None),
        (PlanState.CANCELLED, Status.SCHEDULED, Turn(Status.CANCELLED)),
        (PlanState.MISSED, Status.SCHEDULED, Turn(Status.CANCELLED)),
        (PlanState.CANCELLED, Status.ACTIVE, Turn(Status.COMPLETED)),
        (PlanState.SCHEDULED, Status.ACTIVE, None),
        (PlanState.SCHEDULED, Status.COMPLETED, Create()),
        (PlanState.MISSED, Status.COMPLETED, None),
    ],
)
def test_the_event_follows_the_space(state, status, turned):
    """Only along the ways that Discord allows."""
    seen = replace(SEEN, status=status)
    assert step(replace(PLAN, state=state), seen, NOW) == turned
    if turned == Create():  # whose time has come has had its event
        assert step(PLAN, seen, NOW + DAY) is None


def test_the_own_event_is_found_by_its_mark():
    """Not somebody's copy of it, nor another plan's, nor one that is over."""
    other = replace(SEEN, description=f"Tea\n\n{mark(PLAN)}1")
    copy, over = replace(SEEN, own=False), replace(SEEN, status=Status.COMPLETED)
    assert ours(PLAN, [other, copy, over]) is None
    assert ours(PLAN, [other, copy, over, SEEN]) is SEEN


def test_a_guild_holds_a_hundred_open_events():
    """What is over does not count."""
    over = replace(SEEN, status=Status.COMPLETED)
    assert room_left([SEEN] * (MOST_OPEN - 1) + [over]) == 1
    assert room_left([SEEN] * (MOST_OPEN + 1)) == 0
