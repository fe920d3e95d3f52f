"""How usual a stem is in talk of any subject: the background of one language.

On the first day it knows a short list of common words and learns from what is said.
Once a guild has an hour of talk behind it, rarity comes from that past alone: what a
Space says of its own topic must not make the topic's words usual before it is over.
A passage is about fifty words; what counts is in how many of them a stem occurs.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from moderation.drift.words import common_stems

PASSAGE_WORDS: Final = 50
"""Words per passage that is counted."""

FIRST_DAY_PASSAGES: Final = 200
"""How many passages the knowledge of the first day stands for."""

COMMON_RATE: Final = 0.1
"""Share of passages in which a common word is taken to occur."""

MAX_TERMS: Final = 20_000
"""Stems kept from one guild's past, the most usual first."""


class Background:
    """Passage counts of one language; grows by ``learn``."""

    def __init__(
        self,
        language: str,
        passages: int = 0,
        terms: Mapping[str, int] | None = None,
    ) -> None:
        self.language = language
        self.passages = passages
        self._terms: Counter[str] = Counter(terms or {})
        self._past = (passages, dict(terms or {}))
        self._common = common_stems(language)
        self._open: list[str] = []
        self._open_words = 0

    def learn(self, stems: Sequence[str], words: int) -> None:
        """Count the stems of a line of ``words`` words, stop words included."""
        self._open.extend(stems)
        self._open_words += words
        if self._open_words >= PASSAGE_WORDS:
            self._terms.update(set(self._open))
            self.passages += max(1, round(self._open_words / PASSAGE_WORDS))
            self._open = []
            self._open_words = 0

    def rarity(self, stem: str) -> float:
        """Return the inverse document frequency of ``stem``, as BM25 takes it."""
        passages, terms = self._past
        if not self.has_past:
            passages, terms = self.passages, self._terms
        total = passages + FIRST_DAY_PASSAGES
        within = self._within(stem, terms)
        return math.log(1.0 + (total - within + 0.5) / (within + 0.5))

    @property
    def has_past(self) -> bool:
        """Whether the guild's past says enough of what is usual there."""
        return self._past[0] >= FIRST_DAY_PASSAGES

    def rate(self, stem: str) -> float:
        """Return the share of the past's passages with ``stem``; 0 without a past."""
        if not self.has_past:
            return 0.0
        passages, terms = self._past
        return self._within(stem, terms) / (passages + FIRST_DAY_PASSAGES)

    def _within(self, stem: str, terms: Mapping[str, int]) -> float:
        common = COMMON_RATE * FIRST_DAY_PASSAGES if stem in self._common else 0.0
        return terms.get(stem, 0) + common

    def unlearn(self, gone: Mapping[str, int]) -> None:
        """Count stems in so many passages less: who said them had them erased."""
        passages, past = self._past
        for counts in (self._terms, past):
            for stem in gone.keys() & counts.keys():
                counts[stem] -= gone[stem]
                if counts[stem] <= 0:
                    del counts[stem]
        self._past = passages, past
        self._open = [stem for stem in self._open if stem not in gone]

    def terms(self) -> dict[str, int]:
        """Return what was learned, for keeping."""
        return dict(self._terms.most_common(MAX_TERMS))
