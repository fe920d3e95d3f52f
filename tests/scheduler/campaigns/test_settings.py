"""Defaults of campaigns fit together."""

from scheduler.campaigns.campaign import Campaign, Target
from scheduler.campaigns.caps import Past, forecast
from scheduler.campaigns.meter import warnings
from scheduler.campaigns.posts import posts
from scheduler.campaigns.settings import CampaignSettings, WebhookSettings
from scheduler.plans import Plan

START = 1_800_000_000.0


def test_the_default_campaign_is_neither_too_little_nor_too_much():
    """One planned Space in one channel with a role fits into the default caps."""
    settings = CampaignSettings()
    plan = Plan(
        id=1,
        guild_id=1,
        channel_id=2,
        host_id=3,
        topic="Tea",
        starts_at=START,
        minutes=60,
    )
    campaign = Campaign(
        plan_id=1, guild_id=1, made_at=0.0, by=3, targets=(Target(5, "en", 9),)
    )
    coming = posts(plan, campaign, (), settings)
    verdicts = forecast(coming, [], settings)

    assert all(one.goes for one in verdicts.values())
    past = [Past(one.due_at, 5, verdicts[one.key].role_id) for one in coming]
    assert warnings(past, [], START, settings) == []


def test_retries_of_a_webhook_last_for_hours():
    """A tool that is down for an hour is not given up."""
    settings = WebhookSettings()
    waits = [
        min(settings.first_retry_s * 2**n, settings.longest_retry_s)
        for n in range(settings.attempts - 1)
    ]

    assert 3600 < sum(waits) < 86400
