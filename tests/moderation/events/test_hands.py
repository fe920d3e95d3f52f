"""Rows about hands as they stand in journals on people's disks."""

import pytest

from moderation.events import (
    KINDS,
    HandDeferred,
    HandLowered,
    HandMoved,
    HandRaised,
    HandsCleared,
    HandWithdrawn,
    QueueClosed,
    QueueModeSet,
    QueueOpened,
    QueueSlowed,
    SideTaken,
    from_row,
)
from moderation.requests import QueueMode, RequestKind, Via

ROWS = [
    (
        HandRaised(user_id=3, kind=RequestKind.POINT_OF_ORDER, note="bees"),
        '{"user_id":3,"kind":"point_of_order","note":"bees"}',
    ),
    (HandWithdrawn(user_id=5, via=Via.COMMAND), '{"user_id":5,"via":"command"}'),
    (HandDeferred(user_id=4), '{"user_id":4}'),
    (HandLowered(by=2, user_id=7), '{"by":2,"user_id":7}'),
    (HandsCleared(by=1), '{"by":1}'),
    (HandMoved(by=1, user_id=4, position=2), '{"by":1,"user_id":4,"position":2}'),
    (QueueClosed(by=3), '{"by":3}'),
    (QueueOpened(by=7), '{"by":7}'),
    (QueueModeSet(by=1, mode=QueueMode.ROUNDS), '{"by":1,"mode":"rounds"}'),
    (QueueSlowed(by=3, seconds=1.5), '{"by":3,"seconds":1.5}'),
    (SideTaken(user_id=1, side="bees"), '{"user_id":1,"side":"bees"}'),
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
        if kind.__module__ == "moderation.events.hands"
    }

    assert {type(event).__name__ for event, _ in ROWS} == named
