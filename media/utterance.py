"""Utterances: what one speaker said in one talk spurt, word by word.

Rule 1: an utterance belongs to one speaker; who spoke comes from the stream.
Rule 2: its ``id`` is made of the speaker and the spurt's start, so that a better
pass over the same spurt has the same id and replaces the line.
Rule 3: words are in time order and lie inside the utterance.

Times are seconds of the Space. *Utterance* is the linguistic unit beside the talk
spurt, which is the acoustic one (ITU-T P.59).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """Which pass over the sound an utterance comes from, worst first."""

    PARTIAL = "partial"
    LIVE = "live"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word with its time."""

    text: str
    """The word as written, with its punctuation, without surrounding spaces."""
    start: float
    """Seconds of the Space."""
    end: float
    """Seconds of the Space."""
    probability: float = 1.0
    """How sure the model is, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A recognised talk spurt."""

    id: str
    """Stable across passes: see ``utterance_id``."""
    user_id: int
    """Whose stream the words came from."""
    start: float
    """Seconds of the Space."""
    end: float
    """Seconds of the Space."""
    text: str
    """What was said, one line."""
    language: str
    """ISO 639-1 code the recogniser worked in."""
    words: tuple[Word, ...] = ()
    """Words in time order; empty where the source had no word times."""
    confidence: float = 1.0
    """Mean probability of the words, 0 to 1."""
    grade: Grade = Grade.LIVE
    """Which pass it comes from."""

    @property
    def seconds(self) -> float:
        """How long the utterance lasts."""
        return self.end - self.start


def utterance_id(user_id: int, start: float) -> str:
    """Name the utterance of ``user_id`` whose spurt starts at ``start`` seconds."""
    return f"{user_id}-{round(start * 1000)}"


def mean_probability(words: Iterable[Word]) -> float:
    """Average the words' probabilities, 0.0 where there are none."""
    values = [word.probability for word in words]
    return sum(values) / len(values) if values else 0.0
