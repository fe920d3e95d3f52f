"""Sound for tests: tones as files, made by ffmpeg."""

import subprocess
from pathlib import Path

from media.decode import find_ffmpeg


def tone(path: Path, *, seconds=1.0, hertz=440, volume=0.1, start=0.0):
    """Write a tone that begins at ``start``; the suffix chooses the format."""
    source = f"sine=frequency={hertz}:duration={seconds},volume={volume * 8}"
    source += f",adelay={int(start * 1000)}:all=1"
    command = [find_ffmpeg(), "-y", "-loglevel", "error", "-f", "lavfi", "-i", source]
    subprocess.run([*command, str(path)], check=True)
    return path
