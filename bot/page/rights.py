"""Who may change a transcript: whoever moderates the guild at that moment.

A session lasts for hours and says only who somebody was when the link was made. So
Discord is asked again, and whoever is no moderator any more may read on and no more.
"""

import asyncio
import logging
from typing import Protocol

import discord

from bot.clock import Clock
from bot.faults import FAULTS, named
from bot.page.tickets import Viewer
from bot.rooms.seeing import is_moderator

log = logging.getLogger(__name__)

KNOWN_S = 30.0
"""Seconds for which an answer of Discord's holds."""

PATIENCE_S = 5.0
"""Seconds after which Discord counts as away: a page waits for it."""


class Rights(Protocol):
    """Where the page asks."""

    async def may_edit(self, viewer: Viewer) -> bool:
        """Say whether somebody may edit and redact now."""


class Owner:
    """Rights beside no Discord: the page is served on the viewer's own machine."""

    async def may_edit(self, viewer: Viewer) -> bool:
        """Allow everything."""
        return True


class Moderators:
    """Rights as Discord has them."""

    def __init__(self, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[tuple[int, int], tuple[float, bool]] = {}

    async def may_edit(self, viewer: Viewer) -> bool:
        """Say whether they moderate the guild; as long as Discord is away, the last."""
        key, now = (viewer.guild_id, viewer.user_id), self._clock.now()
        # Whoever has a link was a moderator when it was made.
        at, may = self._known.get(key, (float("-inf"), True))
        if now - at >= KNOWN_S:
            may = await self._ask(viewer, may)
            self._known[key] = now, may
        return may

    async def _ask(self, viewer: Viewer, before: bool) -> bool:
        guild = self._client.get_guild(viewer.guild_id)
        if guild is None:
            return False
        try:
            async with asyncio.timeout(PATIENCE_S):
                return is_moderator(await guild.fetch_member(viewer.user_id))
        except discord.NotFound:
            return False
        except FAULTS as error:
            log.warning("who may edit is as before: %s", named(error))
            return before
