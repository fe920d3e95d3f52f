"""The table of talk time."""

from moderation.roles import Role
from moderation.talktime.figures import figures
from moderation.talktime.ledger import TalkLedger
from moderation.talktime.table import detailed, table


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


def test_every_figure_comes_with_the_intervals_behind_it():
    """Ana, a host, is cut short by Ben; then nobody talks."""
    ledger = TalkLedger.replayed([(1, 0.0, 3.0), (2, 2.0, 5.0)])
    ledger.assign(1, Role.HOST, 1.0)
    ledger.listen(3, 2.0)
    ledger.stop_listening(3, 4.0)
    ledger.listen(3, 7.0)
    ledger.listen(1, 0.0)
    ledger.listen(4, 11.0)

    made = detailed(figures(ledger, 10.0), {1: "Ana", 2: "Ben"})

    ana, ben = made.pop("speakers")
    assert ana == {
        "speaker": "Ana",
        "seconds": 3.0,
        "share": 0.5,
        "turns": 1,
        "longest_turn": 3.0,
        "interruptions": 0,
        "interrupted": 1,
        "double_talk": 1.0,
        "by_role": {"listener": 1.0, "host": 2.0},
        "talk_at": [[0.0, 3.0]],
        "turns_at": [[0.0, 3.0]],
        "double_talk_at": [[2.0, 3.0]],
        "by_role_at": {"listener": [[0.0, 1.0]], "host": [[1.0, 3.0]]},
    }
    assert (ben["interruptions"], ben["by_role"]) == (1, {"listener": 3.0})
    assert made == {
        "until": 10.0,
        "double_talk": {"seconds": 1.0, "at": [[2.0, 3.0]]},
        "mutual_silence": {"seconds": 5.0, "at": [[5.0, 10.0]]},
        "interruptions": [{"speaker": "Ben", "interrupted": "Ana", "at": [2.0, 3.0]}],
        "by_role": {"listener": 4.0, "host": 2.0},
        "listening": [
            {"member": "Ana", "seconds": 10.0, "at": [[0.0, 10.0]]},
            {"member": "3", "seconds": 5.0, "at": [[2.0, 4.0], [7.0, 10.0]]},
        ],
    }
