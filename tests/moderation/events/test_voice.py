"""Rows about voices as they stand in journals on people's disks."""

import pytest

from moderation.events import (
    KINDS,
    SpeechEnded,
    SpeechStarted,
    VoiceStateSeen,
    from_row,
)

ROWS = [
    (
        VoiceStateSeen(
            user_id=1, self_deafened=True, server_muted=True, suppressed=True
        ),
        ('{"user_id":1,"self_deafened":true,"server_muted":true,"suppressed":true}'),
    ),
    (SpeechStarted(user_id=7), '{"user_id":7}'),
    (SpeechEnded(user_id=7, seconds=0.0), '{"user_id":7,"seconds":0.0}'),
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
        if kind.__module__ == "moderation.events.voice"
    }

    assert {type(event).__name__ for event, _ in ROWS} == named
