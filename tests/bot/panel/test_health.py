"""What the panel says about the bot's own work in a room."""

import pytest

from bot.panel.health import recording_lines, speech_lines
from bot.rooms.observation import RoomView
from bot.texts.catalogue import load
from bot.texts.language import LANGUAGES
from bot.texts.wording import Wording
from media.heard import TrackTrouble
from media.whisper.status import Mode, TranscriberStatus
from moderation.events import RecordingStarted, TrackFailed
from tests.moderation.scene import ANN, BOB, HOST, Scene


def look(scene, transcriber=None):
    """Return a look at the scene's Space in which nothing was heard."""
    return RoomView(
        space=scene.space.view(scene.now),
        now=scene.now,
        names={},
        shares=(),
        lines=(),
        nudges=(),
        drift_state="on_topic",
        drift_score=None,
        unheard=(),
        hearing=True,
        transcriber=transcriber,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_not_recorded_any_more_is_named(language):
    """Beside the line that says that those who agreed are."""
    scene, words = Scene(), Wording(load())
    scene.do(RecordingStarted(HOST))
    before = recording_lines(words, language, look(scene))
    for user_id in (BOB, ANN):
        scene.do(TrackFailed(user_id, TrackTrouble.GONE))

    after = recording_lines(words, language, look(scene)).splitlines()

    (new,) = [line for line in after if line not in before.splitlines()]
    assert f"<@{ANN}>, <@{BOB}>" in new


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_smaller_model_that_fails_is_shown_while_lines_keep_up(language):
    """Hosts read it before the machine gets busy, and not only then."""
    words, works = Wording(load()), TranscriberStatus(Mode.FULL)
    fails = TranscriberStatus(Mode.FULL, smaller_fails=True)
    before, after = (
        speech_lines(words, language, look(Scene(), one)).splitlines()
        for one in (works, fails)
    )

    assert after == [*before, words.say(language, "speech.without_smaller")]
