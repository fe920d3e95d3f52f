"""The connection to Discord: one client, its intents, and getting it started.

Unprivileged intents only, unless ``config.toml`` asks for message content: who is in
voice comes with the voice states, names come with interactions.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from typing_extensions import override

from bot.settings import DiscordSettings
from bot.timekeeper import Timekeeper

log = logging.getLogger(__name__)

FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 60.0

Hook = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Press:
    """What a pressed button asks for."""

    verb: str
    space_id: int
    arg: str = ""


OnPress = Callable[[discord.Interaction[Any], Press], Awaitable[None]]


def intents(settings: DiscordSettings) -> discord.Intents:
    """Return what the bot asks Discord to be told."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.voice_states = True
    wanted.guild_scheduled_events = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = settings.message_content
    return wanted


class Client(discord.Client):
    """discord.py's client with what it lacks: a first retry, and hooks."""

    def __init__(
        self, settings: DiscordSettings, connector: aiohttp.BaseConnector | None
    ) -> None:
        self.timekeeper = Timekeeper()
        """Knows what time it is by Discord."""
        super().__init__(
            intents=intents(settings),
            connector=connector,
            http_trace=self.timekeeper.trace(),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags(voice=True, joined=False),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=settings.guilds_within_s,
            max_messages=None,
        )
        self._on_login: list[Hook] = []
        self._on_close: list[Hook] = []
        self._on_press: OnPress | None = None

    def on_login(self, hook: Hook) -> None:
        """Run ``hook`` after the login and before the first event, in order."""
        self._on_login.append(hook)

    def on_closing(self, hook: Hook) -> None:
        """Run ``hook`` before the connection is given up, last added first."""
        self._on_close.append(hook)

    def on_press(self, press: OnPress) -> None:
        """Give every pressed button of ours to ``press``."""
        self._on_press = press

    async def pressed(
        self, interaction: discord.Interaction[Any], press: Press
    ) -> None:
        """Pass a pressed button on."""
        if self._on_press is not None:
            await self._on_press(interaction, press)

    @override
    async def setup_hook(self) -> None:
        for hook in self._on_login:
            await hook()

    @override
    async def connect(self, *, reconnect: bool = True) -> None:
        """Stay connected, from the first attempt on.

        discord.py 2.7.1 retries every connect but the first: it then reads the
        sequence of a socket that never was, and dies with AttributeError.
        """
        wait = FIRST_RETRY_S
        while True:
            try:
                return await super().connect(reconnect=reconnect)
            except AttributeError as error:
                if self.ws is not None or not reconnect:
                    raise
                log.warning("= first gateway connect failed: %s", error.__context__)
            await asyncio.sleep(wait * random.uniform(0.8, 1.2))  # noqa: S311 (jitter)
            wait = min(wait * 2, LONGEST_RETRY_S)

    @override
    async def close(self) -> None:
        if not self.is_closed():
            hooks, self._on_close = self._on_close, []
            for hook in reversed(hooks):
                await hook()
        await super().close()
