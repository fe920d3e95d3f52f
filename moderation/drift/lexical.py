"""The scorer that needs no model: TF-IDF with fading memories, by stems and subwords.

Rules:

- Stems are weighted by rarity in the background and compared by cosine. A topic's word
  also matches stems that share most of their letters, in proportion.
- There are two memories: a long one, which finds the topic where it is named rarely,
  and a short one, which notices soon that it is not named any more. The more the topic
  has been named, the more the short one counts.
- Naming more of the topic's words counts a little more than naming one of them often.
- Where there is a guild's past, what talk about anything would have in common with the
  topic by chance counts little: a long topic in usual words is met everywhere.
- What is said around the topic's own words is learned as its vocabulary (pseudo
  relevance feedback, Rocchio) and counts a little as well.
"""

import math
from collections import deque
from collections.abc import Mapping
from typing import Final

from moderation.drift.aim import Aim, Weights, norm
from moderation.drift.background import PASSAGE_WORDS, Background
from moderation.drift.memory import FadingMemory
from moderation.drift.scorer import Passage, squash
from moderation.drift.topic import Topic
from moderation.drift.words import stems, words

SHORT: Final = 0.3
"""Half-life of the short memory, as a share of the long one's."""

LONG_CAP, SHORT_CAP = 2.0, 2.0
"""Weight of one stem at most, in either memory."""

NAMED_FROM: Final = 0.1
"""Cosine from which a passage is taken to name the topic."""

NAMED_ENOUGH: Final = 0.3
"""Cosine above that, summed over passages, after which the topic is well named."""

SHORT_SHARE: Final = 0.5
"""Weight of the short memory once the topic is well named."""

NAMED_SHARE: Final = 0.05
"""Weight of the share of the topic's words that were named at all."""

LONG_GAP: Final = 4.0
"""Usual gaps between mentions after which the topic begins to be left."""

SHORTEST_GAP: Final = 0.08
"""What a gap counts as at least, as a share of the memory's half-life."""

MENTIONS: Final = 3
"""Mentions before a gap is usual."""

MENTIONS_KEPT: Final = 10
"""Mentions over which gaps are averaged."""

LEARNED_SHARE: Final = 0.2
"""Weight of the learned vocabulary then."""

LAG: Final = 0.4
"""Share of the memory's half-life after which a passage is learned from: what is being
said now must not vouch for itself."""

ACCEPTED_WEIGHT: Final = 0.5
"""What the host accepted, against what the host wrote."""

MIDDLE: Final = 0.04
"""Measure at which on and off topic are equally likely, for a topic of no words."""

MIDDLES: Final[Mapping[str, float]] = {"es": 0.065}
"""The same where it is known to differ: inflected forms meet more often by chance."""

MIDDLE_PER_WORD: Final = 0.002
"""What each word of the topic adds on the first day: long topics meet more words by
chance. With a past it is known how many."""

PAST_MIDDLE: Final = 0.035
"""The middle for any topic where there is a past."""

PAST_MIDDLES: Final[Mapping[str, float]] = {"es": 0.075}
"""The same where it is known to differ."""

MOST_WORDS: Final = 24
"""Words of a topic that raise the middle."""

SLOPE: Final = 30.0
"""How fast that changes with the measure."""

USUAL_MEMORY: Final = 500.0
"""Half-life that ``NAMED_ENOUGH`` was measured with."""


