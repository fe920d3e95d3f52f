"""Since when a Space's talk is held against what."""

from bot.page.aims import Aim, aims
from moderation.events import (
    AgendaItemAdded,
    AgendaItemSkipped,
    AgendaItemStarted,
    HandRaised,
    SpaceOpened,
    TopicSet,
)
from moderation.events.rows import to_row
from moderation.settings import RoomKind, SpaceSettings
from moderation.store.journal import JournalRow
from moderation.store.spaces import SpaceRow

HOST, AT = 1, 1000.0
SPACE = SpaceRow(7, 10, 5, HOST, "voice", "Bees", "en", None, None, AT, None)


def journal(*facts):
    opened = SpaceOpened(7, 10, 5, RoomKind.VOICE, HOST, "Bees", SpaceSettings())
    rows = [(0.0, *to_row(opened))]
    rows += [(at, *to_row(event)) for at, event in facts]
    return [JournalRow(7, seq, AT + at, *row) for seq, (at, *row) in enumerate(rows)]


def test_topics_and_items_are_told_when_they_become_others():
    """The first topic is the Space's own; what is only added is no subject yet."""
    rows = journal(
        (1.0, AgendaItemAdded(HOST, "Honey")),
        (2.0, HandRaised(2)),
        (5.0, AgendaItemStarted(HOST, 1)),
        (9.0, TopicSet(HOST, "Wasps")),
        (12.0, AgendaItemSkipped(HOST, 1)),
    )

    assert aims(SPACE, rows) == [
        Aim(5.0, "Bees", "Honey", is_item=True),
        Aim(9.0, "Wasps", "Honey", is_item=False),
        Aim(12.0, "Wasps", "", is_item=True),
    ]


def test_the_same_topic_set_again_is_no_other():
    """Judging goes on with it."""
    assert aims(SPACE, journal((3.0, TopicSet(HOST, "Bees")))) == []


def test_what_cannot_be_read_costs_itself_alone():
    """An event of a later version, and an item that is not known because of it."""
    rows = journal((3.0, AgendaItemStarted(HOST, 1)), (4.0, TopicSet(HOST, "Wasps")))
    rows.insert(1, JournalRow(7, 9, AT + 1, "AgendaItemAdded", '{"unknown": 1}'))

    assert aims(SPACE, rows) == [Aim(4.0, "Wasps", "", is_item=False)]
    assert aims(SPACE, []) == []
