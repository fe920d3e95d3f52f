"""Who may edit, asked of Discord."""

import asyncio
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from bot.clock import ManualClock
from bot.page import rights
from bot.page.rights import KNOWN_S, Moderators, Owner
from tests.bot.page.sample import GUILD, VIEWER


class Guild:
    """One guild that answers as told, and counts how often it is asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = 0

    async def fetch_member(self, user_id):
        assert user_id == VIEWER.user_id
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        member = object.__new__(Member)
        member.may = answer
        return member


class Member(discord.Member):
    """A member with a moderator's permissions, or without."""

    __slots__ = ("may",)

    @property
    def guild_permissions(self):
        return discord.Permissions(mute_members=self.may, move_members=self.may)


def gone():
    return discord.NotFound(SimpleNamespace(status=404, reason=""), "Unknown Member")


def asked(guild, *seconds):
    """Ask at each of the seconds; return the answers."""

    async def main():
        clock = ManualClock(0.0)
        found = {GUILD: guild}
        moderators = Moderators(SimpleNamespace(get_guild=found.get), clock)
        answers = []
        for at in seconds:
            clock.advance(at - clock.now())
            answers.append(await moderators.may_edit(VIEWER))
        return answers

    return asyncio.run(main())


@pytest.mark.parametrize("may", [True, False])
def test_a_moderator_may(may):
    """By the permissions that they have now, whatever the link said."""
    assert asked(Guild(may), 0.0) == [may]


def test_whoever_left_may_not():
    """A session lasts longer than some memberships."""
    assert asked(Guild(gone()), 0.0) == [False]


def test_an_answer_holds_for_a_moment():
    """Not every key costs a call; who is no moderator any more learns it soon."""
    guild = Guild(True, False)

    assert asked(guild, 0.0, KNOWN_S - 1, KNOWN_S) == [True, True, False]
    assert guild.asked == 2


@pytest.mark.parametrize("before", [True, False])
def test_while_discord_is_away_the_last_answer_holds(before):
    """A network that is gone takes no right and gives none."""
    away = aiohttp.ClientConnectionError()

    assert asked(Guild(before, away), 0.0, KNOWN_S) == [before, before]


def test_nobody_waits_long_for_discord(monkeypatch):
    """A page that hangs is worse than an answer of a moment ago."""
    monkeypatch.setattr(rights, "PATIENCE_S", 0.01)

    class Hanging(Guild):
        async def fetch_member(self, user_id):
            await asyncio.Event().wait()

    assert asked(Hanging(), 0.0) == [True]


def test_without_an_answer_yet_the_link_counts():
    """Discord said who they are when it was made."""
    assert asked(Guild(aiohttp.ClientConnectionError()), 0.0) == [True]


def test_a_guild_that_the_bot_left_is_nobodys():
    """There is nobody to ask."""
    assert asked(None, 0.0) == [False]


def test_beside_no_discord_the_page_is_its_owners():
    """It is served on their own machine."""
    assert asyncio.run(Owner().may_edit(VIEWER))