class LexicalScorer:
    """Words in common with the topic, recent ones first."""

    def __init__(self, background: Background, memory_words: float) -> None:
        """``memory_words``: words after which what was said counts half."""
        self._background = background
        self._half_life = memory_words
        self._long = FadingMemory(memory_words, LONG_CAP)
        self._short = FadingMemory(SHORT * memory_words, SHORT_CAP)
        self._aims: list[Aim] = []
        self._middle = MIDDLE
        self._learned: Weights = {}
        self._named = 0.0
        self._mentions = 0
        self._since = 0
        """Words since the topic was last named."""

        self._usual = 0.0
        """Words between two mentions, on average."""

        self._waiting: deque[tuple[Weights, float, int]] = deque()
        """Passages that are not learned from yet: stems, how near, words."""

    def aim(self, topic: Topic) -> None:
        """Measure against ``topic`` from now on; what was heard is kept."""
        self._aims = [
            Aim(weights, self._background)
            for text in topic.aims
            if (weights := _weights_of(text, topic))
        ]
        self._middle = self._middle_of(topic.language)
        self._learned = {}
        self._named = 0.0
        self._mentions, self._since, self._usual = 0, 0, 0.0
        self._waiting.clear()

    def hear(self, passage: Passage) -> None:
        """Take in one more passage, letting the earlier ones fade."""
        found = stems(passage.text, passage.language)
        self._long.hear(found, passage.words)
        self._short.hear(found, passage.words)
        self._background.learn(found, passage.words)
        self._mention(found, passage.words)
        self._learn(found, passage.words)

    def score(self) -> float | None:
        """Return 0 (off topic) to 1 (on topic); None without topic or words."""
        if not self._aims or not self._long.weights:
            return None
        middle = self._middle
        least = squash(0.0, middle, SLOPE)
        near = squash(self.measure(), middle, SLOPE)
        # Having left a topic is no worse than never having been on it.
        return least + (near - least) * self._left()

    def nearness(self, passage: Passage) -> float:
        """Return how near one passage by itself is to the topic, 0 to 1."""
        counts = dict.fromkeys(stems(passage.text, passage.language), 1.0)
        return self._cosine(self._weighed(counts))

    def measure(self) -> float:
        """Return how near the remembered talk is to the topic, before calibration."""
        long = self._weighed(self._long.weights)
        short = self._weighed(self._short.weights)
        sure = 1.0 - math.exp(-self._named / NAMED_ENOUGH)
        learned = LEARNED_SHARE * sure * _cosine(short, self._learned)
        lately = SHORT_SHARE * sure
        return max(
            (self._near(aim, long, short, lately, learned) for aim in self._aims),
            default=0.0,
        )

    def _near(
        self, aim: Aim, long: Weights, short: Weights, lately: float, learned: float
    ) -> float:
        near = (1.0 - lately) * aim.cosine(long) + lately * aim.cosine(short)
        near += NAMED_SHARE * aim.named(self._long.weights) + learned
        chance = (1.0 - lately) * aim.chance(self._long, long)
        chance += lately * aim.chance(self._short, short)
        # Much less than by chance is hardly anything, much more is the difference.
        return math.hypot(near, chance) - chance

    def _middle_of(self, language: str) -> float:
        if self._background.has_past:
            return PAST_MIDDLES.get(language, PAST_MIDDLE)
        terms = min(MOST_WORDS, max(map(len, self._aims), default=0))
        return MIDDLES.get(language, MIDDLE) + MIDDLE_PER_WORD * terms

    def _left(self) -> float:
        """Return 1 while the topic is named as often as before, then less and less.

        A topic named every minute is left after a few minutes without it; one that is
        named every ten minutes is not. Mentions that come by chance are Poisson: one
        gap in twenty is longer than three usual ones.
        """
        if self._mentions < MENTIONS:
            return 1.0
        return math.exp(-max(0.0, self._since / self._usual - LONG_GAP) / LONG_GAP)

    def _mention(self, found: list[str], count: int) -> None:
        """Note whether a passage names the topic, and how long it was not named."""
        self._since += count
        if any(aim.form(stem)[1] for aim in self._aims for stem in set(found)):
            rate = max(1 / (self._mentions + 1), 1 / MENTIONS_KEPT)
            gap = max(self._since, SHORTEST_GAP * self._half_life)
            self._usual += rate * (gap - self._usual)
            self._mentions += 1
            self._since = 0

    def _learn(self, found: list[str], count: int) -> None:
        """Learn the topic's vocabulary from passages that lie a little back."""
        passage = _unit(self._weighed(dict.fromkeys(found, 1.0)))
        near = self._cosine(passage) - NAMED_FROM
        self._waiting.append((passage, max(0.0, near), count))
        behind = sum(words for _, _, words in self._waiting)
        while self._waiting and behind > LAG * self._half_life:
            passage, near, count = self._waiting.popleft()
            behind -= count
            share = near * count / PASSAGE_WORDS
            self._named += share * USUAL_MEMORY / self._half_life
            if share:
                for stem, weight in passage.items():
                    self._learned[stem] = self._learned.get(stem, 0.0) + share * weight

    def _weighed(self, counts: Mapping[str, float]) -> Weights:
        rarity = self._background.rarity
        return {stem: math.log1p(n) * rarity(stem) for stem, n in counts.items()}

    def _cosine(self, weighed: Weights) -> float:
        """Return the cosine of the stems to the nearest aim, 0 to 1."""
        return max((aim.cosine(weighed) for aim in self._aims), default=0.0)


def _weights_of(text: str, topic: Topic) -> Weights:
    """Return the stems of one aim, and of what the host accepted (Rocchio)."""
    weights = dict.fromkeys(stems(text, topic.language) or words(text), 1.0)
    if not weights:
        return {}
    for line in topic.accepted:
        found = set(stems(line, topic.language))
        for stem in found:
            share = ACCEPTED_WEIGHT / math.sqrt(len(found) * len(topic.accepted))
            weights[stem] = weights.get(stem, 0.0) + share
    return weights


def _unit(weights: Weights) -> Weights:
    length = norm(weights) or 1.0
    return {stem: weight / length for stem, weight in weights.items()}


def _cosine(one: Weights, other: Weights) -> float:
    norms = norm(one) * norm(other)
    if norms == 0.0:
        return 0.0
    return sum(w * other[stem] for stem, w in one.items() if stem in other) / norms
