"""Received: seconds of sound that decodes; and what members say without a recording."""

import pytest

from bot.rehearsal.standin.received import Received
from bot.rehearsal.standin.tone import speech
from media.opus import OpusDecoder


def test_only_opus_counts():
    """Ciphertext and junk are counted apart."""
    received = Received()

    for packet in speech(0.2):
        received.take(1, packet)
    received.take(1, b"\xff\xff\xff")

    assert received.seconds == {1: pytest.approx(0.2)}
    assert received.undecodable == {1: 1}


def test_a_member_without_a_recording_is_loud_enough_to_be_heard():
    """20 ms frames, as many as asked for, at the level of speech."""
    decoder = OpusDecoder()

    pcm = decoder.decode(list(speech(0.5)))
    samples = memoryview(pcm).cast("h")

    assert len(speech(0.5)) == 25
    assert len(samples) == pytest.approx(8000)
    assert max(samples) > 3000
