"""Where a plan's public messages go: its reminder thread, its channel, its room's chat.

A reminder thread hangs on the plan's card, so that it has the card's id: nothing has
to be kept, and no crash makes a second one.
"""

import logging
from typing import Final

import discord

from bot.client import Client
from bot.texts.escape import plain
from moderation.store import cards, guilds
from moderation.store.database import Store
from scheduler.plans import Plan

log = logging.getLogger(__name__)

IN_THREAD: Final = "reminders_in_thread"
"""The guild's setting: whether reminders go to a thread of each plan's card."""

THERE_ALREADY: Final = 160004
"""Discord's code for a message that has its thread."""

NAME: Final = 100
"""Characters of a thread's name (Discord, "Start Thread from Message")."""


class PostPlaces:
    """The places of plans in the channels that one client sees."""

    def __init__(self, client: Client, store: Store, *, in_thread: bool) -> None:
        """``in_thread`` is what holds where a guild did not choose."""
        self._client = client
        self._store = store
        self._in_thread = in_thread

    async def of(
        self, plan: Plan, *, reminder: bool, make: bool = True
    ) -> list[discord.abc.Messageable]:
        """Return where a message may go, the best place first.

        With ``make`` a reminder's thread is opened where the guild wants one.
        """
        found: list[discord.abc.Messageable | None] = []
        if reminder and await self._wants_thread(plan.guild_id):
            found.append(await self._thread(plan, make=make))
        # Where the card's channel is gone, the chat of the Space's own is left.
        found += [self._channel(plan.post_channel_id), self._channel(plan.channel_id)]
        return list(dict.fromkeys(place for place in found if place is not None))

    async def _wants_thread(self, guild_id: int) -> bool:
        chosen = await self._store.read(lambda db: guilds.settings(db, guild_id))
        return bool(chosen.get(IN_THREAD, self._in_thread))

    async def _thread(self, plan: Plan, *, make: bool) -> discord.Thread | None:
        card = await self._store.read(lambda db: cards.get(db, plan.id))
        if card is None or card.message_id is None:
            return None
        channel = self._client.get_channel(card.channel_id)
        if not isinstance(channel, discord.TextChannel):
            return None
        there = channel.get_thread(card.message_id)
        if there is not None:
            return there
        try:
            return await self._open(channel, card.message_id, plan, make=make)
        except discord.HTTPException as error:
            if error.status >= 500:
                raise
            log.info("no reminder thread of plan %d: %s", plan.id, error.code)
            return None

    async def _open(
        self, channel: discord.TextChannel, card_id: int, plan: Plan, *, make: bool
    ) -> discord.Thread | None:
        try:
            found = await self._client.fetch_channel(card_id)  # archived, or unknown
        except discord.NotFound:
            if not make:
                return None
            return await self._make(channel, card_id, plain(plan.topic, NAME))
        return found if isinstance(found, discord.Thread) else None

    async def _make(
        self, channel: discord.TextChannel, card_id: int, name: str
    ) -> discord.Thread | None:
        try:
            return await channel.get_partial_message(card_id).create_thread(name=name)
        except discord.HTTPException as error:
            if error.code != THERE_ALREADY:
                raise
            found = await self._client.fetch_channel(card_id)  # one was quicker
            return found if isinstance(found, discord.Thread) else None

    def _channel(self, channel_id: int | None) -> discord.abc.Messageable | None:
        found = self._client.get_channel(channel_id) if channel_id else None
        return found if isinstance(found, discord.abc.Messageable) else None
