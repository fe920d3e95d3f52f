"""Recent talk: a window of shares, and monologues."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.nudges.facts import Monologue
from moderation.nudges.recent import RecentTalk

ANA, BEN = 7, 8


def talk(*spurts, window=100.0):
    recent = RecentTalk(window)
    for user_id, start, end in spurts:
        recent.hear(user_id, [(start, end)])
    return recent


def test_only_the_window_counts():
    """What was said before the window is forgotten, to the second."""
    recent = talk((ANA, 0, 20), (BEN, 30, 50), (ANA, 60, 70))

    assert recent.seconds(at=110) == {ANA: 20, BEN: 20}
    assert recent.seconds(at=140) == {ANA: 10, BEN: 10}
    assert recent.seconds(at=300) == {}
    assert recent.last_heard() == {ANA: 70, BEN: 50}


def test_monologue_goes_on_through_pauses_and_mhm():
    """Own pauses and short sounds of others do not end it."""
    recent = talk((ANA, 0, 30), (BEN, 29, 30), (ANA, 35, 60), (BEN, 61, 62))

    assert recent.monologue(at=62) == Monologue(ANA, 60)


def test_real_words_of_another_end_a_monologue():
    """An answer is a conversation."""
    recent = talk((ANA, 0, 60), (BEN, 60, 63), (ANA, 64, 70))

    assert recent.monologue(at=70) == Monologue(ANA, 6)


def test_long_pause_ends_a_monologue():
    """Nobody holds the floor in a silence."""
    recent = talk((ANA, 0, 60))

    assert recent.monologue(at=69) is None
    assert talk().monologue(at=0) is None


def test_shares_are_those_of_the_talk_time():
    """A pause that is no talk there is none here; nothing that counts is nobody's."""
    recent = RecentTalk(100.0)
    recent.hear(ANA, [(0.0, 4.0), (4.5, 10.0)])
    recent.hear(BEN, [])

    assert recent.seconds(at=10.0) == {ANA: 9.5}
    assert recent.last_heard() == {ANA: 10.0}
    assert recent.monologue(at=10.0) == Monologue(ANA, 10.0)


def test_words_with_a_breath_between_them_are_one_answer():
    """Two short stretches of one spurt end a monologue as one long one does."""
    recent = talk((ANA, 0, 60))
    recent.hear(BEN, [(60.0, 61.2), (61.6, 62.8)])

    assert recent.monologue(at=63.0) == Monologue(BEN, pytest.approx(2.8))


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.floats(0, 500), st.floats(0.02, 30)).map(
            lambda s: (s[0], s[1], s[1] + s[2])
        ),
        max_size=30,
    ).map(lambda spurts: sorted(spurts, key=lambda s: s[2])),
    st.floats(500, 700),
)
def test_nobody_talks_longer_than_they_talked(spurts, at):
    """Seconds in the window never exceed what was heard of each speaker."""
    seconds = talk(*spurts).seconds(at)

    for user_id, found in seconds.items():
        assert 0 <= found <= sum(e - s for u, s, e in spurts if u == user_id) + 1e-6
