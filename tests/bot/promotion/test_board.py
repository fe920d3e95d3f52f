"""The board of a plan's guests."""

import pytest

from bot.promotion.board import board
from bot.promotion.gathered import Gathered
from bot.replies import LIMIT
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from scheduler.guests.guest import Guest, GuestState, Slot
from scheduler.plans import TOPIC_LENGTH
from tests.scheduler.sample import tea

START = 1_800_000_000.0
WORDS = Wording(load())
NEWEST = 2**64 - 1
"""No id of a member is longer."""

ITEM = "A talk about [things] of interest to everybody who is here"
PLAN = tea(START, agenda=(ITEM,) * 12)


def guest(number, **given):
    usual = {"invited_by": 3, "invited_at": START - 86400, "slot": Slot("item", 12)}
    return Guest(plan_id=4, user_id=NEWEST - number, **{**usual, **given})


def shown(guests, language="en", plan=PLAN, unreached=()):
    return board(WORDS, language, Gathered(plan, None, tuple(guests)), unreached)


def test_each_guest_has_a_line_with_their_slot():
    """A long item is cut; the slot of who was replaced is somebody else's."""
    replaced = guest(1, state=GuestState.DECLINED, replaced_by=NEWEST - 2)

    lines = shown([replaced, guest(2), guest(3, slot=Slot("minute", 5))]).split("\n")

    assert lines[0].endswith("0 of 2 guests confirmed")
    assert lines[1].endswith(f"replaced by <@{NEWEST - 2}>")
    assert "item 12, A talk about \\[things\\] of" in lines[2]
    assert lines[3].endswith("minute 5")


def test_who_could_not_be_asked_is_told():
    """The host has to ask them in another way."""
    assert "could not be reached" in shown([guest(1)], unreached={NEWEST - 1})


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_full_board_fits_however_many_have_declined(language):
    """One that is too long would be refused, and stand there as it was for ever."""
    plan = tea(START, topic="*" * TOPIC_LENGTH, agenda=("*" * 130,) * 12)
    gone = [guest(n, state=GuestState.DECLINED) for n in range(20)]
    coming = [guest(n) for n in range(20, 32)]

    text = shown([*gone, *coming], language, plan)

    assert len(text) <= LIMIT
    assert all(f"<@{one.user_id}>" in text for one in coming)
    left = sum(f"<@{one.user_id}>" not in text for one in gone)
    assert f" {left} " in text.rsplit("\n", 1)[-1]
