"""Rows about nudges as they stand in journals on people's disks."""

import pytest

from moderation.events import KINDS, NudgeAnswered, NudgeSent, from_row

ROWS = [
    (
        NudgeSent(nudge_id=1, rule="bees", user_id=2),
        '{"nudge_id":1,"rule":"bees","user_id":2}',
    ),
    (
        NudgeAnswered(by=3, nudge_id=2, answer="bees"),
        '{"by":3,"nudge_id":2,"answer":"bees"}',
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
        if kind.__module__ == "moderation.events.nudges"
    }

    assert {type(event).__name__ for event, _ in ROWS} == named
