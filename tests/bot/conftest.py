"""A track for whoever needs sound."""

import subprocess

import pytest

from media.decode.ffmpeg import find_ffmpeg


@pytest.fixture(scope="session")
def track(tmp_path_factory):
    """Give six seconds of sound in an Ogg Opus file."""
    path = tmp_path_factory.mktemp("track") / "ana.ogg"
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=6"]
    subprocess.run(
        [find_ffmpeg(), "-v", "error", *tone, "-c:a", "libopus", path], check=True
    )
    return path
