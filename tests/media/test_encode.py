"""PCM in, Opus out, decoded again."""

import numpy as np

from media.encode import FRAME_BYTES, encode
from media.opus import OpusDecoder
from media.toc import frames_of
from media.tone import Note, chime

TONE = chime([Note(0.0, 440.0, 0.5)])


def decoded(packets):
    decoder = OpusDecoder()
    return np.frombuffer(decoder.decode(packets), "<i2")


def test_a_tone_survives():
    """Each packet is 20 ms; pitch and loudness are as before."""
    packets = encode(TONE)
    sound = decoded(packets)

    spectrum = np.abs(np.fft.rfft(sound))
    hz = np.fft.rfftfreq(len(sound), 1 / 16_000)[spectrum.argmax()]
    assert [frames_of(p) for p in packets] == [1] * (len(TONE) // FRAME_BYTES)
    assert abs(hz - 440) < 5
    assert abs(np.abs(sound).max() / np.abs(np.frombuffer(TONE, "<i2")).max() - 1) < 0.1


def test_the_last_frame_is_not_full():
    """Silence fills it; nothing is cut off."""
    assert len(encode(TONE[: FRAME_BYTES + 100])) == 2


def test_nothing_to_encode():
    """No sound, no packets."""
    assert encode(b"") == []
