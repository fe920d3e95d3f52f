"""Decoding files with the real ffmpeg."""

import pytest

from media.decode.sound import RATE_HZ, SoundError, blocks, pcm
from tests.media.sounds import tone


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a"])
def test_any_format_becomes_16_khz_mono(tmp_path, suffix):
    """What ffmpeg reads, the rest of the program can hear."""
    path = tone(tmp_path / f"tone{suffix}", seconds=2.0)

    assert len(pcm(path)) / 2 / RATE_HZ == pytest.approx(2.0, abs=0.1)


def test_long_files_come_in_blocks(tmp_path):
    """Nobody has to hold hours of sound in memory."""
    path = tone(tmp_path / "tone.flac", seconds=25.0)

    lengths = [len(block) / 2 / RATE_HZ for block in blocks(path)]

    assert lengths == [10.0, 10.0, 5.0]


BAD = [
    (b"", "the file is empty"),
    (b"no sound at all, just text " * 40, "not sound that ffmpeg can read"),
    (b"#EXTM3U\n#EXTINF:1,\nhttp://example.org/a.mp3\n", "not sound"),
]


@pytest.mark.parametrize(("content", "says"), BAD)
def test_what_is_no_sound_is_one_line(tmp_path, content, says):
    """The line names the file and why; a playlist does not reach the network."""
    path = tmp_path / "track.ogg"
    path.write_bytes(content)

    with pytest.raises(SoundError, match=says) as caught:
        pcm(path)

    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_absent_files_and_directories_are_named(tmp_path):
    """A wrong path is not an ffmpeg error."""
    with pytest.raises(SoundError, match="No such file"):
        pcm(tmp_path / "absent.ogg")
    with pytest.raises(SoundError, match="a directory"):
        pcm(tmp_path)


def test_a_file_named_like_an_option_is_read(tmp_path, monkeypatch):
    """A name is a name, whatever it looks like."""
    monkeypatch.chdir(tmp_path)
    tone(tmp_path / "plain.wav").rename(tmp_path / "-version.wav")

    from pathlib import Path

    assert pcm(Path("-version.wav"))


def test_reading_can_be_stopped_in_the_middle(tmp_path):
    """Whoever stops listening leaves no ffmpeg behind."""
    reader = blocks(tone(tmp_path / "tone.flac", seconds=60.0))

    assert next(reader)
    reader.close()

    with pytest.raises(StopIteration):
        next(reader)
