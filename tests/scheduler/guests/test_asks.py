"""What guests and host are written, by the policy."""

from dataclasses import replace

from scheduler.errands import AT_ONCE, ErrandKind
from scheduler.guests.asks import asks, reminders
from scheduler.guests.guest import Guest, GuestState, answer
from scheduler.guests.settings import GuestSettings
from scheduler.plans import PlanState, cancel, move
from tests.scheduler.sample import tea

START = 1_800_000_000.0
HOUR, DAY = 3600.0, 86400.0
HOST, ANA = 3, 7
SETTINGS = GuestSettings()
PLAN = tea(START, id=1, host_id=HOST)


def guest(invited_at=START - 5 * DAY, **more):
    return Guest(plan_id=1, user_id=ANA, invited_by=HOST, invited_at=invited_at, **more)


def steps(plan, *guests, settings=SETTINGS):
    return [
        (one.step, one.due_at - START if one.due_at else AT_ONCE)
        for one in asks(plan, guests, settings)
    ]


def test_a_silent_guest_is_reminded_and_then_the_host_hears():
    """A day after, a day before, three hours before; then it is the host's turn."""
    assert steps(PLAN, guest()) == [
        ("invite", AT_ONCE),
        ("remind", -4 * DAY),
        ("remind", -DAY),
        ("remind", -3 * HOUR),
        ("silent", -2 * HOUR),
    ]


def test_the_host_hears_that_the_event_is_gone():
    """Called off by hand in Discord, not by command: only then it is news."""
    off = cancel(PLAN, "gone")

    assert steps(off) == []
    assert steps(replace(off, unasked=True)) == [("unasked", AT_ONCE)]


def test_reminders_keep_their_distance():
    """Invited at the last minute, a guest is not written to twice within hours."""
    assert reminders(PLAN, guest(START - 26 * HOUR), SETTINGS) == [START - 3 * HOUR]
    assert reminders(PLAN, guest(START - 4 * HOUR), SETTINGS) == []


def test_nobody_is_reminded_after_the_start():
    """A day after the invitation may be too late."""
    found = reminders(PLAN, guest(START - 20 * HOUR), SETTINGS)

    assert max(found) < START


def test_who_confirmed_is_reminded_once_before_the_start():
    """And is not asked any more."""
    came = answer(PLAN, guest(), comes=True, now=START - DAY)

    assert steps(PLAN, came) == [("ready", -1800.0)]
    late = answer(PLAN, guest(), comes=True, now=START - 60)
    assert steps(PLAN, late) == []


def test_who_declined_is_left_alone_and_the_host_hears_at_once():
    """Each time that somebody declines, until somebody else has come instead."""
    gone = answer(PLAN, guest(), comes=False, now=START - DAY)
    (told,) = asks(PLAN, [gone], SETTINGS)

    assert (told.kind, told.step, told.target) == (ErrandKind.HOST, "declined", HOST)
    assert told.about_id == ANA
    assert steps(PLAN, replace(gone, replaced_by=9)) == []
    back = answer(PLAN, gone, comes=True, now=START - DAY + 30)
    again = answer(PLAN, back, comes=False, now=START - DAY + 60)
    assert asks(PLAN, [again], SETTINGS)[0].key != told.key


def test_a_moved_plan_asks_again():
    """Under another key, so that it is written although it was asked before."""
    came = answer(PLAN, guest(), comes=True, now=START - DAY)
    moved = move(PLAN, START + DAY)

    first = {one.key for one in asks(PLAN, [guest()], SETTINGS)}
    assert "invite" in {step for step, _ in steps(moved, came)}
    assert not first & {one.key for one in asks(moved, [came], SETTINGS)}


def test_a_cancelled_plan_is_called_off_with_those_who_would_have_come():
    """Nobody else hears of it, and nothing else is written."""
    off = cancel(PLAN, "ill")

    assert steps(off, guest()) == [("called_off", AT_ONCE)]
    assert steps(off, guest(state=GuestState.DECLINED)) == []
    assert steps(replace(PLAN, state=PlanState.OPENED), guest()) == []


def test_the_policy_can_be_switched_off():
    """Zero is never."""
    quiet = GuestSettings(after_h=0, before_h=(), host_h=0, ready_min=0)
    came = answer(PLAN, guest(), comes=True, now=START - DAY)

    assert steps(PLAN, guest(), settings=quiet) == [("invite", AT_ONCE)]
    assert steps(PLAN, came, settings=quiet) == []


def test_of_invitation_and_reminder_missed_together_one_is_written():
    """They are a chain."""
    chains = {one.chain for one in asks(PLAN, [guest()], SETTINGS)[:4]}

    assert chains == {"1/guest/7"}
