"""What Discord shows and who is heard."""

import pytest

from moderation.effects import Reconcile, Tell, WishRefused
from moderation.events import (
    CohostAdded,
    Demoted,
    HandRaised,
    Invited,
    MemberLeft,
    QueueClosed,
    RoomHushed,
    RoomUnhushed,
    SpeechEnded,
    SpeechStarted,
    VoiceStateSeen,
)
from moderation.requests import Via
from moderation.settings import RoomKind
from tests.moderation.scene import ANN, BOB, CHO, HOST, Scene, keys, only


@pytest.fixture
def stage():
    return Scene(RoomKind.STAGE)


def audience(user_id, hand_up=False):
    return VoiceStateSeen(user_id, suppressed=True, hand_up=hand_up)


def on_stage(user_id, hand_up=False):
    return VoiceStateSeen(user_id, suppressed=False, hand_up=hand_up)


def test_discords_request_to_speak_is_a_hand(stage):
    """Raised there it stands in the queue; lowered there it is gone."""
    stage.do(audience(ANN))
    stage.do(audience(ANN, hand_up=True))
    assert stage.queue == [ANN]
    assert stage.state.queue.get(ANN).via is Via.STAGE

    stage.do(audience(ANN))

    assert stage.queue == []


def test_a_hand_raised_by_button_is_not_lowered_by_discord(stage):
    """Discord never showed it, so its absence there means nothing."""
    stage.hands(ANN)
    stage.do(audience(ANN))

    assert stage.queue == [ANN]


def test_a_request_that_is_refused_is_answered_and_lowered(stage):
    """A fact cannot be refused, but it can be put right."""
    stage.do(QueueClosed(HOST))

    effects = stage.do(audience(ANN, hand_up=True))

    assert effects[0] == Reconcile((ANN,))
    assert only(effects, Tell)[0].key == "queue.closed"
    assert only(effects, WishRefused) == [WishRefused("queue.closed", ANN)]
    assert stage.queue == []


def test_discords_own_invitation_window_counts(stage):
    """Accepting there is accepting."""
    stage.do(Invited(HOST, ANN))
    stage.do(on_stage(ANN, hand_up=True))
    assert not stage.space.may_speak(ANN)

    stage.do(on_stage(ANN))

    assert stage.space.may_speak(ANN)


def test_declining_in_discord_is_declining(stage):
    """Back in the audience after the invitation was shown."""
    stage.do(audience(ANN))
    stage.do(Invited(HOST, ANN))
    stage.do(on_stage(ANN, hand_up=True))

    stage.do(audience(ANN))

    assert not stage.space.is_invited(ANN)
    assert stage.why == "invitation.declined"


def test_still_in_the_audience_is_not_declining(stage):
    """The invitation may not have reached Discord yet."""
    stage.do(audience(ANN))
    stage.do(Invited(HOST, ANN))
    stage.do(VoiceStateSeen(ANN, suppressed=True, self_muted=True))

    assert stage.space.is_invited(ANN)


def test_moving_to_the_audience_in_discord_is_stepping_down(stage):
    """For speakers; a co-host stays one."""
    stage.seat(ANN)
    stage.do(CohostAdded(HOST, BOB))
    for user_id in (ANN, BOB):
        stage.do(on_stage(user_id))
        stage.do(audience(user_id))

    assert stage.floor == {HOST, BOB}


def test_being_hushed_is_not_stepping_down(stage):
    """The suppression that the Space itself asked for takes nobody's seat."""
    stage.seat(ANN)
    stage.do(on_stage(ANN))
    stage.do(RoomHushed(HOST))
    stage.do(RoomUnhushed(HOST))

    stage.do(audience(ANN))

    assert stage.floor == {HOST, ANN}


def test_being_taken_off_and_called_back_is_not_stepping_down(stage):
    """The suppression of the first may be seen after the second."""
    stage.seat(ANN)
    stage.do(on_stage(ANN))
    stage.do(Demoted(HOST, ANN))
    stage.seat(ANN)

    stage.do(audience(ANN))

    assert stage.floor == {HOST, ANN}


def test_in_a_voice_channel_only_the_room_is_put_right():
    """Suppression means no permission to speak there, not an audience."""
    scene = Scene(RoomKind.VOICE)

    assert scene.do(audience(ANN, hand_up=True)) == [Reconcile((ANN,))]
    assert scene.queue == []


def test_people_elsewhere_are_none_of_its_business(stage):
    """A voice state of somebody who left changes nothing."""
    stage.do(MemberLeft(ANN))

    assert stage.do(on_stage(ANN)) == []


def test_whoever_speaks_without_the_floor_is_silenced_and_told_once(stage):
    """Not at every syllable."""
    first = stage.do(SpeechStarted(ANN))
    second = stage.do(SpeechStarted(ANN), after=5.0)

    assert first[0] == Reconcile((ANN,))
    assert only(first, Tell)[0].key == "floor.not_yours"
    assert second == [Reconcile((ANN,))]
    assert only(stage.do(SpeechStarted(ANN), after=60.0), Tell) != []


def test_seconds_are_counted_for_everybody(stage):
    """Also of those who have not the floor, for it was heard."""
    stage.do(SpeechStarted(HOST))
    assert stage.space.is_speaking(HOST)

    stage.do(SpeechEnded(HOST, 2.5))
    stage.do(SpeechEnded(CHO, 1.0))
    stage.do(SpeechEnded(CHO, -7.0))

    assert stage.state.people.spoken(HOST).seconds == 2.5
    assert stage.state.people.spoken(CHO).seconds == 1.0
    assert not stage.space.is_speaking(HOST)


def test_coughs_add_up_to_speech(stage):
    """Real speech is counted over the turn, not in one breath."""
    stage.seat(ANN)
    stage.do(HandRaised(ANN))
    stage.do(SpeechEnded(ANN, 2.0))

    assert keys(stage.do(SpeechEnded(ANN, 1.5))) == ["hand.lowered_by_speech"]
