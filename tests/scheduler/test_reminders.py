"""Reminders: which messages a plan calls for, and what becomes of late ones."""

from dataclasses import replace

import pytest

from scheduler.plans import PlanState
from scheduler.reminders import Kind, Place, Wish, sends, turns
from scheduler.sends import Timing, timing
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

START = 1_800_000_000.0
SETTINGS = SchedulerSettings(host_offsets_min=(30, 0), wait_for_host_s=900)
PLAN = tea(START, id=4, post_channel_id=5)


def summary(found):
    found = sorted(found, key=lambda send: (send.due_at, send.key))
    return [(send.kind, send.due_at - START, send.user_ids) for send in found]


def test_plan_calls_for_host_and_members():
    """Those who asked are named in one message; the host has their own."""
    wishes = [Wish(7, 600), Wish(8, 600), Wish(9, 600, Place.DM), Wish(7, 3600)]

    assert summary(sends(PLAN, wishes, SETTINGS)) == [
        (Kind.MEMBERS, -3600, (7,)),
        (Kind.HOST, -1800, (3,)),
        (Kind.DIRECT, -600, (9,)),
        (Kind.MEMBERS, -600, (7, 8)),
        (Kind.HOST, 0, (3,)),
    ]


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        (PlanState.SCHEDULED, [Kind.START, Kind.MISSED]),
        (PlanState.MISSED, [Kind.MISSED]),
        (PlanState.OPENED, []),
        (PlanState.CANCELLED, []),
    ],
)
def test_turn_of_a_plan(state, kinds):
    """It is time at the start; a quarter of an hour later it is given up."""
    found = turns(replace(PLAN, state=state), SETTINGS)

    assert [send.kind for send in found] == kinds


def test_plan_without_a_channel_reminds_in_private():
    """Where there is nowhere to post, a wish is answered by direct message."""
    found = sends(replace(PLAN, post_channel_id=None), [Wish(7, 60)], SETTINGS)

    assert (Kind.DIRECT, -60, (7,)) in summary(found)


def test_long_list_is_cut_into_messages():
    """Nobody is left out because a message holds only so many names."""
    wishes = [Wish(user_id, 60) for user_id in range(1, 201)]

    parts = [s for s in sends(PLAN, wishes, SETTINGS) if s.kind is Kind.MEMBERS]

    assert [len(part.user_ids) for part in parts] == [70, 70, 60]
    assert len({part.key for part in parts}) == 3


def test_wish_for_a_moment_that_is_over_is_not_sent():
    """Who asks five minutes before is not reminded of the hour before."""
    wishes = [Wish(7, 3600, asked_at=START - 300), Wish(7, 60, asked_at=START - 300)]

    due = [
        at
        for kind, at, _ in summary(sends(PLAN, wishes, SETTINGS))
        if kind is Kind.MEMBERS
    ]

    assert due == [-60]


@pytest.mark.parametrize("state", [s for s in PlanState if s != PlanState.SCHEDULED])
def test_plan_that_is_not_to_come_reminds_nobody(state):
    """Cancelled, open or over: quiet."""
    assert sends(replace(PLAN, state=state), [Wish(7, 60)], SETTINGS) == []


def test_moved_plan_has_new_messages():
    """Keys hold the start, so that a moved Space reminds again, once."""
    before = {send.key for send in sends(PLAN, [Wish(7, 60)], SETTINGS)}
    moved = replace(PLAN, starts_at=START + 86400)

    assert before.isdisjoint({s.key for s in sends(moved, [Wish(7, 60)], SETTINGS)})
    assert before == {send.key for send in sends(PLAN, [Wish(7, 60)], SETTINGS)}


@pytest.mark.parametrize(
    ("kind", "due", "at", "expected"),
    [
        (Kind.MEMBERS, -600, -601, Timing.EARLY),
        (Kind.MEMBERS, -600, -540, Timing.ON_TIME),
        (Kind.MEMBERS, -600, -539, Timing.LATE),
        (Kind.MEMBERS, -600, 600, Timing.LATE),
        (Kind.DIRECT, -600, 601, Timing.DROPPED),
        (Kind.HOST, 0, 601, Timing.DROPPED),
        (Kind.START, 0, 900, Timing.LATE),
        (Kind.START, 0, 901, Timing.DROPPED),
        (Kind.MISSED, 900, 100_000, Timing.LATE),
    ],
)
def test_misfire_policy(kind, due, at, expected):
    """Late reminders go out until ten minutes after the start, then never."""
    wishes = [Wish(7, 600), Wish(9, 600, Place.DM)]
    calls = [*sends(PLAN, wishes, SETTINGS), *turns(PLAN, SETTINGS)]
    (send,) = [c for c in calls if (c.kind, c.due_at) == (kind, START + due)]

    assert timing(send, SETTINGS.late_s, START + at) is expected
