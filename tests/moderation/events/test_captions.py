"""Rows about captions as they stand in journals on people's disks."""

import pytest

from moderation.events import (
    KINDS,
    CaptionsStarted,
    CaptionsStopped,
    SpokenLanguageSet,
    from_row,
)

ROWS = [
    (CaptionsStarted(by=7), '{"by":7}'),
    (CaptionsStarted(by=7, channel_id=9), '{"by":7,"channel_id":9}'),
    (CaptionsStopped(by=3), '{"by":3}'),
    (
        SpokenLanguageSet(by=3, user_id=4, language="es"),
        '{"by":3,"user_id":4,"language":"es"}',
    ),
]


@pytest.mark.parametrize(("event", "body"), ROWS)
def test_rows_of_old_journals_still_load(event, body):
    """Names of classes and fields are never renamed."""
    assert from_row(type(event).__name__, body) == event
    assert type(event).__name__ in KINDS
