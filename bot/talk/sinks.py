"""Where the ears of a Space bring what they heard, and what they have to know."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from media.utterance import Utterance
from media.whisper.jobs import SAMPLE_BYTES, SAMPLE_RATE_HZ
from moderation.events import Event


@dataclass(frozen=True, slots=True)
class Sinks:
    """Where the ears bring what they heard."""

    notice: Callable[[Event], None]
    """Facts for the Space's inbox."""

    changed: Callable[[], None]
    """Something that is shown has changed."""

    voice_began: Callable[[int], None]
    """Somebody's packets began to arrive; whoever may not speak is seen to."""

    hotwords: Callable[[], str]
    """Return the words that are likely to be said: topic, agenda, names."""

    unheard: Callable[[int, str, float], None]
    """Somebody speaks and cannot be heard: user id, reason, since when in Unix s."""

    uttered: Callable[[Utterance], None]
    """Words were recognised, certain or not."""

    language: Callable[[int], str]
    """Return the language that a member is recognised in, ISO 639-1."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Which Space is heard."""

    space_id: int
    opened_at: float
    """Unix seconds: second 0 of the Space."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A stretch of somebody's speech; times in seconds of the Space."""

    user_id: int
    start: float
    end: float
    pcm: bytes
    """Little-endian int16, 16 kHz, mono."""
    pcm_start: float

    def until(self, moment: float) -> "Sound":
        """Return what was said before ``moment``, seconds of the Space."""
        samples = max(0, int((moment - self.pcm_start) * SAMPLE_RATE_HZ))
        end = max(self.start, min(self.end, moment))
        return replace(self, end=end, pcm=self.pcm[: samples * SAMPLE_BYTES])

    def since(self, moment: float) -> "Sound":
        """Return what was said from ``moment`` on, seconds of the Space."""
        samples = max(0, math.ceil((moment - self.pcm_start) * SAMPLE_RATE_HZ))
        return replace(
            self,
            start=min(self.end, max(self.start, moment)),
            pcm=self.pcm[samples * SAMPLE_BYTES :],
            pcm_start=self.pcm_start + samples / SAMPLE_RATE_HZ,
        )
