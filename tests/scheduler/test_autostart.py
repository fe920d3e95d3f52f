"""Auto-start: what a plan calls for, who opens it, how the wait ended."""

from dataclasses import replace

import pytest

from scheduler.autostart import (
    Absent,
    AutoKind,
    Kept,
    Waited,
    check,
    choose,
    hosted_by,
    is_waiting,
    opener,
    outcome,
    sends,
    stand_ins,
    start_in,
    start_of,
    still_opens,
)
from scheduler.plans import PlanRefused, PlanState
from scheduler.reminders import turns
from scheduler.sends import superseded
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

START = 1_800_000_000.0
HOST, ANA, BEN, EVA = 3, 7, 8, 9
SETTINGS = SchedulerSettings(wait_for_host_s=180)
PLAN = tea(
    START,
    id=4,
    host_id=HOST,
    post_channel_id=5,
    auto_start=True,
    absent=Absent.CANCEL.value,
    cohost_ids=(ANA, BEN),
)
WAITED = Waited(start_of(PLAN), 5, 99)


def called_for(plan, kept=Kept(), settings=SETTINGS):  # noqa: B008 (frozen)
    found = sends(plan, kept, settings)
    return [(str(send.kind), send.due_at - START) for send in found]


def test_it_opens_waits_looks_and_gives_up():
    """At the start, each minute, at the end; no other turn is called for."""
    wait, *looks, end = sends(PLAN, Kept(), SETTINGS)

    assert called_for(PLAN) == [
        ("wait", 0),
        ("look", 60),
        ("look", 120),
        ("give_up", 180),
    ]
    assert superseded(looks) == {looks[0].key}
    assert (wait.late_until, end.late_until) == (START + 180, float("inf"))
    assert turns(PLAN, SETTINGS) == []
    assert [str(one.kind) for one in turns(replace(PLAN, auto_start=False), SETTINGS)]


def test_without_a_wait_it_opens_or_is_called_off_at_once():
    """An organiser may want no grace at all."""
    none = replace(SETTINGS, wait_for_host_s=0)

    assert called_for(PLAN, settings=none) == [("wait", 0), ("give_up", 0)]


def test_a_plan_may_wait_longer_or_not_at_all():
    """As its host chose, whatever the organiser did for the others."""
    patient, none = replace(PLAN, wait_s=300.0), replace(PLAN, wait_s=0.0)

    assert called_for(patient)[-2:] == [("look", 240), ("give_up", 300)]
    assert called_for(none) == [("wait", 0), ("give_up", 0)]
    assert still_opens(patient, SETTINGS, START + 600)
    assert not still_opens(none, SETTINGS, START + 1)


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        ({}, []),
        ({"auto_start": False}, ["off"]),
        ({"starts_at": START + 600}, [f"moved/{START + 600:.0f}"]),
        ({"state": PlanState.OPENED}, ["opened"]),
        ({"state": PlanState.ENDED}, ["ended"]),
        ({"state": PlanState.CANCELLED}, ["cancelled"]),
        ({"state": PlanState.CANCELLED, "starts_at": START + 600}, ["cancelled"]),
        ({"state": PlanState.OPENED, "starts_at": START + 600}, ["moved/1800000600"]),
    ],
)
def test_the_post_says_how_it_ended(changes, ends):
    """One edit for each end that there is, by the channel and id of the post."""
    plan = replace(PLAN, **changes)
    found = sends(plan, Kept((WAITED,)), SETTINGS)
    told = [send for send in found if send.kind == AutoKind.TOLD]

    assert [send.key.split("/", 4)[4] for send in told] == ends
    assert {(send.arg, send.due_at) for send in told} <= {("5/99", START)}
    assert outcome(plan, WAITED.start) == "".join(ends)


def test_a_wait_without_a_post_has_nothing_to_edit():
    """It opened at once, or there was nowhere to post."""
    kept = Kept((Waited(start_of(PLAN)),))

    assert called_for(replace(PLAN, state=PlanState.OPENED), kept) == []


def test_a_crash_after_calling_off_still_gives_the_word():
    """What was called off by hand before calls for no word of ours."""
    off = replace(PLAN, state=PlanState.CANCELLED)
    (end,) = [one for one in sends(PLAN, Kept(), SETTINGS) if one.kind == "give_up"]

    assert called_for(off, Kept(given_up=frozenset({end.key}))) == [("give_up", 180)]
    assert called_for(off) == []
    assert start_in(end.key) == start_of(PLAN)


