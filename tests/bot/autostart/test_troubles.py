"""What goes wrong while a host is waited for has a clear line, and is said once."""

import asyncio
from dataclasses import replace

import pytest

from bot.refusals import Impossible
from moderation.store.database import StoreError
from scheduler.plans import PlanState
from tests.bot.autostart.story import (
    COHOSTS,
    HOST,
    MINUTE,
    PLAN,
    START,
    come,
    move,
    simulate,
)

LACKS = Impossible("bot_lacks", permission_keys="permission.mute_members")


async def boot(bot):
    await bot.boot()


@pytest.mark.parametrize(
    ("minute", "here", "state", "reason"),
    [
        (20, {HOST}, PlanState.OPENED, ""),
        (20, set(), PlanState.CANCELLED, "I was not running when it should have"),
        (40, {HOST}, PlanState.CANCELLED, "I was not running when it should have"),
    ],
)
def test_a_process_that_was_off_the_whole_time(minute, here, state, reason):
    """Soon after, who is there still opens it; later it says that it was not there."""
    found = simulate(PLAN, [(minute, boot)], here=here)

    assert found.state is state
    assert found.reason.startswith(reason)
    assert len(found.last) == (state is PlanState.CANCELLED)
    assert found.unsettled == 0


def test_a_process_that_was_off_for_days_is_quiet_about_it():
    """The card says that it was called off; nobody comes any more."""
    found = simulate(PLAN, [(3 * 24 * 60, boot)])

    assert found.state is PlanState.CANCELLED
    assert found.last == []
    assert found.unsettled == 0


def test_a_clock_that_steps_back_loses_nobody():
    """Who comes in at what is before the start again opens it; one post."""
    found = simulate(PLAN, [(0, None), (2, None), (-8, come(HOST)), (3, None)])

    assert found.hosts == [HOST]
    assert [one for one in found.last if "is open in" in one] == found.last


def test_a_clock_that_jumps_over_the_wait_calls_off_once():
    """As if the process had been off; nobody is waited for in the past."""
    found = simulate(PLAN, [(-1, None), (300, None), (301, None)])

    assert found.state is PlanState.CANCELLED
    assert found.reason.startswith("I was not running")
    (post,) = found.world.posts.values()
    assert len(post) == 1
    assert "called off" in post[0]


def test_nowhere_to_post_is_said_to_the_host():
    """It opens all the same; that it is called off is an errand to the host."""
    absent = simulate(PLAN, [(0, None), (15, None)], no_place=True)
    late = simulate(PLAN, [(0, None), (5, come(HOST))], no_place=True)

    ((_, words),) = absent.told
    assert "could not post" in words
    assert (absent.state, absent.unsettled) == (PlanState.CANCELLED, 0)
    assert late.hosts == [HOST]


def test_a_channel_that_is_deleted_ends_the_wait():
    """The plan is called off, and the post says so."""

    async def lost(bot):
        await bot.planner.lost(1, 2)

    found = simulate(PLAN, [(0, None), (5, lost), (15, None)])

    assert found.state is PlanState.CANCELLED
    assert found.last == ["✖️ **Tea** is called off."]


@pytest.mark.parametrize(
    ("language", "private", "reason"),
    [
        ("en", "I lack permissions in that channel: mute members", "I lacked"),
        ("es", "Me faltan permisos en ese canal: silenciar", "Me faltaban"),
    ],
)
def test_a_missing_permission_is_named_once_and_in_the_reason(
    language, private, reason
):
    """Every minute it is tried again; the host hears it once, and why in the end."""
    plan = replace(PLAN, language=language)
    story = [(minute, None) for minute in range(17)]

    found = simulate(plan, story, here={HOST}, refusal=LACKS)

    ((_, first),) = found.told
    assert private.casefold() in first.casefold()
    assert found.reason.startswith(reason)
    (post,) = found.world.posts.values()
    assert private.casefold() in post[0].casefold()
    assert len(post) == 2


def test_a_full_disk_is_trouble_as_well():
    """The host hears of it once; in the end the reason names no machine."""
    full = StoreError("the disk is full")

    found = simulate(
        PLAN, [(0, None), (1, None), (15, None)], here={HOST}, refusal=full
    )

    assert found.state is PlanState.CANCELLED
    assert found.reason == "Something kept me from opening it."
    assert sum("does not open yet" in words for _, words in found.told) == 1


