"""The port of everything that can tell how near talk is to a topic.

A scorer is told the topic once (``aim``) and every passage as it is heard; it keeps
what it needs of the recent talk. Scores of different scorers are comparable: 0.5 is
where on-topic and off-topic talk are equally likely.
"""

import math
from dataclasses import dataclass
from typing import Protocol

from moderation.drift.topic import Topic


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one utterance, at most some fifty words long."""

    text: str
    language: str
    words: int
    start: float
    """Seconds of the Space."""

    end: float
    """Seconds of the Space."""

    user_id: int = 0


class Scorer(Protocol):
    """How near the recent talk is to the topic."""

    def aim(self, topic: Topic) -> None:
        """Measure against ``topic`` from now on; what was heard is kept."""

    def hear(self, passage: Passage) -> None:
        """Take in one more passage."""

    def score(self) -> float | None:
        """Return 0 (off topic) to 1 (on topic); None where it cannot tell."""

    def nearness(self, passage: Passage) -> float:
        """Return how near one passage by itself is to the topic, 0 to 1."""


def squash(raw: float, middle: float, slope: float) -> float:
    """Turn a raw measure into 0..1 with 0.5 at ``middle`` (logistic)."""
    return 1.0 / (1.0 + math.exp(-slope * (raw - middle)))


def log_odds(score: float) -> float:
    """Return the logarithm of the odds of being on topic, kept finite."""
    kept = min(max(score, 1e-4), 1.0 - 1e-4)
    return math.log(kept / (1.0 - kept))
