"""The 80/20 gauge: how much of what announcements say is value, how much promotion.

A text is judged sentence by sentence with the cues that judge speech
(``moderation.nudges.promotion``), and counted in words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from moderation.nudges.promotion import is_promotion

_SENTENCE: Final = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Gauge:
    """Words, and those of them that promote."""

    words: int = 0
    promotion: int = 0

    @property
    def share(self) -> float:
        """The part of the words that promotes, 0 to 1; 0 where nothing was said."""
        return self.promotion / self.words if self.words else 0.0

    def __add__(self, other: "Gauge") -> "Gauge":
        """Return both together."""
        return Gauge(self.words + other.words, self.promotion + other.promotion)


def measure(text: str, links: Iterable[str] = ()) -> Gauge:
    """Return the gauge of one text; ``links`` count as promotion wherever named."""
    found, named = Gauge(), tuple(links)
    for sentence in _SENTENCE.split(text):
        words = len(sentence.split())
        promotes = is_promotion(sentence, named)
        found += Gauge(words, words if promotes else 0)
    return found
