"""The rehearsal in plain lines: each thing once, when it stands."""

import dataclasses

from bot.rehearsal.telling import Telling
from bot.rooms.observation import SaidLine
from tests.bot.rehearsal.test_view import BEN, CARLA, ROOM


def test_everything_is_told_once():
    """A second look at the same room has nothing new."""
    telling = Telling()

    first = list(telling.lines([ROOM]))

    assert [line.split()[1] for line in first] == [
        "space",
        "recording",
        "floor",
        "floor",
        "queue",
        "said",
        "nudge",
        "cannot",
    ]
    assert all(line.startswith(" 1:05  ") for line in first)
    assert list(telling.lines([ROOM])) == []


def test_what_ended_may_come_again():
    """Somebody who raises a hand twice is told twice."""
    telling = Telling()
    empty = dataclasses.replace(ROOM, space=dataclasses.replace(ROOM.space, queue=()))
    for look in (ROOM, empty):
        list(telling.lines([look]))

    assert list(telling.lines([ROOM])) == [" 1:05  queue       Carla: question"]


def test_words_that_may_change_are_not_told_yet():
    """What is still being said is told when its whole line stands."""
    telling = Telling()
    so_far = SaidLine(BEN, 61.0, "We need to review", certain=False)
    list(telling.lines([dataclasses.replace(ROOM, lines=())]))

    partial = list(telling.lines([dataclasses.replace(ROOM, lines=(so_far,))]))
    whole = list(telling.lines([ROOM]))

    assert partial == []
    assert whole == [
        " 1:05  said        Ben [red]: We need to [blink] review the budget."
    ]


def test_nobody_is_told_by_number():
    """Whose name is not known yet is told when it is."""
    telling = Telling()
    known = {CARLA: "Carla"}

    first = list(telling.lines([dataclasses.replace(ROOM, names=known)]))
    then = list(telling.lines([ROOM]))

    assert not [line for line in first if "floor" in line]
    assert [line.split()[1:3] for line in then] == [
        ["floor", "Ana"],
        ["floor", "Ben"],
    ]
