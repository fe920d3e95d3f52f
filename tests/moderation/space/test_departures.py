"""Leaving the floor."""

import pytest

from moderation.effects import Reconcile, Tell
from moderation.events import (
    Answer,
    CohostAdded,
    Demoted,
    HandRaised,
    InvitationAnswered,
    NextCalled,
    SpeakersRotated,
    SpeechEnded,
    SteppedDown,
    Swapped,
)
from moderation.roles import Role
from tests.moderation.scene import ANN, BOB, CHO, HOST, MOD, Scene, only


@pytest.fixture
def scene():
    scene = Scene()
    scene.seat(ANN)
    return scene


def test_stepping_down_is_always_possible_but_for_the_host(scene):
    """The host hands over first; a co-host who steps down is none any more."""
    scene.do(CohostAdded(HOST, BOB))

    effects = scene.do(SteppedDown(ANN))
    scene.do(SteppedDown(BOB))

    assert effects[0] == Reconcile((ANN,))
    assert scene.floor == {HOST}
    assert scene.space.role_of(BOB) is Role.LISTENER
    assert scene.refuses(SteppedDown(HOST)) == "host.hand_over_first"
    assert scene.refuses(SteppedDown(CHO)) == "floor.not_on"


def test_who_may_send_whom_to_the_audience(scene):
    """Co-hosts act on speakers, the host on co-hosts, moderators on both."""
    scene.do(CohostAdded(HOST, BOB))
    scene.seat(CHO)

    scene.do(Demoted(BOB, CHO))

    assert scene.refuses(Demoted(ANN, BOB)) == "right.missing"
    assert scene.refuses(Demoted(BOB, HOST)) == "right.not_on"
    assert scene.refuses(Demoted(BOB, BOB)) == "right.not_on"
    assert scene.refuses(Demoted(MOD, HOST)) == "host.hand_over_first"
    scene.do(Demoted(MOD, BOB))
    assert scene.floor == {HOST, ANN}


def test_a_swap_makes_room_and_invites(scene):
    """One goes, the other is asked; both learn why."""
    effects = scene.do(Swapped(HOST, ANN, BOB))

    assert scene.floor == {HOST}
    assert scene.space.is_invited(BOB)
    assert ANN in {told.user_id for told in only(effects, Tell)}
    assert scene.refuses(Swapped(HOST, ANN, CHO)) == "floor.not_on"


def test_a_cohost_is_not_swapped(scene):
    """A swap is for speakers."""
    scene.do(CohostAdded(HOST, BOB))

    assert scene.refuses(Swapped(HOST, BOB, CHO)) == "floor.is_cohost"


@pytest.mark.parametrize(("spoken", "queue"), [(0.5, [BOB]), (5.0, [])])
def test_a_false_start_keeps_the_place(scene, spoken, queue):
    """Who was taken off before they really spoke is in the queue again."""
    scene.hands(BOB)
    scene.do(NextCalled(HOST))
    scene.do(InvitationAnswered(BOB, Answer.ACCEPTED))
    scene.do(SpeechEnded(BOB, spoken))

    scene.do(Swapped(HOST, BOB, CHO))

    assert scene.queue == queue


def test_rotation_takes_the_longest_speaker(scene):
    """The first who came to the floor makes room for the next in the queue."""
    scene.now += 10.0
    scene.seat(BOB)
    assert scene.refuses(SpeakersRotated(HOST)) == "queue.empty"
    scene.hands(CHO)

    scene.do(SpeakersRotated(HOST))

    assert scene.floor == {HOST, BOB}
    assert scene.space.is_invited(CHO)


def test_rotation_needs_a_speaker():
    """Host and co-hosts are not rotated."""
    scene = Scene()
    scene.hands(CHO)

    assert scene.refuses(SpeakersRotated(HOST)) == "floor.no_speaker"


def test_a_hand_put_up_on_the_floor_jumps_no_queue(scene):
    """Whoever makes room waits behind those who asked before them."""
    scene.hands(BOB, CHO)
    scene.do(HandRaised(ANN), after=1.0)

    scene.do(SpeakersRotated(HOST))

    assert scene.queue == [CHO, ANN]
