"""A stand-in with an unmodified discord.py client on it, for tests."""

import asyncio
from contextlib import asynccontextmanager

import discord
from discord import app_commands

from bot.rehearsal.standin.limits import LimitSettings
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.seed import Seed
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.settings import StandInSettings
from tests.bot.rehearsal.standin.worlds import VERSATILE

MORE = (
    VERSATILE
    | Permission.MANAGE_WEBHOOKS
    | Permission.MANAGE_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.KICK_MEMBERS
    | Permission.MANAGE_NICKNAMES
    | Permission.CHANGE_NICKNAME
    | Permission.DEAFEN_MEMBERS
)
"""Every permission that the exercises need."""


class Bot(discord.Client):
    """A client that says when it is ready and remembers what went wrong."""

    def __init__(self, connector, intents):
        # Otherwise the client waits 2 s for further guilds before it says so.
        super().__init__(intents=intents, connector=connector, guild_ready_timeout=0.02)
        self.tree = app_commands.CommandTree(self)
        self.at_work = asyncio.Event()
        self.failures = []
        self.tree.on_error = self._failed

    async def on_ready(self):
        self.at_work.set()

    async def _failed(self, interaction, error):
        self.failures.append(error)


@asynccontextmanager
async def connected(stand_in=None, *, intents=None):
    """Yield a stand-in and a bot that is ready in its guild."""
    settings = StandInSettings(limits=LimitSettings(on=False))
    stand_in = stand_in or StandIn(Seed(bot_permissions=MORE), settings)
    async with stand_in:
        bot = Bot(stand_in.connector(), intents or discord.Intents.all())
        running = asyncio.create_task(bot.start(stand_in.token))
        ready = asyncio.create_task(bot.at_work.wait())
        try:
            await asyncio.wait(
                {running, ready}, timeout=30, return_when=asyncio.FIRST_COMPLETED
            )
            if running.done():
                running.result()
            assert ready.done(), "the client did not become ready in 30 s"
            yield stand_in, bot
        finally:
            ready.cancel()
            await bot.close()
            await asyncio.wait({running})
        assert bot.failures == []
