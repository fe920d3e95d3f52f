"""Rows about people as they stand in journals on people's disks."""

import pytest

from moderation.events import (
    KINDS,
    CohostAdded,
    CohostRemoved,
    HandedOver,
    HostClaimed,
    HostGraceEnded,
    MemberJoined,
    MemberLeft,
    ModeratorSeen,
    RulesAccepted,
    SeatGraceEnded,
    from_row,
)

ROWS = [
    (
        MemberJoined(user_id=2, moderator=True, bot=True, joined_guild_at=1.5),
        ('{"user_id":2,"moderator":true,"bot":true,"joined_guild_at":1.5}'),
    ),
    (MemberLeft(user_id=6), '{"user_id":6}'),
    (ModeratorSeen(user_id=6, moderator=False), '{"user_id":6,"moderator":false}'),
    (RulesAccepted(user_id=5, version="bees"), '{"user_id":5,"version":"bees"}'),
    (CohostAdded(by=7, user_id=2), '{"by":7,"user_id":2}'),
    (CohostRemoved(by=1, user_id=7), '{"by":1,"user_id":7}'),
    (HandedOver(by=1, user_id=7), '{"by":1,"user_id":7}'),
    (HostClaimed(user_id=4), '{"user_id":4}'),
    (HostGraceEnded(), "{}"),
    (SeatGraceEnded(user_id=4), '{"user_id":4}'),
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
        if kind.__module__ == "moderation.events.people"
    }

    assert {type(event).__name__ for event, _ in ROWS} == named
