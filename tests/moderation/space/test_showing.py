"""The Space as others see it."""

from moderation.events import (
    CohostAdded,
    HandRaised,
    Invited,
    MemberJoined,
    MemberLeft,
    SideTaken,
    SpacePaused,
    SpeechEnded,
    SpeechStarted,
)
from moderation.requests import QueueMode, RequestKind
from moderation.roles import Role
from moderation.view import InvitationView, Phase
from tests.moderation.scene import ANN, BOB, CHO, HOST, MOD, Scene


def test_the_stage_shows_host_cohosts_speakers_in_that_order():
    """Whatever the order in which they came."""
    scene = Scene(turn_s=60.0)
    scene.seat(ANN)
    scene.do(CohostAdded(HOST, BOB))
    scene.do(SpeechStarted(ANN))

    stage = scene.space.view(scene.now + 5.0).stage

    assert [(seat.user_id, seat.role) for seat in stage] == [
        (HOST, Role.HOST),
        (BOB, Role.COHOST),
        (ANN, Role.SPEAKER),
    ]
    assert stage[2].ends_at == scene.now + 60.0
    assert stage[2].speaking
    assert stage[2].seconds == 5.0


def test_the_queue_shows_place_wait_and_reason():
    """Everybody sees why somebody is before them."""
    scene = Scene(turn_s=60.0, cap=2)
    scene.seat(ANN)
    scene.hands(BOB)
    scene.do(HandRaised(CHO, RequestKind.POINT_OF_ORDER, "the time!"))
    scene.do(MemberLeft(BOB))

    first, second = scene.space.view(scene.now).queue

    assert (first.user_id, first.reason_key) == (CHO, "why.point_of_order")
    assert (second.user_id, second.reason_key) == (BOB, "why.first_come")
    assert (first.wait_s, second.wait_s) == (59.0, 119.0)
    assert not second.present


def test_in_a_debate_the_reason_is_how_long_the_side_has_spoken():
    """Not how long the member has; who is on no side is told so."""
    scene = Scene(queue_mode=QueueMode.SIDES, sides=("for", "against"))
    for user_id, side in ((ANN, "for"), (BOB, "for"), (CHO, "against")):
        scene.do(SideTaken(user_id, side))
    scene.do(SpeechEnded(BOB, 20.0))
    scene.hands(ANN, CHO, MOD)

    reasons = {
        hand.user_id: (hand.reason_key, dict(hand.reason_params))
        for hand in scene.space.view(scene.now).queue
    }

    assert reasons == {
        ANN: ("why.sides", {"spoken_s": 20.0, "side": "for"}),
        CHO: ("why.sides", {"spoken_s": 0.0, "side": "against"}),
        MOD: ("why.no_side", {}),
    }


def test_counts_leave_bots_out():
    """Other bots are no audience."""
    scene = Scene()
    scene.do(MemberJoined(80, bot=True))

    assert scene.space.view(scene.now).present == 5


def test_while_paused_no_clock_is_shown():
    """It stands still."""
    scene = Scene(turn_s=60.0)
    scene.seat(ANN)
    scene.do(Invited(HOST, MOD))
    scene.do(SpacePaused(HOST))

    view = scene.space.view(scene.now)

    assert view.phase is Phase.PAUSED
    assert view.stage[1].ends_at is None
    assert view.invited == (InvitationView(MOD, scene.now + 60.0),)


def test_the_last_change_is_shown():
    """One sentence."""
    scene = Scene()
    scene.do(MemberLeft(HOST))

    view = scene.space.view(scene.now)

    assert (view.last_key, view.host_away) == ("space.opened", True)
