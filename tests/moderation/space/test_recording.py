"""Consent, recording and transcript."""

import pytest

from media.consent import Consent
from moderation.effects import (
    AskConsent,
    PauseRecording,
    SetConsent,
    StartRecording,
    StartTranscript,
    StopRecording,
    StopTranscript,
)
from moderation.events import (
    ConsentGiven,
    ConsentWithdrawn,
    MemberJoined,
    RecordingFailed,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
    SpacePaused,
    TranscriptStarted,
    TranscriptStopped,
)
from moderation.view import Keeping
from tests.moderation.scene import ANN, BOB, CHO, HOST, MOD, Scene, keys, only


@pytest.fixture
def scene():
    return Scene()


def test_nothing_is_kept_until_somebody_with_the_right_turns_it_on(scene):
    """And then everybody present who has not answered is asked."""
    scene.do(ConsentGiven(ANN, Consent.AUDIO, "1"))
    scene.do(MemberJoined(80, bot=True))
    view = scene.space.view(scene.now)
    assert (view.recording, view.transcript) == (Keeping.OFF, False)
    assert scene.refuses(RecordingStarted(ANN)) == "right.missing"

    effects = scene.do(RecordingStarted(HOST))

    assert effects[0] == StartRecording()
    assert only(effects, AskConsent) == [AskConsent((HOST, BOB, CHO, MOD))]
    assert keys(effects) == ["recording.on"]


def test_an_answer_counts_at_once(scene):
    """Whatever the level, and also when it is taken back."""
    effects = scene.do(ConsentGiven(ANN, Consent.TRANSCRIPT, "1"))
    assert effects[0] == SetConsent(ANN, Consent.TRANSCRIPT)
    assert scene.space.view(scene.now).consents == {Consent.TRANSCRIPT: 1}

    effects = scene.do(ConsentWithdrawn(ANN))
    assert effects[0] == SetConsent(ANN, Consent.NOTHING)
    assert scene.state.consents.level(ANN) is Consent.NOTHING


def test_recording_can_be_paused_resumed_and_stopped(scene):
    """Each only when it makes sense."""
    assert scene.refuses(RecordingPaused(HOST)) == "recording.not_on"
    assert scene.refuses(RecordingStopped(HOST)) == "recording.not_on"
    scene.do(RecordingStarted(HOST))
    assert scene.refuses(RecordingStarted(HOST)) == "recording.already_on"
    assert scene.refuses(RecordingResumed(HOST)) == "recording.not_paused"

    assert scene.do(RecordingPaused(HOST))[0] == PauseRecording()
    assert scene.do(RecordingResumed(HOST))[0] == StartRecording()
    assert scene.do(RecordingStopped(HOST))[0] == StopRecording()


def test_recording_turned_on_in_an_intermission_waits_for_its_end(scene):
    """Nothing is written while the room is paused."""
    scene.do(SpacePaused(HOST))

    assert only(scene.do(RecordingStarted(HOST)), StartRecording) == []


def test_a_fault_that_stops_recording_is_said(scene):
    """Once; afterwards there is nothing left to stop."""
    scene.do(RecordingStarted(HOST))

    effects = scene.do(RecordingFailed("fault.disk"))

    assert keys(effects) == ["recording.failed"]
    assert StopRecording() in effects
    assert scene.do(RecordingFailed("fault.disk")) == []


def test_the_transcript_is_turned_on_and_off(scene):
    """Who was never asked is asked here too."""
    effects = scene.do(TranscriptStarted(HOST))
    assert effects[0] == StartTranscript()
    assert only(effects, AskConsent) != []
    assert scene.refuses(TranscriptStarted(HOST)) == "transcript.already_on"

    assert scene.do(TranscriptStopped(HOST))[0] == StopTranscript()
    assert scene.refuses(TranscriptStopped(HOST)) == "transcript.not_on"
