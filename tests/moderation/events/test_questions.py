"""Rows about questions as they stand in journals on people's disks."""

import pytest

from moderation.events import (
    KINDS,
    QuestionAnswered,
    QuestionApproved,
    QuestionAsked,
    QuestionDismissed,
    QuestionShown,
    QuestionsMerged,
    QuestionVoted,
    from_row,
)

ROWS = [
    (
        QuestionAsked(user_id=4, text="bees", anonymous=True),
        '{"user_id":4,"text":"bees","anonymous":true}',
    ),
    (QuestionVoted(user_id=1, number=1), '{"user_id":1,"number":1}'),
    (QuestionApproved(by=1, number=3), '{"by":1,"number":3}'),
    (QuestionShown(by=1, number=1), '{"by":1,"number":1}'),
    (QuestionAnswered(by=3, number=0), '{"by":3,"number":0}'),
    (QuestionDismissed(by=3, number=3), '{"by":3,"number":3}'),
    (QuestionsMerged(by=1, number=2, into=3), '{"by":1,"number":2,"into":3}'),
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
        if kind.__module__ == "moderation.events.questions"
    }

    assert {type(event).__name__ for event, _ in ROWS} == named
