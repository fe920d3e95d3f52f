"""Sends: what is late, and what a later one makes needless."""

import pytest

from scheduler.sends import Send, Timing, superseded, timing


def send(due, key="k", users=(7,), plan_id=4, about="start", **more):
    return Send(
        key=key,
        plan_id=plan_id,
        kind="reminder",
        due_at=due,
        starts_at=0.0,
        user_ids=users,
        about=about,
        **more,
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (99, Timing.EARLY),
        (100, Timing.ON_TIME),
        (160, Timing.ON_TIME),
        (161, Timing.LATE),
        (500, Timing.LATE),
        (501, Timing.DROPPED),
    ],
)
def test_policy_is_in_the_send(at, expected):
    """On time for a minute, late until it says itself, then dropped."""
    assert timing(send(100, late_until=500), 60.0, at) is expected


def test_of_several_missed_only_the_last_goes_out():
    """Somebody back after a day is not told the same thing three times."""
    due = [
        send(-3600, "hour"),
        send(-600, "ten"),
        send(-3600, "both", users=(7, 8)),
        send(-1800, "host", users=(3,), about="host"),
        send(-3600, "other plan", plan_id=5),
        send(0, "start", users=(), about=""),
        send(-100, "post", users=(), about="posts"),
        send(-50, "later post", users=(), about="posts"),
    ]

    assert superseded(due) == {"hour", "post"}
