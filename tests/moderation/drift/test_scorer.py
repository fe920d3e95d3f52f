"""Scores: one scale for every scorer."""

from moderation.drift.scorer import squash


def test_half_is_where_both_are_equally_likely():
    """0.5 stands at the middle; the score grows with the measure."""
    assert squash(0.1, middle=0.1, slope=20) == 0.5
    assert squash(0.0, 0.1, 20) < 0.5 < squash(0.2, 0.1, 20)
