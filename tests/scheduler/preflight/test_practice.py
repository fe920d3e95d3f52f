"""The practice room: for whom, until when, and why it ends."""

from dataclasses import replace

import pytest

from scheduler.guests.guest import Guest, GuestState
from scheduler.plans import PlanRefused, PlanState, cancel, move
from scheduler.preflight.practice import End, ends_at, people, require_time, why_over
from scheduler.preflight.settings import PreflightSettings
from tests.scheduler.sample import tea

START = 1_800_000_000.0
PLAN = tea(START, id=4)
SETTINGS = PreflightSettings()


def over(plan=PLAN, channel_id=2, empty_s=0.0, before_s=3600.0):
    return why_over(plan, channel_id, empty_s, SETTINGS, START - before_s)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({}, None),
        ({"before_s": 301.0}, None),
        ({"before_s": 300.0}, End.TIME),
        ({"before_s": -5.0}, End.TIME),
        ({"empty_s": 119.0}, None),
        ({"empty_s": 120.0}, End.EMPTY),
        ({"channel_id": 9}, End.PLAN),
        ({"plan": None}, End.PLAN),
        ({"plan": cancel(PLAN, "")}, End.PLAN),
        ({"plan": replace(PLAN, state=PlanState.OPENED)}, End.PLAN),
        ({"plan": move(PLAN, START + 600), "before_s": 10.0}, None),
        ({"plan": move(PLAN, START - 600), "before_s": 890.0}, End.TIME),
    ],
)
def test_it_ends_with_its_time_its_people_or_its_plan(now, expected):
    """Five minutes before the start at the latest; a moved plan moves that."""
    assert over(**now) is expected


def test_one_that_would_end_at_once_is_refused():
    """With how long before the start it ends."""
    require_time(PLAN, SETTINGS, ends_at(PLAN, SETTINGS) - 1)
    with pytest.raises(PlanRefused) as refused:
        require_time(PLAN, SETTINGS, ends_at(PLAN, SETTINGS))

    assert refused.value.key == "practice.too_late"
    assert refused.value.params["n"] == 5


@pytest.mark.parametrize(
    "state", [one for one in PlanState if one.value != "scheduled"]
)
def test_a_plan_that_is_not_to_come_has_no_practice(state):
    """There is nothing to practise for."""
    with pytest.raises(PlanRefused, match=r"plan\.state"):
        require_time(replace(PLAN, state=state), SETTINGS, START - 9999)


def test_it_is_for_the_host_and_the_guests_who_have_not_declined():
    """Also those who have not answered yet: it may be how they decide."""
    guests = [
        Guest(plan_id=4, user_id=user_id, state=state, invited_by=3, invited_at=0.0)
        for user_id, state in enumerate(GuestState, 10)
    ]

    assert people(PLAN, guests) == [3, 10, 11]
