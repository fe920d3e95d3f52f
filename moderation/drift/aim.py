"""One text that talk is measured against: its stems and the forms they appear in.

Talk meets some words of any topic by chance, and more of a topic that is worded in
usual words. ``chance`` says how near talk about anything would come, from what the
guild's past says of each word; on the first day nothing is known, and it is 0.
"""

import math
from collections.abc import Mapping
from typing import Final

from moderation.drift.background import Background
from moderation.drift.memory import FadingMemory
from moderation.drift.words import alike

ALIKE_FROM: Final = 0.75
"""Letters in common from which a stem counts as a form of a topic's word."""

NAMED_HALF: Final = 0.5
"""Weight in memory at which a word of the topic counts as half named (BM25's k)."""

Weights = dict[str, float]


class Aim:
    """The stems of a topic or an agenda item, and of what the host accepted."""

    def __init__(self, weights: Weights, background: Background) -> None:
        """``weights`` says how much each stem counts, before its rarity."""
        self._weights = weights
        self._background = background
        self._forms: dict[str, tuple[str, float]] = {}
        self._hits: dict[str, tuple[str, float]] = {}
        """The few of them that are forms of a term."""

    def __len__(self) -> int:
        """Return how many stems it has."""
        return len(self._weights)

    def form(self, stem: str) -> tuple[str, float]:
        """Return the term that ``stem`` is a form of, and how nearly (0: none)."""
        if stem not in self._forms:
            share, term = max((alike(stem, term), term) for term in self._weights)
            self._forms[stem] = term, share if share >= ALIKE_FROM else 0.0
            if share >= ALIKE_FROM:
                self._hits[stem] = term, share
        return self._forms[stem]

    def cosine(self, weighed: Mapping[str, float]) -> float:
        """Return the cosine of weighed stems to this, 0 to 1."""
        target = self._target()
        total = sum(
            share * target[term] * weighed[stem]
            for stem, term, share in self._met(weighed)
        )
        norms = norm(target) * norm(weighed)
        return total / norms if norms else 0.0

    def named(self, counts: Mapping[str, float]) -> float:
        """Return the share of this that is named at all, rare words first, 0 to 1."""
        best: Weights = {}
        for stem, term, share in self._met(counts):
            sure = share * counts[stem] / (counts[stem] + NAMED_HALF)
            best[term] = max(best.get(term, 0.0), sure)
        target = self._target()
        total = sum(target.values())
        return sum(target[t] * x for t, x in best.items()) / total if total else 0.0

    def chance(self, memory: FadingMemory, weighed: Mapping[str, float]) -> float:
        """Return the cosine that talk about anything would have, by the past's rates.

        ``weighed`` is what ``memory`` holds at present: its length is that of the talk.
        """
        background = self._background
        total = 0.0
        target = self._target()
        for term, weight in target.items():
            usual = memory.usual(background.rate(term))
            total += weight * background.rarity(term) * math.log1p(usual)
        norms = norm(target) * norm(weighed)
        return total / norms if norms else 0.0

    def _met(self, stems: Mapping[str, float]) -> list[tuple[str, str, float]]:
        """Return those of ``stems`` that are forms of a term, with it and how nearly.

        Talk holds a thousand stems, and few of them are met.
        """
        for stem in stems:
            if stem not in self._forms:
                self.form(stem)
        return [(stem, *hit) for stem, hit in self._hits.items() if stem in stems]

    def _target(self) -> Weights:
        rarity = self._background.rarity
        return {term: weight * rarity(term) for term, weight in self._weights.items()}


def norm(weights: Mapping[str, float]) -> float:
    """Return the Euclidean length of ``weights``."""
    return math.sqrt(sum(weight * weight for weight in weights.values()))
