"""How long people will wait, as far as anybody can tell."""

import pytest

from moderation.events import CohostAdded, SteppedDown
from moderation.space.waits import TURN_S, mean_turn, place_of, waits
from tests.moderation.scene import ANN, BOB, CHO, HOST, MOD, Scene


def waited(scene):
    return [(hand.user_id, wait_s) for hand, _, wait_s in waits(scene.state, scene.now)]


def test_a_free_seat_is_no_wait():
    """As many as there are free seats can come at once."""
    scene = Scene(cap=3, turn_s=60.0)
    scene.hands(ANN, BOB, CHO)

    assert waited(scene) == [(ANN, 0.0), (BOB, 0.0), (CHO, 60.0)]


def test_running_turns_are_waited_for():
    """The one that ends first makes room first."""
    scene = Scene(cap=3, turn_s=60.0)
    scene.seat(ANN)
    scene.wait(20.0)
    scene.seat(BOB)
    scene.hands(CHO, MOD)

    assert waited(scene) == [(CHO, 38.0), (MOD, 58.0)]


def test_without_a_clock_the_turns_so_far_tell():
    """Before any, a turn is taken to last two minutes."""
    scene = Scene()
    assert mean_turn(scene.state) == TURN_S
    scene.seat(ANN)

    scene.do(SteppedDown(ANN), after=30.0)

    assert mean_turn(scene.state) == 30.0


def test_a_floor_of_staff_only_still_has_an_estimate():
    """Somebody may make room."""
    scene = Scene(cap=2)
    scene.do(CohostAdded(HOST, ANN))
    scene.hands(BOB)

    assert waited(scene) == [(BOB, TURN_S)]


@pytest.mark.parametrize(("user_id", "place"), [(ANN, (1, 0.0)), (CHO, None)])
def test_a_member_asks_for_their_place(user_id, place):
    """Nobody waits who has no hand up."""
    scene = Scene()
    scene.hands(ANN)

    assert place_of(scene.state, user_id, scene.now) == place
