"""Durations of Opus packets by their first byte."""

import pytest

from media.toc import frames_of


@pytest.mark.parametrize(
    ("opus", "frames"),
    [
        (b"\xf8\xff\xfe", 1),  # CELT 20 ms: the silence frame
        (b"\x78" + bytes(9), 1),  # hybrid 20 ms, what Discord's clients send
        (b"\x79" + bytes(9), 2),  # two frames of equal size
        (b"\x7a" + bytes(9), 2),  # two frames of different size
        (b"\x7b\x03" + bytes(9), 3),  # a counted number of frames
        (b"\x18" + bytes(9), 3),  # SILK 60 ms
        (b"\x10" + bytes(9), 2),  # SILK 40 ms
        (b"\x71" + bytes(9), 1),  # two of 10 ms
        (b"\x70" + bytes(9), 0),  # one of 10 ms: off the grid
        (b"\xe0" + bytes(9), 0),  # CELT 2.5 ms
        (b"\x7b", 0),  # the count is missing
        (b"\x7b\x00", 0),  # no frames
        (b"\x7b\x07", 0),  # 140 ms: more than a packet may hold
        (b"", 0),
    ],
)
def test_frames(opus, frames):
    """Whole 20 ms frames are counted; anything else is off the grid (RFC 6716 3.1)."""
    assert frames_of(opus) == frames
