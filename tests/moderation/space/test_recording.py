"""Consent, recording and transcript."""

import pytest

from media.consent import Consent
from media.heard import TrackTrouble
from moderation.effects import (
    Announce,
    AskConsent,
    PauseRecording,
    SetConsent,
    StartRecording,
    StartTranscript,
    StopRecording,
    StopTranscript,
    TellHosts,
)
from moderation.events import (
    BotReturned,
    ConsentGiven,
    ConsentWithdrawn,
    MemberJoined,
    RecordingFailed,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
    SpacePaused,
    SpaceResumed,
    TrackFailed,
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


def test_a_track_that_fails_concerns_one_speaker(scene):
    """The room reads whose and why, the hosts what to do, and recording goes on."""
    scene.do(RecordingStarted(HOST))

    effects = scene.do(TrackFailed(ANN, TrackTrouble.GONE))

    about = {"user_id": ANN, "reason_key": "recording.gone"}
    assert only(effects, StopRecording) == []
    assert only(effects, Announce) == [
        Announce("room.recording.track_failed", params=about)
    ]
    assert only(effects, TellHosts) == [
        TellHosts("recording.track_failed_hosts", params=about, urgent=True)
    ]
    view = scene.space.view(scene.now)
    assert (view.recording, view.unrecorded) == (Keeping.ON, (ANN,))


@pytest.mark.parametrize(
    "anew",
    [
        [RecordingStopped(HOST), RecordingStarted(HOST)],
        [RecordingPaused(HOST), RecordingResumed(HOST)],
        [SpacePaused(HOST), SpaceResumed(HOST)],
        [ConsentWithdrawn(ANN), ConsentGiven(ANN, Consent.AUDIO, "1")],
        [BotReturned(9.0)],
    ],
    ids=lambda events: type(events[0]).__name__,
)
def test_what_makes_a_track_try_again_ends_that_it_failed(scene, anew):
    """Until then nothing else does, a repeated answer for one."""
    scene.do(ConsentGiven(ANN, Consent.AUDIO, "1"))
    scene.do(RecordingStarted(HOST))
    scene.do(TrackFailed(ANN, TrackTrouble.REFUSED))
    scene.do(ConsentGiven(ANN, Consent.AUDIO, "1"))
    assert scene.space.view(scene.now).unrecorded == (ANN,)

    for event in anew:
        scene.do(event)

    assert scene.space.view(scene.now).unrecorded == ()


def test_a_track_that_fails_when_recording_is_over_is_told_to_the_hosts(scene):
    """The disk refused its end: nobody is recorded any less by that."""
    scene.do(RecordingStarted(HOST))
    scene.do(RecordingStopped(HOST))

    effects = scene.do(TrackFailed(ANN, TrackTrouble.REFUSED))

    assert [effect.key for effect in effects] == ["recording.track_lacks"]
    assert scene.space.view(scene.now).unrecorded == ()


def test_the_transcript_is_turned_on_and_off(scene):
    """Who was never asked is asked here too."""
    effects = scene.do(TranscriptStarted(HOST))
    assert effects[0] == StartTranscript()
    assert only(effects, AskConsent) != []
    assert scene.refuses(TranscriptStarted(HOST)) == "transcript.already_on"

    assert scene.do(TranscriptStopped(HOST))[0] == StopTranscript()
    assert scene.refuses(TranscriptStopped(HOST)) == "transcript.not_on"
