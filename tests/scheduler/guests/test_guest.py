"""Guests: invited, confirmed, declined, replaced, asked again."""

from dataclasses import replace

import pytest

from scheduler.guests import guest as rules
from scheduler.guests.guest import Guest, GuestState, Slot
from scheduler.guests.settings import GuestSettings
from scheduler.plans import PlanRefused, PlanState, cancel, move
from tests.scheduler.sample import tea

START = 1_800_000_000.0
HOST, ANA, BEN = 3, 7, 8
PLAN = tea(START, id=1, host_id=HOST, agenda=("Soil", "Water"))


def guest(user_id=ANA, **more):
    return Guest(plan_id=1, user_id=user_id, invited_by=HOST, invited_at=1.0, **more)


def refused(call, *args, **named):
    with pytest.raises(PlanRefused) as error:
        call(*args, **named)
    return error.value.key


def test_the_host_and_who_is_a_guest_already_are_not_invited():
    """And there are no more guests than seats."""
    assert refused(rules.invite, PLAN, [], guest(HOST), 12) == "guest.is_host"
    assert refused(rules.invite, PLAN, [guest()], guest(), 12) == "guest.already"
    assert refused(rules.invite, PLAN, [guest()], guest(BEN), 1) == "guest.too_many"


def test_who_declined_may_be_invited_again_and_takes_no_seat():
    """People change their minds."""
    gone = guest(state=GuestState.DECLINED)

    assert rules.invite(PLAN, [gone], guest(), 1) == guest()


@pytest.mark.parametrize(
    ("slot", "agenda", "key"),
    [
        (Slot("item", 3), True, "guest.no_item"),
        (Slot("item", 0), True, "guest.no_item"),
        (Slot("item", 1), False, "guest.no_agenda"),
        (Slot("minute", 60), True, "guest.no_minute"),
    ],
)
def test_a_slot_is_within_the_plan(slot, agenda, key):
    """An item that there is, a minute before the end."""
    plan = PLAN if agenda else replace(PLAN, agenda=())

    assert refused(rules.invite, plan, [], guest(slot=slot), 12) == key
    assert rules.check_slot(PLAN, Slot("item", 2)) is None


def test_an_answer_is_for_one_start():
    """Who confirmed is asked again when the plan moves."""
    came = rules.answer(PLAN, guest(), comes=True, now=5.0)
    moved = move(PLAN, START + 60)

    assert rules.standing(PLAN, came) is GuestState.CONFIRMED
    assert rules.standing(moved, came) is GuestState.INVITED
    assert rules.unconfirmed(moved, [came]) == [came]
    again = rules.answer(moved, came, comes=True, now=6.0)
    assert rules.confirmed(moved, [again]) == [again]


def test_who_declined_stays_declined_when_the_plan_moves():
    """They are not asked again behind their back."""
    gone = rules.answer(PLAN, guest(), comes=False, now=5.0)

    assert rules.standing(move(PLAN, START + 60), gone) is GuestState.DECLINED


def test_the_same_answer_twice_is_one():
    """Who presses again, as nothing seems to happen, tells nobody anything new."""
    for comes in (True, False):
        once = rules.answer(PLAN, guest(), comes=comes, now=5.0)
        assert rules.answer(PLAN, once, comes=comes, now=6.0) == once
    moved = replace(PLAN, starts_at=PLAN.starts_at + 60)
    assert rules.answer(moved, once, comes=False, now=7.0) == once


def test_an_answer_may_be_changed_until_the_start():
    """Both ways; then the button says what has become of the plan."""
    gone = rules.answer(PLAN, guest(), comes=False, now=5.0)
    back = rules.answer(PLAN, gone, comes=True, now=6.0)
    assert back.state is GuestState.CONFIRMED

    for over in (cancel(PLAN, ""), replace(PLAN, state=PlanState.OPENED)):
        assert refused(rules.answer, over, back, comes=True, now=7.0) == "plan.state"


def test_who_was_not_invited_cannot_answer():
    """Nor who was taken off."""
    off = rules.withdraw(PLAN, guest())

    assert refused(rules.answer, PLAN, None, comes=True, now=5.0) == "guest.not_invited"
    assert refused(rules.answer, PLAN, off, comes=True, now=5.0) == "guest.not_invited"
    assert refused(rules.withdraw, PLAN, off) == "guest.not_a_guest"
    assert refused(rules.withdraw, PLAN, None) == "guest.not_a_guest"


def test_a_replaced_guest_keeps_the_answer_and_names_who_came_instead():
    """The button of the old invitation then says so."""
    gone = rules.answer(PLAN, guest(), comes=False, now=5.0)
    old = rules.replaced(PLAN, gone, BEN)

    assert (old.state, old.replaced_by) == (GuestState.DECLINED, BEN)
    assert refused(rules.answer, PLAN, old, comes=True, now=6.0) == "guest.was_replaced"
    assert refused(rules.replaced, PLAN, old, 9) == "guest.was_replaced"
    assert rules.replaced(PLAN, guest(), BEN).state is GuestState.WITHDRAWN
    assert refused(rules.replaced, PLAN, gone, ANA) == "guest.already"
    assert refused(rules.replaced, PLAN, None, ANA) == "guest.not_a_guest"


def test_when_a_guest_is_to_be_there():
    """A minute is counted from the start; any other slot is the start."""
    assert rules.speaks_at(PLAN, Slot("minute", 20)) == START + 1200
    assert rules.speaks_at(PLAN, Slot("item", 2)) == START


def test_how_many_may_still_be_invited():
    """Who is gone leaves their place."""
    guests = [guest(), guest(BEN, state=GuestState.DECLINED)]

    assert rules.room_left(GuestSettings(most=3), guests) == 2
