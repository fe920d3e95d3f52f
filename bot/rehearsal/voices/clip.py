"""One recording as a voice server sends it: Opus packets, never encoded again."""

from dataclasses import dataclass
from pathlib import Path

from bot.errors import UsageError
from bot.rehearsal.voices.spoken import Span
from media import ogg

FRAME_S = 0.02


@dataclass(frozen=True, slots=True)
class Clip:
    """Opus frames of 20 ms, and when in them somebody speaks."""

    frames: tuple[bytes, ...]
    spoken: tuple[Span, ...]
    """Seconds from the first frame's start."""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return FRAME_S * len(self.frames)

    @property
    def talk_s(self) -> float:
        """Seconds of speech."""
        return sum(end - start for start, end in self.spoken)

    def cut(self, seconds: float) -> "Clip":
        """Return the beginning of the clip."""
        count = round(seconds / FRAME_S)
        spans = tuple((a, min(b, seconds)) for a, b in self.spoken if a < seconds)
        return Clip(self.frames[:count], spans)


def read_frames(path: Path) -> tuple[bytes, ...]:
    """Read the Opus packets of an Ogg file.

    Raises:
        UsageError: the file is missing, empty or no Ogg Opus of 20 ms packets.

    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    whole = (part for part in ogg.pages(data) if isinstance(part, ogg.Page))
    packets = [packet for page in whole for packet in page.packets]
    if len(packets) < 3 or not packets[0].startswith(b"OpusHead"):
        raise UsageError(f"{path}: no Ogg Opus in it; make it again or replace it")
    return tuple(packets[2:])
