"""Finding one's own message again after a crash, by the nonce in its buttons.

A message is sent soon after it is claimed, so the oldest since then are looked at
first. In a lively channel, or where sending had to wait, many others may lie between:
they are passed over page by page, and only what is found ends the search early.

A claim has the time of this machine and a message that of Discord, so the search
begins some minutes before: by a clock that is fast every message is older than its
claim.
"""

from datetime import UTC, datetime
from typing import Final

import discord

LOOK_BACK: Final = 1000
"""Messages that are looked through for one that may have got there: ten requests, at
most, once for what a crash or a lost answer left open."""

SKEW_S: Final = 300.0
"""Seconds that this machine's clock may be ahead of Discord's."""


async def find(
    place: discord.abc.Messageable, nonce: str, since: float
) -> discord.Message | None:
    """Return the message after ``since`` (Unix seconds) that carries ``nonce``."""
    after = datetime.fromtimestamp(since - SKEW_S, UTC)
    async for message in place.history(limit=LOOK_BACK, after=after):
        if any(nonce in custom_id for custom_id in _ids(message)):
            return message
    return None


def _ids(message: discord.Message) -> list[str]:
    return [
        item.custom_id or ""
        for line in message.components
        if isinstance(line, discord.ActionRow)
        for item in line.children
        if isinstance(item, discord.Button)
    ]
