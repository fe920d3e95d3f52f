"""How plans stand with their events."""

from dataclasses import replace

import pytest

from bot.planning.mirror import Seen, Status, shape
from bot.planning.standing import Standing
from tests.scheduler.sample import tea

PLAN = tea(1_800_000_000.0, id=7)
OTHER = replace(PLAN, topic="Coffee")
SEEN = Seen(9, shape(PLAN), Status.SCHEDULED, "", own=True)


def test_what_agrees_is_done_with_until_one_of_both_changes():
    """Another plan of that id, or a touched event, is looked at again."""
    standing = Standing()
    assert not standing.has_nothing_to_do(PLAN)

    standing.settle(PLAN)
    assert standing.has_nothing_to_do(PLAN)
    assert not standing.has_nothing_to_do(OTHER)

    standing.touch(PLAN.id)
    assert not standing.has_nothing_to_do(PLAN)


@pytest.mark.parametrize("note", [Standing.settle, Standing.refuse])
def test_what_is_noted_after_a_touch_was_found_before_it(note):
    """A step that was under way ends later than Discord's word of the touch comes."""
    standing = Standing()
    standing.touch(PLAN.id)
    note(standing, PLAN)
    assert not standing.has_nothing_to_do(PLAN)

    note(standing, PLAN)
    assert standing.has_nothing_to_do(PLAN)


def test_what_was_refused_is_not_asked_for_again_until_it_agrees():
    """The same wish would be refused the same way."""
    standing = Standing()
    standing.refuse(OTHER)
    assert standing.has_nothing_to_do(OTHER)

    standing.settle(PLAN)
    assert not standing.has_nothing_to_do(OTHER)


def test_a_step_on_the_same_is_known():
    """What Discord took and shows the same is not tried for ever."""
    standing = Standing()

    assert [
        standing.same_as_last(PLAN, None),
        standing.same_as_last(PLAN, SEEN),
        standing.same_as_last(PLAN, SEEN),
        standing.same_as_last(OTHER, SEEN),
    ] == [False, False, True, False]