@pytest.mark.parametrize(
    ("absent", "present", "waits", "over"),
    [
        ("cancel", {HOST, ANA}, HOST, HOST),
        ("cancel", {ANA, EVA}, None, None),
        ("hand_over", {BEN, ANA}, None, ANA),
        ("hand_over", {BEN, EVA}, None, BEN),
        ("hand_over", {EVA}, None, None),
        ("cohost", {BEN}, BEN, BEN),
        ("cohost", {BEN, HOST}, HOST, HOST),
        ("cohost", set(), None, None),
    ],
)
def test_who_opens_it(absent, present, waits, over):
    """The host before anybody, then co-hosts in the plan's order, as it was chosen."""
    plan = replace(PLAN, absent=absent)

    assert opener(plan, present, over=False) == waits
    assert opener(plan, present, over=True) == over


@pytest.mark.parametrize(
    ("absent", "who"),
    [("cancel", ()), ("hand_over", (ANA, BEN)), ("cohost", (ANA, BEN)), ("", ())],
)
def test_who_may_stand_in(absent, who):
    """Whoever may host it instead is pinged with the host, nobody else."""
    assert stand_ins(replace(PLAN, absent=absent)) == who


def test_coming_in_opens_from_the_start_on_by_the_record():
    """Not before, not after a move, not what is over or opens by hand."""
    kept = Kept((WAITED,))

    assert is_waiting(PLAN, kept)
    assert not is_waiting(PLAN, Kept())
    assert not is_waiting(replace(PLAN, starts_at=START + 60), kept)
    assert not is_waiting(replace(PLAN, state=PlanState.OPENED), kept)
    assert not is_waiting(replace(PLAN, auto_start=False), kept)


def test_a_late_process_opens_for_as_long_as_the_wait():
    """After that, who happens to be there is no longer there for it."""
    assert still_opens(PLAN, SETTINGS, START + 360)
    assert not still_opens(PLAN, SETTINGS, START + 361)


FRESH = replace(PLAN, auto_start=False, absent="", cohost_ids=())
USUAL = SchedulerSettings(absent="hand_over")


@pytest.mark.parametrize(
    ("plan", "chosen", "changes"),
    [
        (FRESH, (None, None, None), {}),
        (FRESH, (None, ANA, None), {"cohost_ids": (ANA,)}),
        (FRESH, (True, None, None), {"auto_start": True, "absent": "cancel"}),
        (
            FRESH,
            (True, ANA, None),
            {"cohost_ids": (ANA,), "auto_start": True, "absent": "hand_over"},
        ),
        (FRESH, (None, None, "cohost"), {"auto_start": True, "absent": "cohost"}),
        (FRESH, (False, None, "cohost"), {"auto_start": False}),
        (
            FRESH,
            (None, None, None, 5),
            {"wait_s": 300.0, "auto_start": True, "absent": "cancel"},
        ),
        (FRESH, (False, None, None, 0), {"wait_s": 0.0, "auto_start": False}),
        (PLAN, (False, None, None), {"auto_start": False}),
        (PLAN, (None, None, "hand_over"), {"auto_start": True, "absent": "hand_over"}),
        (
            replace(FRESH, auto_start=True),
            (None, None, None),
            {"auto_start": True, "absent": "cancel"},
        ),
    ],
)
def test_what_a_host_chooses(plan, chosen, changes):
    """The organiser's default stands in where the plan has a co-host for it."""
    assert choose(plan, USUAL, *chosen) == changes


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"cohost_ids": (HOST,)}, "auto.cohost_is_host"),
        ({"cohost_ids": tuple(range(10, 16))}, "auto.too_many_cohosts"),
        ({"cohost_ids": (), "absent": "hand_over"}, "auto.no_cohost"),
        ({"cohost_ids": (), "absent": "cohost"}, "auto.no_cohost"),
        ({"cohost_ids": (), "absent": "cohost", "auto_start": False}, None),
        ({}, None),
    ],
)
def test_what_cannot_be_is_refused(changes, key):
    """Nobody is told that a co-host takes over where there is none."""
    plan = replace(PLAN, **changes)

    if key is None:
        assert check(plan) is plan
        return
    with pytest.raises(PlanRefused) as caught:
        check(plan)
    assert caught.value.key == key


def test_another_host_is_no_cohost_of_their_own():
    """Without anybody left to take over it is called off."""
    plan = replace(PLAN, absent="hand_over")

    again = hosted_by(plan, ANA)
    assert (again.host_id, again.cohost_ids, again.absent) == (ANA, (BEN,), "hand_over")
    assert hosted_by(replace(plan, cohost_ids=(ANA,)), ANA).absent == "cancel"
    assert hosted_by(FRESH, EVA) == replace(FRESH, host_id=EVA)
