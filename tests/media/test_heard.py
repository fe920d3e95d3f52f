"""What the chain tells."""

import pytest

from media.heard import FRAME_S, FRAMES_PER_S, SILENCE, SpurtClosed, TalkSpurt
from media.toc import frames_of


def test_grid():
    """A slot is 20 ms, both ways round."""
    assert FRAME_S * FRAMES_PER_S == 1


def test_silence_frame_is_one_slot():
    """Discord's silence frame is Opus of 20 ms."""
    assert frames_of(SILENCE) == 1


def test_talk_time_is_the_sum_of_the_intervals():
    """Pauses between the intervals are not talk."""
    talk = ((1.0, 2.0), (2.5, 3.0))
    spurt = TalkSpurt(1, 1.0, 3.0, talk, b"", 0.7, 0, SpurtClosed.PAUSE)

    assert spurt.talk_s == pytest.approx(1.5)
