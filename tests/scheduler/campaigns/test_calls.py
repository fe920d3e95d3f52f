"""Calls of outside tools: each event once for each tool."""

from dataclasses import replace

from scheduler.campaigns.calls import Called, event_of, hook_calls
from scheduler.campaigns.campaign import Campaign, CampaignState
from scheduler.campaigns.settings import CampaignSettings
from scheduler.plans import PlanState, cancel, move
from tests.scheduler.sample import tea

START, DAY = 1_800_000_000.0, 86400.0
PLAN = tea(START, id=7)
CAMPAIGN = Campaign(plan_id=7, guild_id=1, made_at=START - 4 * DAY, by=3)


def events(plan=PLAN, campaign=CAMPAIGN, called=(), hooks=(1,)):
    found = hook_calls(plan, campaign, hooks, called, CampaignSettings())
    return [(one.target, event_of(one.step), one.step) for one in found]


def test_every_tool_is_told_of_every_announcement():
    """One event for all channels."""
    found = events(hooks=(1, 2))

    assert [step for hook, _, step in found if hook == 2] == [
        "t-4320",
        "t-1440",
        "t-60",
        "t-10",
    ]
    assert {event for _, event, _ in found} == {"space.announced"}


def test_a_change_is_told_to_who_knows_of_the_old_time():
    """Each time it changes, even back; who was told nothing needs no correction."""
    there = move(PLAN, START + DAY)
    back = move(there, START)
    first = Called("t-4320", 1, START)
    second = Called("changed", 1, START + DAY)

    assert (1, "space.changed", "changed") in events(there, called=[first])
    assert (1, "space.changed", "changed") not in events(there, called=[first, second])
    assert (1, "space.changed", "changed") in events(back, called=[first, second])
    assert "space.changed" not in {event for _, event, _ in events(there)}
    keys = [
        one.key
        for plan in (there, back)
        for one in hook_calls(plan, CAMPAIGN, [1], [second, first], CampaignSettings())
        if one.step == "changed"
    ]
    assert len(set(keys)) == len(keys)


def test_live_ended_and_cancelled():
    """Live is news to everybody, the rest to who was told before."""
    live = replace(PLAN, state=PlanState.OPENED)
    known = [Called("live", 1, START)]

    assert events(live) == [(1, "space.live", "live")]
    assert events(replace(PLAN, state=PlanState.ENDED), called=known) == [
        (1, "space.ended", "ended")
    ]
    assert events(cancel(PLAN, ""), called=known) == [
        (1, "space.cancelled", "cancelled")
    ]
    assert events(cancel(PLAN, "")) == []


def test_a_paused_campaign_calls_nobody():
    """Corrections still go out."""
    paused = replace(CAMPAIGN, state=CampaignState.PAUSED)
    known = [Called("t-4320", 1, START)]

    assert events(campaign=paused) == []
    assert events(replace(PLAN, state=PlanState.OPENED), paused) == []
    assert events(cancel(PLAN, ""), paused, known) == [
        (1, "space.cancelled", "cancelled")
    ]
