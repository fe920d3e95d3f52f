"""Talk figures as lines."""

import pytest

from bot.panel.talking import SHOWN, figure_lines
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from moderation.roles import Role
from moderation.talktime.figures import figures
from moderation.talktime.ledger import TalkLedger

WORDS = Wording(load())


def lines(language, ledger, until):
    return figure_lines(WORDS, language, figures(ledger, until)).splitlines()


def spoken():
    """Ana, on the floor since 2 s, is cut short by Ben; nobody talks after 9 s."""
    ledger = TalkLedger.replayed([(1, 0.0, 6.0), (2, 5.0, 9.0)])
    ledger.assign(1, Role.SPEAKER, 2.0)
    ledger.listen(1, 0.0)
    ledger.listen(2, 0.0)
    ledger.stop_listening(2, 8.0)
    return ledger


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "<@1>: 6 s (60 %) · 1 turn, 6 s with its pauses "
                "· was cut short once · as speaker 4 s, without the floor 2 s",
                "<@2>: 4 s (40 %) · 1 turn, 4 s with its pauses "
                "· cut another short once",
                "",
                "Two or more at once: 1 s. Nobody: 21 s.",
                "Everybody together: as speaker 4 s, without the floor 6 s.",
                "Here and not deafened now: one.",
            ],
        ),
        (
            "es",
            [
                "<@1>: 6 s (60 %) · 1 turno, de 6 s con sus pausas "
                "· le cortaron una vez · como ponente 4 s, sin tener la palabra 2 s",
                "<@2>: 4 s (40 %) · 1 turno, de 4 s con sus pausas "
                "· cortó a alguien una vez",
                "",
                "Dos o más a la vez: 1 s. Nadie: 21 s.",
                "Entre todos: como ponente 4 s, sin tener la palabra 6 s.",
                "Presentes y sin ensordecer ahora: una persona.",
            ],
        ),
    ],
)
def test_everybody_has_a_line_and_the_room_one(language, said):
    """Time, share, turns, interruptions, roles; double talk and silence."""
    assert lines(language, spoken(), 30.0) == said


def test_before_any_talk_that_is_said():
    """No empty answer."""
    assert lines("en", TalkLedger(), 5.0) == ["Nobody has talked yet."]


def test_many_speakers_are_counted_at_the_end():
    """A message has room for a dozen, and one that coughed has no turn."""
    rows = [(user, user * 10.0, user * 10.0 + 0.5) for user in range(1, SHOWN + 3)]

    shown = lines("en", TalkLedger.replayed(rows), 200.0)

    assert len(shown) == SHOWN + 3
    assert shown[0] == "<@1>: 0 s (7 %)"
    assert shown[SHOWN] == "… and 2 people more"
