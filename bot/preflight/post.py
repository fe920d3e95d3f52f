"""The one message of a practice: posted, edited where it changes, posted anew."""

import logging

import aiohttp
import discord

from bot.rooms.venue import Channel
from moderation.store import posts
from moderation.store.database import Store

log = logging.getLogger(__name__)

POST = "practice"
"""What the panel is among a room's posts."""

TROUBLE = (discord.HTTPException, aiohttp.ClientError, OSError)
"""How an edit fails."""


class PanelPost:
    """Where a practice's panel is."""

    def __init__(self, store: Store, channel: Channel) -> None:
        self._store = store
        self._channel = channel
        self._message: discord.PartialMessage | None = None
        self._shown = ""

    async def put(self, row_id: int, text: str, view: discord.ui.View) -> None:
        """Show ``text``, in place; raises one of ``TROUBLE``."""
        if text == self._shown:
            return
        quiet = discord.AllowedMentions.none()
        if self._message is not None:
            try:
                await self._message.edit(
                    content=text, view=view, allowed_mentions=quiet
                )
            except discord.NotFound:
                log.info("practice %s: its panel was deleted", row_id)
            else:
                self._shown = text
                return
        sent = await self._channel.send(text, view=view, allowed_mentions=quiet)
        self._message = self._channel.get_partial_message(sent.id)
        self._shown = text
        at = self._channel.id
        await self._store.write(lambda db: posts.keep(db, row_id, POST, at, sent.id))

    async def over(self, text: str, view: discord.ui.View | None) -> None:
        """Show the last of it, if it is there."""
        if self._message is None:
            return
        try:
            await self._message.edit(content=text, view=view)
        except TROUBLE as error:
            log.info("practice: its panel stays: %s", type(error).__name__)
