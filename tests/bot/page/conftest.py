"""A track for the page to serve."""

import shutil
import subprocess

import imageio_ffmpeg
import pytest


@pytest.fixture(scope="session")
def track(tmp_path_factory):
    """Six seconds of sound in an Ogg Opus file."""
    path = tmp_path_factory.mktemp("track") / "ana.ogg"
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=6"]
    ffmpeg = shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([ffmpeg, "-v", "error", *tone, "-c:a", "libopus", path], check=True)
    return path
