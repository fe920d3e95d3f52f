"""Posts: what a campaign calls for as its plan goes on."""

from dataclasses import replace

import pytest

from scheduler.campaigns.campaign import Campaign, CampaignState, Target, turn
from scheduler.campaigns.posts import Posted, posts
from scheduler.campaigns.settings import CampaignSettings
from scheduler.errands import AT_ONCE, ErrandKind
from scheduler.plans import PlanState, cancel, move
from tests.scheduler.sample import tea

START = 1_800_000_000.0
HOUR, DAY = 3600.0, 86400.0
SETTINGS = CampaignSettings()
PLAN = tea(START, id=7)
CAMPAIGN = Campaign(
    plan_id=7,
    guild_id=1,
    made_at=START - 8 * DAY,
    by=3,
    targets=(Target(5, "en", 99), Target(6, "es")),
)


def steps(plan=PLAN, campaign=CAMPAIGN, posted=(), channel=5):
    return [
        (one.step, one.due_at - START if one.due_at else AT_ONCE, one.role_id)
        for one in posts(plan, campaign, posted, SETTINGS)
        if one.target == channel
    ]


def test_the_whole_plan_of_announcements():
    """A week, three days, a day, an hour and ten minutes before; few of them ping."""
    assert steps() == [
        ("t-10080", -7 * DAY, None),
        ("t-4320", -3 * DAY, None),
        ("t-1440", -DAY, 99),
        ("t-60", -HOUR, None),
        ("t-10", -600, None),
    ]
    assert [role for _, _, role in steps(channel=6)] == [None] * 5


def test_what_was_due_before_the_campaign_is_not_made_up_for():
    """A campaign made two days ahead begins with the day before."""
    late = replace(CAMPAIGN, made_at=START - 2 * DAY)

    assert [step for step, _, _ in steps(campaign=late)] == ["t-1440", "t-60", "t-10"]


def test_a_pause_is_silence_and_nothing_is_made_up_for():
    """What was due while it was paused is left out."""
    paused = turn(CAMPAIGN, CampaignState.PAUSED, START - 4 * DAY)
    assert steps(campaign=paused) == []

    active = turn(paused, CampaignState.ACTIVE, START - HOUR * 2)
    assert [step for step, _, _ in steps(campaign=active)] == ["t-60", "t-10"]


def test_a_moved_plan_is_announced_at_its_new_times_and_posts_are_corrected():
    """New keys for what comes, and one edit for each message that is there."""
    posted = [Posted("t-10080", 5, 500, 0)]
    moved = move(PLAN, START + DAY)
    before = {one.key for one in posts(PLAN, CAMPAIGN, posted, SETTINGS)}
    after = posts(moved, CAMPAIGN, posted, SETTINGS)

    assert before & {one.key for one in after} == set()
    edits = [one for one in after if one.kind is ErrandKind.EDIT]
    assert [(one.step, one.message_id) for one in edits] == [("changed", 500)]


def test_a_post_that_shows_the_newest_change_is_left_alone():
    """An edit is called for once."""
    moved = move(PLAN, START + DAY)

    assert "changed" not in {
        s for s, _, _ in steps(moved, posted=[Posted("x", 5, 1, 1)])
    }


def test_a_move_does_not_announce_again_what_was_announced_just_now():
    """Only what is due after the newest post that is there."""
    posted = [Posted("t-4320", 5, 500, 0, at=START - 3 * DAY, starts_at=START)]
    moved = move(PLAN, START + DAY)

    assert [step for step, _, _ in steps(moved, posted=posted)] == [
        "changed",
        "t-4320",
        "t-1440",
        "t-60",
        "t-10",
    ]
    assert "t-10080" in {step for step, _, _ in steps(moved, posted=posted, channel=6)}


@pytest.mark.parametrize(
    ("step", "minutes", "moved_by", "again"),
    [
        ("t-4320", 4320, HOUR, False),
        ("t-4320", 4320, 18 * HOUR, True),
        ("t-60", 60, 600, False),
        ("t-60", 60, HOUR, True),
    ],
)
def test_a_small_move_corrects_and_does_not_announce_anew(
    step, minutes, moved_by, again
):
    """The same announcement comes again a quarter of its offset later at the least."""
    posted = [Posted(step, 5, 500, 0, at=START - 60 * minutes, starts_at=START)]
    moved = move(PLAN, START + moved_by)

    found = [found for found, _, _ in steps(moved, posted=posted)]
    assert (step in found) is again
    assert "changed" in found


def test_there_and_back_again_is_edited_twice():
    """A plan that is moved back has another change to show."""
    there = move(PLAN, START + DAY)
    back = move(there, START)
    posted = [Posted("t-10080", 5, 500, 1)]
    keys = [
        one.key
        for plan in (there, back)
        for one in posts(plan, CAMPAIGN, [replace_seq(posted, plan)], SETTINGS)
        if one.kind is ErrandKind.EDIT
    ]

    assert len(keys) == len(set(keys)) == 2


def replace_seq(posted, plan):
    return replace(posted[0], sequence=plan.sequence - 1)


@pytest.mark.parametrize(
    ("over", "step"),
    [
        (cancel(PLAN, "ill"), "cancelled"),
        (replace(PLAN, state=PlanState.MISSED), "missed"),
    ],
)
def test_a_plan_that_is_off_says_so_where_it_was_announced(over, step):
    """Edits only: nobody is notified of anything new."""
    posted = [Posted("t-1440", 5, 500, 0), Posted("t-60", 6, 600, 0)]
    found = posts(over, CAMPAIGN, posted, SETTINGS)

    assert {(one.kind, one.step, one.message_id) for one in found} == {
        (ErrandKind.EDIT, step, 500),
        (ErrandKind.EDIT, step, 600),
    }


def test_live_once_per_channel_then_over_in_place():
    """The post that it is live is the one that later says that it ended."""
    live = replace(PLAN, state=PlanState.OPENED)
    assert steps(live) == [("live", AT_ONCE, 99)]

    ended = replace(PLAN, state=PlanState.ENDED)
    posted = [Posted("live", 5, 800, 0), Posted("t-60", 5, 700, 0)]
    (edit,) = posts(ended, CAMPAIGN, posted, SETTINGS)
    assert (edit.step, edit.message_id) == ("ended", 800)


def test_a_cancelled_campaign_still_corrects_what_is_there():
    """Otherwise a post would say for ever that the Space is live."""
    off = replace(CAMPAIGN, state=CampaignState.CANCELLED)
    ended = replace(PLAN, state=PlanState.ENDED)

    assert steps(campaign=off) == []
    assert steps(ended, off, [Posted("live", 5, 800, 0)]) == [("ended", AT_ONCE, None)]


def test_an_announcement_out_of_turn_goes_everywhere_once():
    """It stays the same one when the plan moves."""
    asked = replace(CAMPAIGN, requests=(START - HOUR,))
    keys = {
        one.key
        for plan in (PLAN, move(PLAN, START + DAY))
        for one in posts(plan, asked, (), SETTINGS)
        if one.step == "now-0"
    }

    assert len(keys) == 2
