"""Fusion: several scorers as one."""

import pytest

from moderation.drift.fusion import FusedScorer, fused
from moderation.drift.scorer import Passage
from moderation.drift.topic import Topic


class Fixed:
    """A scorer that always says the same."""

    def __init__(self, score):
        self._score = score
        self.heard = []
        self.topic = None

    def aim(self, topic):
        """Note the topic."""
        self.topic = topic

    def hear(self, passage):
        """Take in a passage."""
        self.heard.append(passage)

    def score(self):
        """Return the score."""
        return self._score

    def nearness(self, passage):
        """Return how near it is."""
        return self._score or 0.0


PASSAGE = Passage("tea", "en", 1, 0.0, 1.0)


def test_mean_is_weighted_and_leaves_out_who_cannot_tell():
    """A scorer without an answer neither raises nor lowers the score."""
    both = FusedScorer([(Fixed(0.2), 3.0), (Fixed(1.0), 1.0)])
    one = FusedScorer([(Fixed(0.2), 3.0), (Fixed(None), 1.0)])

    assert 0.2 < both.score() < 1.0
    assert abs(one.score() - 0.2) < 1e-9
    assert FusedScorer([(Fixed(None), 1.0)]).score() is None
    assert both.nearness(PASSAGE) == 0.4


def test_every_scorer_hears_everything():
    """Topic and passages go to each of them."""
    parts = Fixed(0.1), Fixed(0.2)
    whole = FusedScorer([(part, 1.0) for part in parts])

    whole.aim(Topic("Tea"))
    whole.hear(PASSAGE)

    assert [part.topic for part in parts] == [Topic("Tea")] * 2
    assert [part.heard for part in parts] == [[PASSAGE]] * 2


def test_words_and_meaning_have_the_same_say():
    """It does not matter which of them is sure; without a model words are all."""
    words, meaning = (fused(Fixed(a), Fixed(b)) for a, b in ((0.9, 0.4), (0.4, 0.9)))

    assert words.score() == pytest.approx(meaning.score())
    lexical = Fixed(0.5)
    assert fused(lexical, None) is lexical


def test_two_together_claim_less_than_each():
    """They err on the same talk; one that is alone is taken at its word."""
    assert fused(Fixed(0.5), Fixed(0.5)).score() < 0.5
    assert fused(Fixed(0.5), Fixed(None)).score() == pytest.approx(0.5)
