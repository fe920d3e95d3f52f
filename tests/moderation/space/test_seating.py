"""The steps that many rules share."""

import pytest

from moderation.events import MemberLeft
from moderation.space.seating import (
    clear_out,
    explain,
    next_callable,
    requeue,
    unseat,
    until_key,
)
from tests.moderation.scene import ANN, BOB, CHO, Scene


@pytest.fixture
def scene():
    return Scene()


def test_an_explanation_names_whom_and_by_whom(scene):
    """And is remembered as the last one."""
    explained = explain(scene.state, "floor.demoted", ANN, BOB, n=3)

    assert explained.params == {"user_id": ANN, "by_id": BOB, "n": 3}
    assert scene.state.last == explained


def test_a_text_with_a_time_has_its_own_key():
    """Catalogues need no conditions."""
    assert until_key("case.muted", None) == ("case.muted", {})
    assert until_key("case.muted", 5.0) == ("case.muted_until", {"until_at": 5.0})


def test_the_next_is_who_can_be_invited(scene):
    """People who left are passed over, not dropped."""
    scene.hands(ANN, BOB)
    scene.do(MemberLeft(ANN))

    assert next_callable(scene.state).user_id == BOB
    assert scene.queue == [ANN, BOB]


def test_two_misses_lower_a_hand(scene):
    """One puts it last."""
    scene.hands(ANN, BOB)
    hand = scene.state.queue.take(ANN)

    assert requeue(scene.state, hand, scene.now)
    assert scene.queue == [BOB, ANN]
    assert not requeue(scene.state, scene.state.queue.take(ANN), scene.now)


def test_clearing_out_leaves_nothing(scene):
    """Seat, hand and invitation go together."""
    scene.seat(ANN)
    scene.hands(BOB)

    clear_out(scene.state, ANN, scene.now)
    clear_out(scene.state, BOB, scene.now)

    assert scene.queue == []
    assert ANN not in scene.floor


def test_a_turn_that_ends_is_counted(scene):
    """The mean turn comes from those that were."""
    scene.seat(CHO)

    unseat(scene.state, CHO, scene.now + 40.0)

    assert (scene.state.turns_ended, scene.state.turns_s) == (1, 40.0)
    assert unseat(scene.state, CHO, scene.now) is None
