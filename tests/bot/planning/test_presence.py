"""Where the bot still is: looked at when a guild becomes known."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import discord
import pytest

from bot.planning.presence import Presence, require_available
from moderation.store.database import Store
from scheduler.clockwork import records
from scheduler.clockwork.outbound import LaterError
from scheduler.plans import PlanState
from tests.scheduler.sample import tea

PLAN = tea(2e9)
SEEN = SimpleNamespace(id=1, unavailable=False, get_channel=lambda _: None)


def answer(kind, status, code):
    return kind(SimpleNamespace(status=status, reason=""), {"code": code})


class Discord:
    """A client that sees no channel, and what Discord says when it is asked."""

    def __init__(self, answer):
        self._answer = answer

    async def fetch_channel(self, channel_id):
        if self._answer is not None:
            raise self._answer


class Plans:
    """Notes what is called off."""

    def __init__(self):
        self.lost_ones = []

    async def lost(self, guild_id, channel_id):
        self.lost_ones.append((guild_id, channel_id))


def look(answer, guild=SEEN):
    """Keep a plan and one that is over; return what is called off."""

    async def main():
        async with Store(":memory:") as store:
            for channel_id, state in ((2, PlanState.SCHEDULED), (5, PlanState.ENDED)):
                kept = replace(PLAN, channel_id=channel_id, state=state)
                await store.write(lambda db, kept=kept: records.keep(db, kept))
            plans = Plans()
            await Presence(Discord(answer), store, plans).on_guild_available(guild)
            return plans.lost_ones

    return asyncio.run(main())


def test_what_was_deleted_meanwhile_is_called_off():
    """Discord knows no such channel; what is over is not looked at."""
    assert look(answer(discord.NotFound, 404, 10003)) == [(1, 2)]


@pytest.mark.parametrize(
    "said",
    [
        None,  # it is there, and newer than what the guild was
        answer(discord.Forbidden, 403, 50001),  # hidden from the bot
        answer(discord.DiscordServerError, 503, 0),
        OSError(),
    ],
)
def test_what_may_still_be_there_is_left_alone(said):
    """A channel that is hidden may be shown again, and an outage passes."""
    assert look(said) == []


def test_what_is_in_sight_is_not_even_asked_for():
    """The guild has the channel."""
    guild = SimpleNamespace(id=1, unavailable=False, get_channel=lambda _: object())

    assert look(answer(discord.NotFound, 404, 10003), guild) == []


@pytest.mark.parametrize(
    ("guild", "later"),
    [(None, False), (SEEN, False), (SimpleNamespace(unavailable=True), True)],
)
def test_what_is_due_in_a_guild_with_trouble_waits(guild, later):
    """Channels that Discord does not show now are not gone."""
    client = SimpleNamespace(get_guild=lambda _: guild)
    try:
        require_available(client, 1)
    except LaterError:
        waits = True
    else:
        waits = False

    assert waits is later
