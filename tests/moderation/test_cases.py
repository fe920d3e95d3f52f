"""Cases and what stands."""

import pytest

from moderation.cases import Case, CaseBook, still_standing
from moderation.refused import Refused
from moderation.sanction import Action, Sanction

ANN, HOST = 2, 1


@pytest.fixture
def book():
    return CaseBook()


def case(book, action, until=None):
    opened = Case(book.next_number, action, ANN, HOST, 0.0, until=until)
    book.open(opened)
    return opened


@pytest.mark.parametrize("action", [Action.MUTE, Action.REMOVE, Action.BAN])
def test_some_actions_stand(book, action):
    """Until they are lifted."""
    case(book, action, until=60.0)

    assert book.stands(ANN, action) == Sanction(ANN, action, 60.0)
    assert book.lapsing() == [Sanction(ANN, action, 60.0)]
    assert bool(book.bars_entry(ANN)) is (action is not Action.MUTE)
    assert book.lift(ANN, action)
    assert not book.lift(ANN, action)
    assert book.standing == {}


@pytest.mark.parametrize("action", [Action.WARN, Action.NOTE, Action.REPORT])
def test_others_are_only_written_down(book, action):
    """They are part of the history."""
    opened = case(book, action)

    assert book.standing == {}
    assert book.history(ANN) == [opened]
    assert book.history(HOST) == []


def test_an_undone_case_stays_in_the_history(book):
    """With who undid it."""
    case(book, Action.MUTE)

    assert book.undo(1, by=HOST).undone_by == HOST
    assert book.stands(ANN, Action.MUTE) is None
    assert len(book.history(ANN)) == 1


def test_undoing_an_older_case_leaves_the_newer_one(book):
    """Two mutes were two decisions."""
    case(book, Action.MUTE, until=60.0)
    case(book, Action.MUTE, until=90.0)

    book.undo(1, by=HOST)
    assert book.stands(ANN, Action.MUTE).until == 90.0
    book.undo(2, by=HOST)
    assert book.stands(ANN, Action.MUTE) is None


@pytest.mark.parametrize(
    ("number", "key"),
    [(0, "case.unknown"), (3, "case.unknown"), (2, "case.cannot_undo")],
)
def test_what_cannot_be_undone(book, number, key):
    """Each refusal says why."""
    case(book, Action.MUTE)
    case(book, Action.UNMUTE)

    with pytest.raises(Refused) as refused:
        book.undo(number, by=HOST)

    assert refused.value.key == key


def test_only_what_can_stand_is_recalled(book):
    """An earlier warning does not silence anybody."""
    book.recall((Sanction(ANN, Action.WARN), Sanction(ANN, Action.BAN)))

    assert book.bars_entry(ANN) == Sanction(ANN, Action.BAN)
    assert book.stands(ANN, Action.WARN) is None


@pytest.mark.parametrize(
    ("actions", "stands"),
    [
        ([(Action.BAN, None)], [(Action.BAN, None)]),
        ([(Action.BAN, 90.0)], [(Action.BAN, 90.0)]),
        ([(Action.BAN, 40.0)], []),
        ([(Action.BAN, None), (Action.UNBAN, None)], []),
        ([(Action.UNBAN, None), (Action.BAN, None)], [(Action.BAN, None)]),
        ([(Action.MUTE, 90.0)], [(Action.MUTE, 90.0)]),
        ([(Action.MUTE, None)], []),
        ([(Action.MUTE, 90.0), (Action.UNMUTE, None)], []),
        ([(Action.REMOVE, None), (Action.WARN, None)], []),
        ([(Action.BAN, None), (Action.BAN, 90.0)], [(Action.BAN, 90.0)]),
    ],
)
def test_what_a_guild_decided_earlier_stands_in_the_next_space(actions, stands):
    """Bans and timed mutes survive their Space; the rest does not."""
    cases = [
        Case(number, action, ANN, HOST, 0.0, until=until)
        for number, (action, until) in enumerate(actions, start=1)
    ]

    found = still_standing(cases, now=50.0)

    assert [(sanction.action, sanction.until) for sanction in found] == stands


def test_an_undone_ban_does_not_come_back_in_the_next_space():
    """Undone is undone everywhere."""
    case = Case(1, Action.BAN, ANN, HOST, 0.0, undone_by=HOST)

    assert still_standing([case], now=1.0) == ()
