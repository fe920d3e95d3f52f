"""Talk and words that a killed process left in the middle."""

import pytest

from bot.talk.broken import LEAST_S, WAITING_S, unfinished, wordless
from moderation.store.missed import MissedRow
from moderation.store.spurts import SpurtRow

ANA, BEN = 7, 8


@pytest.mark.parametrize(
    ("talking", "rows", "found"),
    [
        ({ANA: 10.0}, [], [SpurtRow(ANA, 10.0, 14.0)]),
        ({ANA: 10.0}, [SpurtRow(ANA, 2.0, 9.0)], [SpurtRow(ANA, 10.0, 14.0)]),
        ({ANA: 10.0}, [SpurtRow(BEN, 9.0, 13.0)], [SpurtRow(ANA, 10.0, 14.0)]),
        ({ANA: 10.0}, [SpurtRow(ANA, 9.8, 13.9)], []),  # stopped, not killed
        ({ANA: 14.0}, [], []),
        ({}, [SpurtRow(ANA, 2.0, 9.0)], []),
    ],
)
def test_talk_goes_on_to_the_last_sign_of_life(talking, rows, found):
    """Who began to speak talked until then, unless a row says how long."""
    assert unfinished(talking, rows, 14.0) == found


@pytest.mark.parametrize(
    ("talk", "answered", "missing"),
    [
        (((90.0, 95.0),), [], True),
        (((90.0, 92.0), (92.4, 95.0)), [], True),
        (((90.0, 95.0),), [(BEN, 90.0, 95.0)], True),
        (((90.0, 95.0),), [(ANA, 90.0, 95.0)], False),
        (((90.0, 95.0),), [(ANA, 94.0, 97.0)], False),
        (((90.0, 90.0 + LEAST_S / 2),), [], False),
        (((60.0, 99.0 - WAITING_S),), [], False),
    ],
)
def test_new_talk_without_an_answer_is_a_gap(talk, answered, missing):
    """A line or a known gap answers; what is old was heard out; a click is no word."""
    found = wordless([(ANA, talk)], answered, {ANA}, 100.0)

    gap = MissedRow(ANA, talk[0][0], talk[-1][1], "stopped")
    assert found == ([gap] if missing else [])


def test_who_is_not_transcribed_has_no_gaps():
    """Nothing was to be written down."""
    assert wordless([(ANA, ((90.0, 95.0),))], [], {BEN}, 100.0) == []
