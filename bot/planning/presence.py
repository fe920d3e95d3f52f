"""Where the bot still is: what was planned in a channel that is gone is called off.

Discord tells of a deleted channel once, to whoever is connected. For all others there
is this look, at every guild that becomes known.

Rules:

- Only Discord's "Unknown Channel" means that it is gone: one that is merely hidden
  from the bot may be shown again.
- Of a guild that Discord has trouble with nothing is known; what is due there waits.
- A guild that is not there at all is left alone: the bot may be invited again, or have
  been started in the wrong place.
"""

import logging
from typing import Final

import aiohttp
import discord
from sqlite_utils import Database

from bot.client import Client
from bot.planning.planner import Planner
from moderation.store.database import Store
from scheduler.clockwork import records
from scheduler.clockwork.outbound import LaterError

log = logging.getLogger(__name__)

MOST: Final = 1000
"""Plans of one guild that are looked at, the next ones first."""


def require_available(client: Client, guild_id: int) -> None:
    """Raise LaterError while Discord cannot say what there is in a guild."""
    guild = client.get_guild(guild_id)
    if guild is not None and guild.unavailable:
        raise LaterError(f"guild {guild_id} is unavailable")


class Presence:
    """Looks at guilds as they become known."""

    def __init__(self, client: Client, store: Store, planner: Planner) -> None:
        self._client = client
        self._store = store
        self._planner = planner

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Look at a guild at the start, or after Discord had trouble with it."""
        await self.look(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Look at a guild that has invited the bot again."""
        await self.look(guild)

    async def look(self, guild: discord.Guild) -> None:
        """Call off what was planned in channels that were deleted meanwhile."""

        def planned(db: Database) -> set[int]:
            return {plan.channel_id for plan in records.upcoming(db, guild.id, MOST)}

        for channel_id in sorted(await self._store.read(planned)):
            if guild.get_channel(channel_id) is None and await self._gone(channel_id):
                log.info("guild %d: channel %d is gone", guild.id, channel_id)
                await self._planner.lost(guild.id, channel_id)

    async def _gone(self, channel_id: int) -> bool:
        try:
            await self._client.fetch_channel(channel_id)
        except discord.NotFound:
            return True
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.info("channel %d: %s", channel_id, type(error).__name__)
        return False
