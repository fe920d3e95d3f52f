"""What hosts are told of recognition."""

import pytest

from bot.talk.recogniser import RecogniserWatch
from bot.texts.catalogue import load
from bot.texts.language import LANGUAGES
from media.whisper.status import Mode, Reason, TranscriberStatus


def told(*looks):
    """Return the texts for the hosts of a room that takes these looks."""
    keys = []
    watch = RecogniserWatch(lambda effects: keys.extend(one.key for one in effects))
    for look in looks:
        watch.follow(look)
    return keys


def test_each_change_of_mode_is_told_once():
    """Where nothing is transcribed there is nothing to tell."""
    slow = TranscriberStatus(Mode.FINAL_ONLY, Reason.TOO_SLOW, lag_s=40.0)
    full = TranscriberStatus(Mode.FULL)

    assert told(None, full, slow, slow, None, full) == [
        "speech.final_only",
        "speech.full",
    ]


def test_a_smaller_model_that_fails_is_told_once():
    """With the change of mode that it brings, and never again."""
    smaller = TranscriberStatus(Mode.SMALLER, Reason.TOO_SLOW, lag_s=12.0)
    without = TranscriberStatus(Mode.FULL, smaller_fails=True)

    assert told(smaller, without, without) == [
        "speech.smaller",
        "speech.smaller_fails",
        "speech.full",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mode_has_words(language):
    """Also every reason, as it is part of them."""
    catalogue = load()
    keys = [f"speech.{mode.name.lower()}" for mode in Mode]
    keys += [f"speech.reason_{reason.name.lower()}" for reason in Reason]

    assert [key for key in keys if not catalogue.find(language, key)] == []
