"""Asking somebody to the floor."""

import pytest

from moderation.effects import DropInvitation, PromptInvitation, Reconcile
from moderation.events import (
    Answer,
    CapSet,
    HandMoved,
    HandRaised,
    HandWithdrawn,
    InvitationAnswered,
    InvitationExpired,
    InvitationWithdrawn,
    Invited,
    LastWordGiven,
    MemberJoined,
    MemberLeft,
    NextCalled,
    SpeakersRotated,
    SteppedDown,
)
from tests.moderation.scene import ANN, BOB, CHO, HOST, MOD, Scene, keys, only


@pytest.fixture
def scene():
    return Scene()


def test_nobody_is_put_on_the_floor_without_accepting(scene):
    """An invitation keeps a seat; only the answer gives it."""
    effects = scene.do(Invited(HOST, ANN, "your turn"))

    prompt = only(effects, PromptInvitation)[0]
    assert (prompt.user_id, prompt.until) == (ANN, scene.now + 60.0)
    assert not scene.space.may_speak(ANN)

    effects = scene.do(InvitationAnswered(ANN, Answer.ACCEPTED))

    assert effects[0] == Reconcile((ANN,))
    assert DropInvitation(ANN) in effects
    assert keys(effects) == ["floor.granted"]
    assert scene.space.may_speak(ANN)


def test_the_next_in_the_queue_is_called(scene):
    """Whoever left is passed over and keeps their place."""
    scene.hands(ANN, BOB)
    scene.do(MemberLeft(ANN))

    scene.do(NextCalled(HOST))

    assert scene.space.is_invited(BOB)
    assert scene.queue == [ANN]
    assert scene.refuses(NextCalled(HOST)) == "queue.empty"


def test_a_full_floor_refuses_the_fourteenth(scene):
    """An open invitation counts as a seat, so whoever accepts finds one."""
    scene.do(CapSet(HOST, 2))
    scene.do(Invited(HOST, ANN))

    assert scene.refuses(Invited(HOST, BOB)) == "floor.full"
    scene.do(InvitationAnswered(ANN, Answer.ACCEPTED))
    assert scene.refuses(Invited(HOST, BOB)) == "floor.full"


def test_who_cannot_be_invited(scene):
    """Each refusal says why."""
    scene.seat(ANN)
    scene.do(Invited(HOST, BOB))

    assert scene.refuses(Invited(HOST, ANN)) == "floor.already"
    assert scene.refuses(Invited(HOST, BOB)) == "floor.already_invited"
    assert scene.refuses(Invited(HOST, 55)) == "member.not_in_room"
    assert scene.refuses(Invited(CHO, MOD)) == "right.missing"


@pytest.mark.parametrize(
    ("answer", "queue"), [(Answer.LATER, [BOB, ANN]), (Answer.DECLINED, [BOB])]
)
def test_later_waits_at_the_end_and_no_does_not(scene, answer, queue):
    """Later keeps the wish to speak."""
    scene.hands(ANN, BOB)
    scene.do(NextCalled(HOST))

    scene.do(InvitationAnswered(ANN, answer))

    assert scene.queue == queue
    assert not scene.space.is_invited(ANN)


def test_later_without_a_hand_raises_one(scene):
    """Somebody who was invited out of the blue may come later too."""
    scene.do(Invited(HOST, ANN))

    scene.do(InvitationAnswered(ANN, Answer.LATER))

    assert scene.queue == [ANN]


def test_answering_twice_is_refused(scene):
    """A double click on an old button changes nothing."""
    scene.seat(ANN)

    again = InvitationAnswered(ANN, Answer.ACCEPTED)

    assert scene.refuses(again) == "floor.already"
    assert scene.refuses(InvitationAnswered(BOB, Answer.LATER)) == "floor.not_invited"


def test_an_unanswered_invitation_goes_to_the_end_once_then_the_hand_is_lowered(scene):
    """A silent member is not lost at the first miss and not called for ever."""
    scene.hands(ANN, BOB)
    scene.do(NextCalled(HOST))

    assert scene.wait(60.0) == [InvitationExpired(ANN)]
    assert scene.queue == [BOB, ANN]
    assert scene.why == "invitation.expired_kept"

    scene.do(Invited(HOST, ANN))
    scene.wait(60.0)

    assert scene.queue == [BOB]
    assert scene.why == "invitation.expired"


def test_a_withdrawn_invitation_puts_the_hand_up_again(scene):
    """The host's change of mind costs nobody their place."""
    scene.hands(ANN, BOB)
    scene.do(NextCalled(HOST))

    scene.do(InvitationWithdrawn(HOST, ANN))

    assert scene.queue == [ANN, BOB]
    assert scene.refuses(InvitationWithdrawn(HOST, ANN)) == "floor.not_invited"


def test_leaving_with_an_invitation_keeps_the_hand(scene):
    """A dropped connection does not cost the place in the queue."""
    scene.hands(ANN)
    scene.do(NextCalled(HOST))

    effects = scene.do(MemberLeft(ANN))

    assert DropInvitation(ANN) in effects
    assert scene.queue == [ANN]


