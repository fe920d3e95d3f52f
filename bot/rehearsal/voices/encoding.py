"""Any recording → Opus as Discord's clients send it, and its samples; by ffmpeg."""

import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import UsageError
from media.decode.ffmpeg import find_ffmpeg, local, reason

RATE = 16_000
TIMEOUT_S = 120
OPUS = (
    *("-ar", "48000", "-ac", "1", "-c:a", "libopus", "-b:a", "32k"),
    *("-application", "voip", "-frame_duration", "20", "-vbr", "on"),
    *("-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact"),
)
"""48 kHz mono, 32 kb/s, 20 ms packets; the same input makes the same file."""


def encode(source: Path, target: Path) -> NDArray[np.int16]:
    """Write ``source`` as an Ogg Opus file; return its samples, mono at ``RATE`` Hz.

    Raises:
        UsageError: ffmpeg cannot read or write it.

    """
    raw = _run(
        *("-i", local(source), *OPUS, "-f", "ogg", local(target)),
        *("-f", "s16le", "-ar", str(RATE), "-ac", "1", "pipe:1"),
        about=source,
    )
    return np.frombuffer(raw, dtype=np.int16)


def _run(*arguments: str, about: Path) -> bytes:
    command = [find_ffmpeg(), "-nostdin", "-v", "error", "-y", *arguments]
    done = subprocess.run(  # noqa: S603 (no shell; our own arguments)
        command, capture_output=True, timeout=TIMEOUT_S, check=False
    )
    if done.returncode != 0:
        raise UsageError(f"{about}: ffmpeg cannot use it: {reason(done.stderr)}")
    return done.stdout
