"""The scorer that needs no model: TF-IDF with a fading memory, by stems and subwords.

Rules:

- The memory fades by words spoken, not by minutes: silence makes nothing less true.
- Term counts are damped by a logarithm, weighted by rarity in the background, and
  compared by cosine; so a word said in passing long ago weighs little, and one that
  comes back again and again does not drown the others.
- A topic's word also matches stems that share most of their letters, in proportion.
"""

import math
from typing import Final

from moderation.drift.background import Background
from moderation.drift.scorer import Passage, squash
from moderation.drift.topic import Topic
from moderation.drift.words import alike, stems, words

ALIKE_FROM: Final = 0.75
"""Letters in common from which a stem counts as a form of a topic's word."""

FADED: Final = 0.05
"""Weight below which a stem is forgotten."""

ACCEPTED_WEIGHT: Final = 0.5
"""What the host accepted, against what the host wrote."""

MIDDLE: Final = 0.06
"""Cosine at which on and off topic are equally likely."""

SLOPE: Final = 30.0
"""How fast that changes with the cosine."""


class LexicalScorer:
    """Words in common with the topic, recent ones first."""

    def __init__(self, background: Background, memory_words: float) -> None:
        """``memory_words`` is the half-life: words after which talk counts half."""
        self._background = background
        self._half_life = memory_words
        self._aims: list[dict[str, float]] = []
        self._forms: dict[int, dict[str, tuple[str, float]]] = {}
        self._memory: dict[str, float] = {}

    def aim(self, topic: Topic) -> None:
        """Measure against ``topic`` from now on; what was heard is kept."""
        self._aims = []
        for text in topic.aims:
            found = stems(text, topic.language) or words(text)
            weights = dict.fromkeys(found, 1.0)
            self._expand(weights, topic)
            if weights:
                self._aims.append(weights)
        self._forms = {id(aim): {} for aim in self._aims}

    def hear(self, passage: Passage) -> None:
        """Take in one more passage, letting the earlier ones fade."""
        kept = 0.5 ** (passage.words / self._half_life)
        self._memory = {
            stem: weight * kept
            for stem, weight in self._memory.items()
            if weight * kept > FADED
        }
        found = stems(passage.text, passage.language)
        for stem in found:
            self._memory[stem] = self._memory.get(stem, 0.0) + 1.0
        self._background.learn(found, passage.words)

    def score(self) -> float | None:
        """Return 0 (off topic) to 1 (on topic); None without topic or words."""
        if not self._aims or not self._memory:
            return None
        return squash(self.cosine(self._memory), MIDDLE, SLOPE)

    def nearness(self, passage: Passage) -> float:
        """Return how near one passage by itself is to the topic, 0 to 1."""
        counts: dict[str, float] = {}
        for stem in stems(passage.text, passage.language):
            counts[stem] = counts.get(stem, 0.0) + 1.0
        return self.cosine(counts)

    def cosine(self, counts: dict[str, float]) -> float:
        """Return the cosine of the counted stems to the nearest aim, 0 to 1."""
        rarity = self._background.rarity
        weighed = {stem: math.log1p(n) * rarity(stem) for stem, n in counts.items()}
        norm = math.sqrt(sum(weight * weight for weight in weighed.values()))
        if norm == 0.0:
            return 0.0
        return max((self._dot(aim, weighed) for aim in self._aims), default=0.0) / norm

    def _dot(self, aim: dict[str, float], weighed: dict[str, float]) -> float:
        rarity = self._background.rarity
        target = {term: weight * rarity(term) for term, weight in aim.items()}
        norm = math.sqrt(sum(weight * weight for weight in target.values()))
        total = 0.0
        for stem, weight in weighed.items():
            term, share = self._form(stem, aim)
            if share:
                total += share * target[term] * weight
        return total / norm if norm else 0.0

    def _form(self, stem: str, aim: dict[str, float]) -> tuple[str, float]:
        """Return the aim's term that ``stem`` is a form of, and how nearly."""
        known = self._forms[id(aim)].get(stem)
        if known is None:
            share, term = max((alike(stem, term), term) for term in aim)
            known = (term, share if share >= ALIKE_FROM else 0.0)
            self._forms[id(aim)][stem] = known
        return known

    def _expand(self, weights: dict[str, float], topic: Topic) -> None:
        """Add the stems of what the host accepted (Rocchio's positive feedback)."""
        for line in topic.accepted:
            found = set(stems(line, topic.language))
            for stem in found:
                share = ACCEPTED_WEIGHT / math.sqrt(len(found) * len(topic.accepted))
                weights[stem] = weights.get(stem, 0.0) + share
