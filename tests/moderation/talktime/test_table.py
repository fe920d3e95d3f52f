"""The table of talk time."""

from moderation.talktime.figures import figures
from moderation.talktime.ledger import TalkLedger
from moderation.talktime.table import table


def test_everybody_has_a_row():
    """Who talked most is first; who said nothing is there with nothing."""
    ledger = TalkLedger.replayed([(1, 0.0, 3.0), (2, 4.0, 5.0)])

    made = table(figures(ledger, 10.0), {1: "Ana", 3: "Cho"})

    assert made == {
        "speakers": [
            {
                "speaker": "Ana",
                "seconds": 3.0,
                "share": 0.75,
                "turns": 1,
                "longest_turn": 3.0,
            },
            {
                "speaker": "2",
                "seconds": 1.0,
                "share": 0.25,
                "turns": 1,
                "longest_turn": 1.0,
            },
            {
                "speaker": "Cho",
                "seconds": 0.0,
                "share": 0.0,
                "turns": 0,
                "longest_turn": 0.0,
            },
        ]
    }
