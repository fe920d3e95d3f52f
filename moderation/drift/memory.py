"""A fading memory of stems: what was said lately, and how much of it is left.

It fades by words spoken, not by minutes: silence makes nothing less true. The weight of
one stem is capped, so that a word said fifty times fades as soon as one said twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from moderation.drift.background import PASSAGE_WORDS

FADED: Final = 0.03
"""Weight below which a stem is forgotten."""


class FadingMemory:
    """Stems and what is left of them."""

    def __init__(self, half_life: float, cap: float) -> None:
        """``half_life`` in words, after which what was said counts half."""
        self._half_life = half_life
        self._cap = cap
        self._weights: dict[str, float] = {}

    def hear(self, stems: Iterable[str], words: int) -> None:
        """Let everything fade by ``words`` words and add the stems among them."""
        kept = 0.5 ** (words / self._half_life)
        self._weights = {
            stem: weight * kept
            for stem, weight in self._weights.items()
            if weight * kept > FADED
        }
        for stem, count in Counter(stems).items():
            known = self._weights.get(stem, 0.0)
            self._weights[stem] = min(self._cap, known + count)

    def usual(self, rate: float) -> float:
        """Return what is left, on average, of a stem in that share of passages."""
        kept: float = 0.5 ** (PASSAGE_WORDS / self._half_life)
        return min(self._cap, rate / (1.0 - kept))

    @property
    def weights(self) -> Mapping[str, float]:
        """What is left of each stem, 0 to the cap."""
        return self._weights
