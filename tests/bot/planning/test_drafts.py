"""Drafts: decided once, given back when it could not be done, forgotten in the end."""

import pytest

from bot.planning.drafts import DROPPED, MOST, PLANNED, Draft, Drafts
from scheduler.plans import PlanRefused
from tests.scheduler.sample import tea

PLAN = tea(9.0)


def draft(number):
    return Draft(id=number, plan=PLAN, when="at 8")


def why_not(drafts, number):
    """Return what somebody reads who presses a button of a draft that is not open."""
    with pytest.raises(PlanRefused) as refused:
        drafts.decide(number, PLANNED)
    return refused.value.key


@pytest.mark.parametrize("how", [PLANNED, DROPPED])
def test_a_draft_is_decided_once(how):
    """The second press is told what the first one did."""
    drafts = Drafts()
    drafts.keep(draft(7))

    assert drafts.decide(7, how) == draft(7)
    assert why_not(drafts, 7) == how


def test_a_form_that_comes_late_opens_nothing_again():
    """What is decided stays so, whatever a form that was still open says."""
    drafts = Drafts()
    drafts.keep(draft(7))
    drafts.decide(7, DROPPED)
    drafts.keep(draft(7))

    assert why_not(drafts, 7) == DROPPED


def test_what_could_not_be_planned_can_be_tried_again():
    """Another plan came between: a new time is enough."""
    drafts = Drafts()
    drafts.keep(draft(7))
    drafts.give_back(drafts.decide(7, PLANNED))

    assert drafts.get(7) == draft(7)


def test_a_draft_of_another_process_is_too_old():
    """And so is one that many came after: memory is bounded."""
    drafts = Drafts()
    for number in range(MOST + 1):
        drafts.keep(draft(number))

    assert why_not(drafts, 10**18) == "plan.ask.too_old"
    assert why_not(drafts, 0) == "plan.ask.too_old"
    assert drafts.get(MOST) == draft(MOST)
