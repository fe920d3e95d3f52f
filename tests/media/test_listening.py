"""Listening to recordings: the same spurts whatever the blocks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.hearing import HearingSettings
from media.listening import Listener
from tests.media.voices import voice

RATE = 16_000


class LoudVad:
    """Takes every frame that is not digital silence for speech."""

    def detect(self, frames):
        """Judge frames of 640 bytes."""
        return [any(frame) for frame in frames]


def spoken(seconds):
    """Return so many seconds of a voice that hardly pauses."""
    return voice(seconds).tobytes()


def silence(seconds):
    return bytes(int(seconds * RATE) * 2)


def spurts(sound, blocks):
    listener = Listener(1, LoudVad(), HearingSettings())
    found, at = [], 0
    for size in blocks:
        found += listener.feed(sound[at : at + size])
        at += size
    found += listener.feed(sound[at:])
    return found + listener.close()


def test_silence_is_no_talk():
    """Nothing comes of nothing."""
    assert spurts(silence(5.0), []) == []


def test_a_voice_is_found_where_it_is():
    """Second 0.0 is the first sample; the spurt carries its own sound."""
    found = spurts(silence(2.0) + spoken(0.9) + silence(2.0), [])

    (spurt,) = found
    assert spurt.start == pytest.approx(2.0, abs=0.15)
    assert spurt.end == pytest.approx(2.9, abs=0.15)
    assert len(spurt.pcm) / 2 / RATE >= spurt.end - spurt.start


def test_what_is_open_at_the_end_is_told():
    """A recording that stops in the middle of a word loses nothing."""
    (spurt,) = spurts(silence(1.0) + spoken(0.9), [])

    assert spurt.end == pytest.approx(1.9, abs=0.1)


@settings(max_examples=20)
@given(st.lists(st.integers(1, 40_000), max_size=20))
def test_the_size_of_blocks_does_not_matter(blocks):
    """However a file is read, odd bytes included, the talk is the same."""
    sound = silence(0.5) + spoken(1.5) + silence(1.0) + spoken(1.0) + silence(0.3)

    found = spurts(sound, blocks)

    assert [s.talk for s in found] == [s.talk for s in spurts(sound, [])]


def test_seconds_are_those_of_the_sound():
    """How long a recording is, is told besides."""
    listener = Listener(1, LoudVad(), HearingSettings())

    listener.feed(silence(2.5))

    assert listener.seconds == 2.5
