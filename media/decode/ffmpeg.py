"""The ffmpeg program: where it is, and what it says when it cannot.

The system's is preferred; the one inside imageio-ffmpeg's wheel serves machines that
have none. ffmpeg-python builds the arguments, nothing else: names never pass a shell.
"""

import shutil
from pathlib import Path

import imageio_ffmpeg

from media.errors import MediaError

PROTOCOLS = "file,pipe"
"""What ffmpeg may open: a playlist must not reach the network."""

MAX_REASON = 160


class FfmpegError(MediaError):
    """ffmpeg is absent or refused; the message is one line."""


def find_ffmpeg() -> str:
    """Return the ffmpeg to run. FfmpegError where there is none."""
    found = shutil.which("ffmpeg")
    if found is not None:
        return found
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        raise FfmpegError(
            "ffmpeg is not on this machine: install it, or pip install imageio-ffmpeg"
        ) from None


def local(path: Path) -> str:
    """Name a file so that ffmpeg takes it for nothing else."""
    return f"file:{path.absolute()}"


def reason(stderr: bytes) -> str:
    """Return the last line of what ffmpeg said, short and printable."""
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    last = lines[-1] if lines else "no reason given"
    return "".join(c for c in last if c.isprintable())[-MAX_REASON:]
