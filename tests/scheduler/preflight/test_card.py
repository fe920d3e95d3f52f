"""The go/no-go card: once for each start, late until the start, then not at all."""

from dataclasses import replace

import pytest

from scheduler.plans import PlanState, cancel, move
from scheduler.preflight.card import KIND, cards
from scheduler.preflight.settings import PreflightSettings
from scheduler.sends import Timing, timing
from tests.scheduler.sample import tea

START = 1_800_000_000.0
PLAN = tea(START, id=4)
SETTINGS = PreflightSettings()


def test_it_comes_a_quarter_of_an_hour_before_and_goes_to_the_host():
    """One card, named for its start."""
    (send,) = cards(PLAN, SETTINGS)

    assert (send.kind, send.due_at, send.user_ids) == (KIND, START - 900, (3,))


@pytest.mark.parametrize(
    ("before_s", "expected"),
    [
        (901, Timing.EARLY),
        (900, Timing.ON_TIME),
        (300, Timing.LATE),
        (0, Timing.LATE),
        (-1, Timing.DROPPED),
    ],
)
def test_a_late_one_goes_out_until_the_start(before_s, expected):
    """A plan made five minutes ahead gets its card at once."""
    (send,) = cards(PLAN, SETTINGS)

    assert timing(send, 60.0, START - before_s) is expected


def test_a_moved_plan_gets_another():
    """Its key has the start in it."""
    (before,) = cards(PLAN, SETTINGS)
    (after,) = cards(move(PLAN, START + 3600), SETTINGS)

    assert before.key != after.key


@pytest.mark.parametrize(
    "state", [one for one in PlanState if one.value != "scheduled"]
)
def test_a_plan_that_is_not_to_come_gets_none(state):
    """Nobody has to get ready for it."""
    assert cards(replace(PLAN, state=state), SETTINGS) == []


def test_a_cancelled_plan_gets_none():
    """Whoever cancels takes the card back with it."""
    assert cards(cancel(PLAN, "flu"), SETTINGS) == []


def test_it_can_be_switched_off():
    """0 minutes before is never."""
    assert cards(PLAN, PreflightSettings(before_min=0.0)) == []
