"""Mixing tracks with the real ffmpeg."""

import asyncio

import numpy as np
import pytest

from media.decode.sound import RATE_HZ, pcm
from media.render import RenderError, arguments, mix
from tests.media.sounds import tone


def samples(path):
    return np.frombuffer(pcm(path), "<i2").astype(float) / 32768


def rms(sound, start, end):
    part = sound[int(start * RATE_HZ) : int(end * RATE_HZ)]
    return float(np.sqrt((part**2).mean()))


def test_tracks_line_up(tmp_path):
    """Second 0.0 of every track is second 0.0 of the mix."""
    ana = tone(tmp_path / "1.ogg", seconds=1.0)
    ben = tone(tmp_path / "2.ogg", seconds=1.0, hertz=600, start=2.0)

    asyncio.run(mix([ana, ben], tmp_path / "mix.flac"))

    sound = samples(tmp_path / "mix.flac")
    assert len(sound) / RATE_HZ == pytest.approx(3.0, abs=0.1)
    assert rms(sound, 0.2, 0.8) > 0.05
    assert rms(sound, 1.3, 1.7) < 0.005
    assert rms(sound, 2.2, 2.8) > 0.05


def test_quiet_and_loud_speakers_are_brought_together(tmp_path):
    """A quiet microphone is not lost behind a loud one."""
    loud = tone(tmp_path / "1.flac", seconds=4.0, volume=0.9)
    quiet = tone(tmp_path / "2.flac", seconds=4.0, volume=0.03, start=5.0)

    asyncio.run(mix([loud, quiet], tmp_path / "mix.flac"))

    sound = samples(tmp_path / "mix.flac")
    assert rms(sound, 1.0, 3.0) / rms(sound, 6.0, 8.0) < 6


def test_the_sum_does_not_clip(tmp_path):
    """Twelve people at once stay under full scale."""
    tracks = [
        tone(tmp_path / f"{n}.flac", seconds=1.0, volume=0.9, hertz=300 + 40 * n)
        for n in range(12)
    ]

    asyncio.run(mix(tracks, tmp_path / "mix.flac"))

    assert np.abs(samples(tmp_path / "mix.flac")).max() < 0.95


def test_progress_is_told_in_seconds(tmp_path):
    """Whoever waits sees how far it is."""
    track = tone(tmp_path / "1.ogg", seconds=20.0)
    told = []

    asyncio.run(mix([track], tmp_path / "mix.ogg", told.append))

    assert told == sorted(told)
    assert told[-1] == pytest.approx(20.0, abs=0.5)


def test_a_render_that_fails_leaves_nothing(tmp_path):
    """No half a file that looks whole, and one line that says why."""
    good = tone(tmp_path / "1.ogg")
    bad = tmp_path / "2.ogg"
    bad.write_bytes(b"this is no sound" * 100)

    with pytest.raises(RenderError, match=r"mix\.ogg: the mix failed") as caught:
        asyncio.run(mix([good, bad], tmp_path / "mix.ogg"))

    assert "\n" not in str(caught.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["1.ogg", "2.ogg"]


def test_a_failed_render_keeps_the_file_that_was_there(tmp_path):
    """An old mix is better than none."""
    (tmp_path / "mix.ogg").write_bytes(b"old")
    bad = tmp_path / "2.ogg"
    bad.write_bytes(b"this is no sound")

    with pytest.raises(RenderError):
        asyncio.run(mix([bad], tmp_path / "mix.ogg"))

    assert (tmp_path / "mix.ogg").read_bytes() == b"old"


def test_cancelling_ends_ffmpeg_and_leaves_nothing(tmp_path):
    """A render that nobody wants any more stops at once."""
    track = tone(tmp_path / "1.flac", seconds=600.0)

    async def scenario():
        started = asyncio.Event()
        render = asyncio.create_task(
            mix([track], tmp_path / "mix.ogg", lambda _: started.set())
        )
        await asyncio.wait_for(started.wait(), 20)
        render.cancel()
        await asyncio.wait([render], timeout=10)
        return render.cancelled()

    assert asyncio.run(scenario())
    assert [p.name for p in tmp_path.iterdir()] == ["1.flac"]


def test_no_room_on_the_disk_is_one_line(tmp_path):
    """A folder that cannot be written to is named; nothing is left behind."""
    track = tone(tmp_path / "1.ogg")

    with pytest.raises(RenderError, match="mix"):
        asyncio.run(mix([track], tmp_path / "absent" / "mix.ogg"))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("none.ogg", None, "no such track"), ("zero.ogg", b"", "the track is empty")],
)
def test_missing_and_empty_tracks_are_named(tmp_path, name, content, says):
    """The line names the track, not only the mix."""
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(RenderError, match=f"{name}: {says}"):
        asyncio.run(mix([tmp_path / name], tmp_path / "mix.ogg"))


def test_no_tracks_and_no_format_are_refused(tmp_path):
    """What cannot be done is said before ffmpeg starts."""
    with pytest.raises(RenderError, match="no tracks"):
        asyncio.run(mix([], tmp_path / "mix.ogg"))
    track = tone(tmp_path / "1.ogg")
    with pytest.raises(RenderError, match="format is not one of"):
        asyncio.run(mix([track], tmp_path / "mix.exe"))


def test_names_cannot_become_options(tmp_path):
    """A track named like an option or a URL is still a file."""
    built = arguments([tmp_path / "-i http:.ogg"], tmp_path / "mix.ogg")

    assert f"file:{tmp_path / '-i http:.ogg'}" in built
    assert "file,pipe" in built
