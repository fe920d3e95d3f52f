"""Clips: Opus packets as they stand in the file."""

import pytest

from bot.errors import UsageError
from bot.rehearsal.voices.clip import Clip, read_frames
from bot.rehearsal.voices.synthesis import SHIPPED

SPEECH = Clip(tuple(bytes([n]) for n in range(100)), ((0.1, 0.5), (0.9, 1.6)))


def test_length_and_talk():
    """A packet is 20 ms; talk is what is spoken of it."""
    assert SPEECH.seconds == pytest.approx(2.0)
    assert SPEECH.talk_s == pytest.approx(1.1)


def test_cut():
    """The beginning of a clip has the beginning of its speech."""
    cut = SPEECH.cut(1.0)

    assert cut.frames == SPEECH.frames[:50]
    assert cut.spoken == ((0.1, 0.5), (0.9, 1.0))


@pytest.mark.parametrize(
    "path", sorted(SHIPPED.glob("*.opus"))[:3], ids=lambda p: p.name
)
def test_a_shipped_recording(path):
    """Every packet is one mono frame of 20 ms (RFC 6716, 3.1)."""
    frames = read_frames(path)

    assert len(frames) > 40
    for frame in frames:
        config, stereo, code = frame[0] >> 3, frame[0] & 4, frame[0] & 3
        silk = config < 12 and config % 4 == 1
        hybrid = 12 <= config < 16 and config % 2 == 1
        celt = config >= 16 and config % 4 == 3
        assert silk or hybrid or celt
        assert not stereo
        assert code == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read"), (b"", "no Ogg Opus"), (b"RIFF" * 99, "no Ogg Opus")],
)
def test_a_file_that_is_no_recording(tmp_path, content, words):
    """The line names the file."""
    path = tmp_path / "voice.opus"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(UsageError, match=rf"voice\.opus: {words}"):
        read_frames(path)
