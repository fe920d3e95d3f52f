"""What goes into the recogniser and what can come back instead of words.

Rule 1: a job is one talk spurt of one speaker, 16-bit mono PCM at 16 kHz.
Rule 2: every live or final job ends in exactly one of: utterances, ``Silent`` or
``Missed``. Nothing disappears.
Rule 3: the language is fixed by the caller; the recogniser never guesses it
unless it is told ``""``.
"""

from dataclasses import dataclass
from enum import StrEnum

from media.utterance import Grade

SAMPLE_RATE_HZ = 16_000
SAMPLE_BYTES = 2


@dataclass(frozen=True, slots=True)
class SpurtAudio:
    """One talk spurt to be recognised."""

    space_id: int
    """Which Space it belongs to; spurts of several Spaces share the queue."""
    user_id: int
    """Whose stream it is."""
    start: float
    """Seconds of the Space."""
    end: float
    """Seconds of the Space."""
    pcm: bytes
    """Little-endian int16, 16 kHz, mono."""
    language: str
    """ISO 639-1 code; "" asks the model, on this spurt alone."""
    hotwords: str = ""
    """Names and terms likely to be said: topic, agenda, names."""
    grade: Grade = Grade.LIVE
    """How good and how urgent the pass is."""
    pcm_start: float | None = None
    """Seconds of the Space of the first sample of ``pcm``; None: it is ``start``."""

    @property
    def heard_from(self) -> float:
        """Seconds of the Space of the first sample."""
        return self.start if self.pcm_start is None else self.pcm_start

    @property
    def seconds(self) -> float:
        """How much sound there is."""
        return len(self.pcm) / (SAMPLE_BYTES * SAMPLE_RATE_HZ)


class MissedReason(StrEnum):
    """Why a spurt has no words although somebody spoke."""

    QUEUE_FULL = "queue_full"
    WORKER_DIED = "worker_died"
    NO_MODEL = "no_model"
    STOPPED = "stopped"
    TOO_LATE = "too_late"
    """The Space was over before its turn came."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A spurt that could not be recognised; the line says so instead of words."""

    space_id: int
    user_id: int
    start: float
    """Seconds of the Space."""
    end: float
    """Seconds of the Space."""
    reason: MissedReason
