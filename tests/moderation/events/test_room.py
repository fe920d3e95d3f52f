"""Rows about the room as they stand in journals on people's disks."""

import pytest

from moderation.events import (
    KINDS,
    BotReturned,
    CapSet,
    EndReason,
    ReminderFired,
    RoomHushed,
    RoomLocked,
    RoomUnhushed,
    RoomUnlocked,
    SpaceClosed,
    SpaceEnded,
    SpaceOpened,
    SpacePaused,
    SpaceResumed,
    from_row,
)
from moderation.requests import QueueMode
from moderation.settings import Gate, RoomKind, SpaceSettings

ROWS = [
    (
        SpaceOpened(
            space_id=1,
            guild_id=2,
            channel_id=3,
            kind=RoomKind.STAGE,
            host_id=4,
            topic="bees",
            settings=SpaceSettings(
                queue_mode=QueueMode.FAIR,
                sides=(
                    "a",
                    "b",
                ),
                turn_s=60.0,
                gate=Gate(rules_version="2"),
            ),
        ),
        (
            '{"space_id":1,"guild_id":2,"channel_id":3,"kind":"stage","host_id"'
            ':4,"topic":"bees","settings":{"turn_s":60.0,"queue_mode":"fair","s'
            'ides":["a","b"],"gate":{"rules_version":"2"}}}'
        ),
    ),
    (SpacePaused(by=1), '{"by":1}'),
    (SpaceResumed(by=3), '{"by":3}'),
    (SpaceEnded(by=3), '{"by":3}'),
    (SpaceClosed(reason=EndReason.BOT_REMOVED), '{"reason":"bot_removed"}'),
    (RoomLocked(by=1), '{"by":1}'),
    (RoomUnlocked(by=2), '{"by":2}'),
    (RoomHushed(by=3), '{"by":3}'),
    (RoomUnhushed(by=7), '{"by":7}'),
    (CapSet(by=1, cap=1), '{"by":1,"cap":1}'),
    (BotReturned(away_s=0.0), '{"away_s":0.0}'),
    (ReminderFired(key="bees", text="bees"), '{"key":"bees","text":"bees"}'),
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
        if kind.__module__ == "moderation.events.room"
    }

    assert {type(event).__name__ for event, _ in ROWS} == named
