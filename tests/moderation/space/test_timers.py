"""What is due when."""

from moderation.events import (
    Invited,
    MemberJoined,
    MemberLeft,
    MemberMuted,
    SeatGraceEnded,
    SpaceEnded,
    SpacePaused,
    TurnWarned,
)
from moderation.space.timers import timers
from tests.moderation.scene import ANN, BOB, CHO, HOST, Scene


def due(scene):
    """Return what is due, by the name of the event, in seconds from now."""
    return {type(event).__name__: at - scene.now for at, event in timers(scene.state)}


def test_a_quiet_room_waits_for_nothing():
    """No timer runs without a reason."""
    assert due(Scene()) == {}


def test_every_timer_has_its_time():
    """All of them at once, each from its own start."""
    scene = Scene(turn_s=60.0, hard_end_s=7200.0)
    scene.seat(ANN)
    scene.do(Invited(HOST, BOB))
    scene.do(MemberMuted(HOST, CHO, until=scene.now + 300.0))
    scene.do(MemberLeft(HOST))
    scene.do(MemberLeft(ANN))

    assert due(scene) == {
        "TurnWarned": 30.0,
        "InvitationExpired": 60.0,
        "SeatGraceEnded": 60.0,
        "HostGraceEnded": 120.0,
        "SanctionLapsed": 300.0,
        "SpaceClosed": 7200.0,
    }


def test_turns_and_invitations_do_not_run_while_paused():
    """Grace and sanctions do."""
    scene = Scene(turn_s=60.0)
    scene.seat(ANN)
    scene.do(Invited(HOST, BOB))
    scene.hands(CHO)
    scene.do(MemberLeft(CHO))
    scene.do(SpacePaused(HOST))

    assert due(scene) == {"SeatGraceEnded": 60.0}


def test_nothing_is_due_after_the_end():
    """An ended Space sleeps."""
    scene = Scene(turn_s=60.0, hard_end_s=7200.0)
    scene.seat(ANN)
    scene.do(SpaceEnded(HOST))

    assert due(scene) == {}


def test_what_is_due_comes_oldest_first_and_changes_nothing():
    """Asking twice gives the same answer."""
    scene = Scene(turn_s=100.0)
    scene.seat(ANN)
    scene.do(MemberLeft(BOB))
    scene.hands(CHO)
    scene.do(MemberLeft(CHO))
    later = scene.now + 80.0

    first = scene.space.on_deadline(later)

    assert first == [SeatGraceEnded(CHO), TurnWarned(ANN, 30.0)]
    assert scene.space.on_deadline(later) == first
    scene.do(MemberJoined(CHO))
    assert scene.space.on_deadline(later) == [TurnWarned(ANN, 30.0)]
