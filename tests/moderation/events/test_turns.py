"""Rows about turns as they stand in journals on people's disks."""

import pytest

from moderation.events import (
    KINDS,
    Answer,
    AutoCallSet,
    AutoEndSet,
    Demoted,
    InvitationAnswered,
    InvitationExpired,
    InvitationWithdrawn,
    Invited,
    LastWordGiven,
    NextCalled,
    SpeakersRotated,
    SteppedDown,
    Swapped,
    TurnExtended,
    TurnLengthSet,
    TurnRanOut,
    TurnWarned,
    from_row,
)

ROWS = [
    (NextCalled(by=3), '{"by":3}'),
    (Invited(by=1, user_id=1, note="bees"), '{"by":1,"user_id":1,"note":"bees"}'),
    (
        InvitationAnswered(user_id=3, answer=Answer.LATER),
        '{"user_id":3,"answer":"later"}',
    ),
    (InvitationWithdrawn(by=2, user_id=6), '{"by":2,"user_id":6}'),
    (InvitationExpired(user_id=2), '{"user_id":2}'),
    (SteppedDown(user_id=7), '{"user_id":7}'),
    (Demoted(by=3, user_id=5), '{"by":3,"user_id":5}'),
    (Swapped(by=1, user_id=3, other_id=4), '{"by":1,"user_id":3,"other_id":4}'),
    (SpeakersRotated(by=7), '{"by":7}'),
    (TurnLengthSet(by=1, seconds=None), '{"by":1,"seconds":null}'),
    (AutoEndSet(by=3, on=False), '{"by":3,"on":false}'),
    (AutoCallSet(by=3, on=True), '{"by":3,"on":true}'),
    (TurnExtended(by=1, user_id=1, seconds=1.5), '{"by":1,"user_id":1,"seconds":1.5}'),
    (LastWordGiven(by=1, user_id=4), '{"by":1,"user_id":4}'),
    (TurnWarned(user_id=4, left_s=10.0), '{"user_id":4,"left_s":10.0}'),
    (TurnRanOut(user_id=7), '{"user_id":7}'),
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
        if kind.__module__ == "moderation.events.turns"
    }

    assert {type(event).__name__ for event, _ in ROWS} == named
