"""Finding one's own message again after a crash, by the nonce in its buttons.

A message is sent soon after it is claimed, so the oldest since then are looked at
first. In a lively channel, or where sending had to wait, many others may lie between:
they are passed over page by page, and only what is found ends the search early.
"""

from datetime import UTC, datetime
from typing import Final

import discord

LOOK_BACK: Final = 1000
"""Messages that are looked through for one that may have got there: ten requests, at
most, once for what a crash or a lost answer left open."""


async def find(
    place: discord.abc.Messageable, nonce: str, since: float
) -> discord.Message | None:
    """Return the message after ``since`` (Unix seconds) that carries ``nonce``."""
    # A claim is older than its message; discord.py makes the snowflake of that second.
    after = datetime.fromtimestamp(since - 1.0, UTC)
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
