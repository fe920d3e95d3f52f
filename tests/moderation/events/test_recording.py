"""Rows about recording as they stand in journals on people's disks."""

import pytest

from media.consent import Consent
from media.heard import TrackTrouble
from moderation.events import (
    KINDS,
    ConsentGiven,
    ConsentWithdrawn,
    RecordingFailed,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
    TrackFailed,
    TranscriptStarted,
    TranscriptStopped,
    from_row,
)

ROWS = [
    (
        ConsentGiven(user_id=1, level=Consent.NOTHING, text_version="bees"),
        '{"user_id":1,"level":0,"text_version":"bees"}',
    ),
    (ConsentWithdrawn(user_id=2), '{"user_id":2}'),
    (RecordingStarted(by=7), '{"by":7}'),
    (RecordingPaused(by=3), '{"by":3}'),
    (RecordingResumed(by=1), '{"by":1}'),
    (RecordingStopped(by=3), '{"by":3}'),
    (RecordingFailed(reason_key="bees"), '{"reason_key":"bees"}'),
    (
        TrackFailed(user_id=2, trouble=TrackTrouble.GONE),
        '{"user_id":2,"trouble":"gone"}',
    ),
    (TranscriptStarted(by=1), '{"by":1}'),
    (TranscriptStopped(by=1), '{"by":1}'),
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
        if kind.__module__ == "moderation.events.recording"
    }

    assert {type(event).__name__ for event, _ in ROWS} == named
