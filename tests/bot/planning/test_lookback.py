"""Finding one's own message again."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import discord
import pytest

from bot.client import Press
from bot.panel.buttons import SpaceButton, row
from bot.planning import lookback

SINCE = 1_800_000_000.0
START = datetime.fromtimestamp(SINCE, UTC)
NONCE = "n" * 24


class Channel:
    """A channel with so many messages of others between claim and ours, 1 s apart."""

    def __init__(self, between, nonce=NONCE):
        ours = row(SpaceButton(Press("plan_remind", 4, nonce), "Remind me"))
        buttons = [item.to_component_dict() for item in ours.children]
        line = discord.ActionRow({"type": 1, "components": buttons})
        self._components = [[]] * between + [[line], []]
        self.read = 0

    async def history(self, *, limit, after):
        """Yield the oldest first, as Discord does where ``after`` is given."""
        for number, components in enumerate(self._components[:limit]):
            at = START + timedelta(seconds=number)
            if at > after:
                self.read += 1
                yield SimpleNamespace(id=number, components=components)


def find(channel, nonce=NONCE, since=SINCE):
    return asyncio.run(lookback.find(channel, nonce, since))


@pytest.mark.parametrize("between", [0, 49, 50, 700])
def test_a_message_is_found_behind_those_of_others(between):
    """However lively the channel was, and no message after it is read."""
    channel = Channel(between)

    assert find(channel).id == between
    assert channel.read == between + 1


def test_what_is_not_there_is_not_found():
    """Another message of ours is another; the search has an end."""
    assert find(Channel(3), "m" * 24) is None
    assert find(Channel(lookback.LOOK_BACK)) is None


@pytest.mark.parametrize("fast_s", [2.0, 120.0])
def test_a_message_is_found_by_a_clock_that_is_fast(fast_s):
    """By Discord's time it is older than its claim; it would be sent a second time."""
    assert find(Channel(0), since=SINCE + fast_s).id == 0
