"""Rows about sanctions as they stand in journals on people's disks."""

import pytest

from moderation.events import (
    KINDS,
    BanLifted,
    CaseUndone,
    ConductNudged,
    MemberBanned,
    MemberMuted,
    MemberNoted,
    MemberRemoved,
    MemberUnbanned,
    MemberUnmuted,
    MemberWarned,
    ReportFiled,
    SanctionLapsed,
    SanctionsRecalled,
    from_row,
)
from moderation.sanction import Action, Sanction

ROWS = [
    (
        MemberWarned(by=1, user_id=1, reason="bees"),
        '{"by":1,"user_id":1,"reason":"bees"}',
    ),
    (
        MemberMuted(by=7, user_id=3, reason="bees"),
        '{"by":7,"user_id":3,"reason":"bees"}',
    ),
    (MemberUnmuted(by=1, user_id=5), '{"by":1,"user_id":5}'),
    (
        MemberRemoved(by=1, user_id=4, reason="bees"),
        '{"by":1,"user_id":4,"reason":"bees"}',
    ),
    (
        MemberBanned(by=1, user_id=7, reason="bees"),
        '{"by":1,"user_id":7,"reason":"bees"}',
    ),
    (MemberUnbanned(by=2, user_id=2), '{"by":2,"user_id":2}'),
    (MemberNoted(by=3, user_id=6, text="bees"), '{"by":3,"user_id":6,"text":"bees"}'),
    (CaseUndone(by=1, number=1), '{"by":1,"number":1}'),
    (
        SanctionsRecalled(
            sanctions=(
                Sanction(user_id=5, action=Action.BAN, until=60.0),
                Sanction(user_id=6, action=Action.MUTE),
            )
        ),
        (
            '{"sanctions":[{"user_id":5,"action":"ban","until":60.0},{"user_id"'
            ':6,"action":"mute","until":null}]}'
        ),
    ),
    (SanctionLapsed(user_id=4), '{"user_id":4}'),
    (BanLifted(user_id=4), '{"user_id":4}'),
    (
        ReportFiled(user_id=2, about_id=4, reason="bees"),
        '{"user_id":2,"about_id":4,"reason":"bees"}',
    ),
    (
        ConductNudged(user_id=3, cause="bees", by=1),
        '{"user_id":3,"cause":"bees","by":1}',
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
        if kind.__module__ == "moderation.events.sanctions"
    }

    assert {type(event).__name__ for event, _ in ROWS} == named
