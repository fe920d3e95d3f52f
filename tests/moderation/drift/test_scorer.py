"""Scores: one scale for every scorer."""

import pytest

from moderation.drift.scorer import log_odds, squash


def test_half_is_where_both_are_equally_likely():
    """0.5 stands at the middle; the score grows with the measure."""
    assert squash(0.1, middle=0.1, slope=20) == 0.5
    assert squash(0.0, 0.1, 20) < 0.5 < squash(0.2, 0.1, 20)


@pytest.mark.parametrize("score", [0.01, 0.3, 0.5, 0.99])
def test_log_odds_are_the_way_back(score):
    """A score can be taken apart and put together again; the ends stay finite."""
    assert squash(log_odds(score), middle=0.0, slope=1.0) == pytest.approx(score)
    assert -10 < log_odds(0.0) < log_odds(1.0) < 10