def test_trouble_that_comes_later_is_put_into_the_post():
    """The host comes in and it does not open: the post that is there says why."""
    found = simulate(
        PLAN,
        [(0, None), (3, come(HOST)), (4, None), (5, None)],
        refusal=Impossible("channel_taken", channel=2),
    )

    (post,) = found.world.posts.values()
    assert ["already live" in text for text in post] == [False, True]
    assert [user for user, _ in found.told] == [HOST]


def test_without_a_network_the_post_comes_later_and_once():
    """What fails for the moment stays claimed and is tried again."""

    async def back(bot):
        bot.world.network_gone = False

    found = simulate(PLAN, [(0, None), (1, None), (2, back), (3, None)], network_gone=1)

    (post,) = found.world.posts.values()
    assert len(post) == 1
    assert found.unsettled == 0


def test_a_slow_opening_is_not_given_up():
    """The clockwork goes on meanwhile; what comes of it is seen at the next look."""

    async def slow(bot):
        bot.world.slow = asyncio.Event()
        await come(HOST)(bot)

    async def done(bot):
        bot.world.slow.set()
        await asyncio.sleep(0)

    found = simulate(PLAN, [(0, None), (14, slow), (15, None), (16, done), (17, None)])

    assert (found.state, found.hosts) == (PlanState.OPENED, [HOST])
    assert found.unsettled == 0
    assert "is open in" in found.last[0]


def test_two_who_come_in_at_once_open_one_space():
    """The host opens it; a second look joins the first."""

    async def both(bot):
        bot.world.here = {HOST, 7}
        await asyncio.gather(bot.auto.came(1, 2), bot.auto.came(1, 2))

    found = simulate(
        replace(PLAN, absent="cohost", **COHOSTS), [(0, None), (3, both), (4, None)]
    )

    assert found.hosts == [HOST]
    assert found.told == []


def test_a_plan_that_changes_meanwhile_changes_its_post():
    """Topic, channel and who may take over; a look changes nothing."""

    async def edit(bot):
        changes = {"channel_id": 9, "topic": "Coffee"}
        await bot.planner.edit(1, bot.asker, changes)

    async def without_network(bot):
        bot.world.network_gone = True
        changes = {"absent": "hand_over", "cohost_ids": (7,)}
        await bot.planner.edit(1, bot.asker, changes)
        bot.world.network_gone = False

    story = [(0, None), (1, None), (3, edit), (4, None), (5, without_network)]

    found = simulate(PLAN, [*story, (6, None), (7, None)])

    (first, second, third) = found.world.posts[1]
    assert "**Tea** opens as soon as you are in <#2>" in first
    assert "**Coffee** opens as soon as you are in <#9>" in second
    assert "<@7>" in third


def test_turned_off_meanwhile_it_is_opened_by_hand():
    """The post says so, and the usual word that it is time is given instead."""

    async def off(bot):
        plan = await bot.plan()
        changes = {"auto_start": False}
        await bot.planner.edit(plan.id, bot.asker, changes)

    found = simulate(PLAN, [(0, None), (5, off), (15, None)])

    assert found.last == ["**Tea** opens by hand: with `/space start` in <#2>."]
    assert found.world.others == ["start", "missed"]
    assert found.state is PlanState.MISSED


def test_nobody_opens_it_before_its_time():
    """Coming in early opens nothing; being there at the start does."""
    early = simulate(PLAN, [(-0.5, come(HOST))], now=START - MINUTE)
    there = simulate(PLAN, [(-0.5, come(HOST)), (0, None)], now=START - MINUTE)

    assert (early.hosts, there.hosts) == ([], [HOST])
    assert there.last == []


def test_a_plan_that_moves_while_it_is_given_up_is_not_called_off():
    """The host moved it in the last moment, while the opening was tried."""
    story = [(0, None), (14.5, come(HOST)), (15, None), (16, None)]

    found = simulate(PLAN, story, meanwhile=move, refusal=LACKS)

    assert (found.state, found.reason) == (PlanState.SCHEDULED, "")
    assert "was moved to" in found.last[0]
