"""Rows about the agenda as they stand in journals on people's disks."""

import pytest

from moderation.events import (
    KINDS,
    AgendaItemAdded,
    AgendaItemSkipped,
    AgendaItemStarted,
    LinkPinned,
    LinkUnpinned,
    MomentMarked,
    TopicParked,
    TopicRecalled,
    TopicSet,
    from_row,
)

ROWS = [
    (TopicSet(by=1, text="bees"), '{"by":1,"text":"bees"}'),
    (TopicRecalled(by=1), '{"by":1}'),
    (TopicParked(by=1, text="bees"), '{"by":1,"text":"bees"}'),
    (AgendaItemAdded(by=1, text="bees"), '{"by":1,"text":"bees"}'),
    (AgendaItemStarted(by=1, number=1), '{"by":1,"number":1}'),
    (AgendaItemSkipped(by=1, number=3), '{"by":1,"number":3}'),
    (
        LinkPinned(by=1, url="bees", label="bees"),
        '{"by":1,"url":"bees","label":"bees"}',
    ),
    (LinkUnpinned(by=2, url="bees"), '{"by":2,"url":"bees"}'),
    (
        MomentMarked(user_id=1, note="bees", back_s=1.5),
        '{"user_id":1,"note":"bees","back_s":1.5}',
    ),
]


@pytest.mark.parametrize(("event", "body"), ROWS)
def test_old_rows_still_load(event, body):
    """Names of events and fields are never changed."""
    assert from_row(type(event).__name__, body) == event


def test_every_event_of_the_module_has_a_row():
    """A new event gets its row here."""
    named = {
        name
        for name, kind in KINDS.items()
        if kind.__module__ == "moderation.events.agenda"
    }

    assert {type(event).__name__ for event, _ in ROWS} == named