def test_the_last_word_closes_the_queue(scene):
    """After the last word nobody new is heard."""
    scene.do(LastWordGiven(HOST, ANN))

    assert scene.space.is_invited(ANN)
    assert scene.refuses(HandRaised(BOB)) == "queue.closed"


def test_the_last_word_of_a_speaker_needs_no_invitation(scene):
    """Who is on the floor already just has it."""
    scene.seat(ANN)
    scene.do(LastWordGiven(HOST, ANN))
    assert scene.state.last_word_id == ANN

    scene.do(SteppedDown(ANN))

    assert scene.state.last_word_id is None


def test_the_queue_leaves_who_said_later_in_peace_for_a_while():
    """Nobody is asked again in the same breath."""
    scene = Scene(auto_call=True)
    scene.hands(ANN)
    scene.do(InvitationAnswered(ANN, Answer.LATER))
    assert not scene.space.is_invited(ANN)

    scene.do(MemberLeft(BOB), after=60.0)

    assert scene.space.is_invited(ANN)


def test_a_room_that_runs_by_itself_calls_the_next():
    """A free seat is offered at once, and again when somebody steps down."""
    scene = Scene(auto_call=True, cap=2)
    scene.hands(ANN, BOB)
    assert scene.space.is_invited(ANN)
    scene.do(InvitationAnswered(ANN, Answer.ACCEPTED))

    effects = scene.do(SteppedDown(ANN))

    assert [prompt.user_id for prompt in only(effects, PromptInvitation)] == [BOB]


def test_a_late_timer_expires_nothing(scene):
    """Neither an answered invitation nor one that was given more time."""
    scene.do(Invited(HOST, ANN))

    assert scene.do(InvitationExpired(ANN)) == []
    assert scene.do(InvitationExpired(BOB)) == []
    assert scene.space.is_invited(ANN)


@pytest.mark.parametrize("call", [NextCalled, SpeakersRotated])
def test_two_who_press_at_once_call_one(call):
    """The second saw somebody to be next who is invited by now."""
    scene = Scene()
    scene.seat(CHO, MOD)
    scene.hands(ANN, BOB)
    scene.do(call(HOST, seen_id=ANN))

    assert scene.refuses(call(HOST, seen_id=ANN)) == "floor.already_invited"

    scene.do(call(HOST, seen_id=BOB))
    assert set(scene.state.floor.invitations) == {ANN, BOB}


def test_who_is_next_is_called_also_where_another_was_seen(scene):
    """A hand came first, or went, since the panel was looked at."""
    scene.hands(ANN, BOB)
    scene.do(HandMoved(HOST, BOB, 1))

    scene.do(NextCalled(HOST, seen_id=ANN))

    assert set(scene.state.floor.invitations) == {BOB}


def test_who_is_back_in_a_moment_is_invited_still(scene):
    """A phone that changes networks costs nobody the floor; the hand comes along."""
    scene.hands(ANN)
    scene.do(Invited(HOST, ANN, "your turn"))
    scene.do(MemberLeft(ANN), after=5.0)
    assert scene.queue == [ANN]

    effects = scene.do(MemberJoined(ANN), after=5.0)

    (prompt,) = only(effects, PromptInvitation)
    assert (prompt.by, prompt.note) == (HOST, "your turn")
    assert scene.queue == []
    scene.do(InvitationAnswered(ANN, Answer.ACCEPTED))
    assert scene.state.floor.seats[ANN].hand is not None


@pytest.mark.parametrize("away_s", [5.0, 70.0])
def test_who_is_back_too_late_waits_as_before(away_s):
    """The invitation would be over, or the seat went to another."""
    scene = Scene(cap=2, seat_grace_s=600.0)
    scene.hands(ANN)
    scene.do(NextCalled(HOST))
    scene.do(MemberLeft(ANN))
    if away_s < 60.0:
        scene.do(Invited(HOST, BOB))

    effects = scene.do(MemberJoined(ANN), after=away_s)

    assert only(effects, PromptInvitation) == []
    assert scene.queue == [ANN]


def test_who_lowered_the_hand_meanwhile_is_not_invited_again(scene):
    """They, or the host, thought better of it."""
    scene.hands(ANN)
    scene.do(NextCalled(HOST))
    scene.do(MemberLeft(ANN))
    scene.do(HandWithdrawn(ANN))

    assert only(scene.do(MemberJoined(ANN), after=5.0), PromptInvitation) == []


def test_the_last_word_of_who_is_invited_already(scene):
    """They were asked a moment ago: it is theirs, and nobody new is heard."""
    scene.do(Invited(HOST, ANN))

    scene.do(LastWordGiven(HOST, ANN))

    assert scene.space.is_invited(ANN)
    assert scene.refuses(HandRaised(BOB)) == "queue.closed"
