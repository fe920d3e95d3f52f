"""How transcription is doing, in words a host can be shown.

Rule 1: a transcript is never silent without a mode and a reason that say why.
Rule 2: counts only; what was said is not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Mode(IntEnum):
    """The degradation plan, best first."""

    FULL = 0
    """Lines within seconds, by the configured model."""
    SMALLER = 1
    """Lines within seconds, by the smaller model."""
    FINAL_ONLY = 2
    """No live lines; the sound is kept and recognised when there is time."""
    TALK_TIME_ONLY = 3
    """No words at all: there is no working model."""


class Reason(IntEnum):
    """Why the mode is what it is; the catalogues word it."""

    NONE = 0
    LOADING = 1
    TOO_SLOW = 2
    NO_MODEL = 3
    WORKER_DIES = 4
    SWITCHED_OFF = 5


@dataclass(frozen=True, slots=True)
class TranscriberStatus:
    """One look at the recogniser."""

    mode: Mode
    reason: Reason = Reason.NONE
    detail: str = ""
    """One line for the person who runs the bot: path and error, never speech."""
    smaller_fails: bool = False
    """The smaller model failed at every job: it is used no more, ``detail`` says why,
    and live lines stop the sooner when recognition cannot keep up."""
    lag_s: float = 0.0
    """Age of the oldest live spurt that still waits, from its end."""
    queued: int = 0
    """Spurts waiting or being recognised."""
    queued_s: float = 0.0
    """Seconds of sound among them."""
    done: int = 0
    """Spurts answered since the start."""
    missed: int = 0
    """Spurts given up, each reported as ``Missed``."""
    partials_dropped: int = 0
    """Partial lines not made because live lines were waiting."""
    restarts: int = 0
    """Times the worker process was started again after it died."""
    withheld: Mapping[str, int] = field(default_factory=dict)
    """Segments not shown because they were invented, by kind: counts only."""
