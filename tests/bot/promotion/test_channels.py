"""Announcements in channels: what Discord refuses is refused, what fails is tried."""

import asyncio
from types import SimpleNamespace

import discord
import pytest

from bot.promotion.channels import ChannelPosts
from bot.promotion.gathered import Gathered
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from scheduler.campaigns.settings import CampaignSettings
from scheduler.clockwork.deliveries import UndeliverableError
from scheduler.clockwork.outbound import Going
from scheduler.errands import Errand, ErrandKind
from tests.scheduler.sample import tea

PLAN = tea(1_800_000_000.0, id=4)
ERRAND = Errand(
    key="k",
    plan_id=4,
    kind=ErrandKind.ANNOUNCE,
    step="t-60",
    target=5,
    due_at=PLAN.starts_at - 3600,
    starts_at=PLAN.starts_at,
)


class Posts(ChannelPosts):
    """The announcements of one channel, which answers every message with an error."""

    def __init__(self, status, code):
        client = SimpleNamespace(get_guild=lambda _: None)
        super().__init__(client, Wording(load()), CampaignSettings())
        kinds = {403: discord.Forbidden, 404: discord.NotFound}
        kind = kinds.get(status, discord.HTTPException)
        answer = SimpleNamespace(status=status, reason="")
        self.error = kind(answer, {"code": code, "message": "Blocked by AutoMod"})

    def _channel(self, channel_id):
        async def send(*_, **__):
            raise self.error

        return SimpleNamespace(id=channel_id, send=send)


def deliver(posts):
    return asyncio.run(
        posts.deliver(Going(ERRAND, "n" * 24, None, 1), Gathered(PLAN, None))
    )


@pytest.mark.parametrize(
    ("status", "code"), [(400, 200000), (400, 50035), (403, 50013), (404, 10003)]
)
def test_what_discord_refuses_is_told_in_the_preview(status, code):
    """It was tried again every hour, and nobody read why nothing was announced."""
    with pytest.raises(UndeliverableError, match=f"AutoMod.*{code}"):
        deliver(Posts(status, code))


@pytest.mark.parametrize(("status", "code"), [(502, 0), (429, 20028)])
def test_what_fails_for_the_moment_is_tried_again(status, code):
    """It may have got there, or may in a minute."""
    with pytest.raises(discord.HTTPException):
        deliver(Posts(status, code))
