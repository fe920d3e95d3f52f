"""Captions are of the transcript; a speaker may have a language of their own."""

import pytest

from moderation.effects import AskConsent, StartCaptions, StartTranscript, StopCaptions
from moderation.events import (
    CaptionsStarted,
    CaptionsStopped,
    SpaceEnded,
    SpokenLanguageSet,
    TranscriptStarted,
    TranscriptStopped,
)
from tests.moderation.scene import ANN, HOST, Scene, only


@pytest.fixture
def scene():
    return Scene()


def test_captions_turn_the_transcript_on_and_ask_for_consent(scene):
    """One press is enough, and nobody is shown without having been asked."""
    effects = scene.do(CaptionsStarted(HOST, 55))

    assert only(effects, StartTranscript)
    assert only(effects, AskConsent)
    assert only(effects, StartCaptions) == [StartCaptions(55)]
    assert scene.space.view(scene.now).captions
    assert scene.refuses(CaptionsStarted(HOST)) == "captions.already_on"


def test_a_running_transcript_is_not_started_twice(scene):
    """Captions only show what is written anyway."""
    scene.do(TranscriptStarted(HOST))

    assert only(scene.do(CaptionsStarted(HOST)), StartTranscript) == []


def test_captions_end_and_the_transcript_goes_on(scene):
    """Who turns captions off did not ask for less to be written down."""
    scene.do(CaptionsStarted(HOST))

    effects = scene.do(CaptionsStopped(HOST))

    assert only(effects, StopCaptions)
    assert scene.state.consents.transcript
    assert scene.refuses(CaptionsStopped(HOST)) == "captions.not_on"


def test_without_a_transcript_there_are_no_captions(scene):
    """Turning the transcript off ends them, and so does the end of the Space."""
    scene.do(CaptionsStarted(HOST))

    assert only(scene.do(TranscriptStopped(HOST)), StopCaptions)

    scene.do(CaptionsStarted(HOST))
    scene.do(SpaceEnded(HOST))
    assert not scene.space.view(scene.now).captions


def test_members_turn_no_captions_on(scene):
    """It is for those who may record."""
    assert scene.refuses(CaptionsStarted(ANN)) == "right.missing"


def test_a_speaker_has_a_language_of_their_own(scene):
    """Set by the host or by themself; taken back by naming none."""
    scene.do(SpokenLanguageSet(HOST, ANN, "es"))
    assert scene.state.languages == {ANN: "es"}

    scene.do(SpokenLanguageSet(ANN, ANN, ""))
    assert scene.state.languages == {}

    assert scene.refuses(SpokenLanguageSet(ANN, HOST, "es")) == "right.missing"
    assert scene.refuses(SpokenLanguageSet(HOST, ANN, "xx")) == "spoken.unknown"
