"""Finding the panel that an earlier process posted and died before it wrote that down.

One posted beside it would leave two in the channel, one of them still for ever.
"""

import logging

import discord

from bot.client import Press
from bot.faults import FAULTS, named
from bot.panel.buttons import custom_id
from bot.planning import lookback

log = logging.getLogger(__name__)

ALWAYS_THERE = "queue"
"""A button that every panel has, and no other message that people see."""


async def find(
    channel: discord.VoiceChannel | discord.StageChannel,
    space_id: int,
    opened_at: float,
) -> int | None:
    """Return the panel's message; None where there is none, or nobody may look.

    ``opened_at`` is in Unix seconds.
    """
    sign = custom_id(Press(ALWAYS_THERE, space_id, ""))
    try:
        found = await lookback.find(channel, sign, opened_at)
    except FAULTS as error:
        log.warning("space %d: no look at its channel: %s", space_id, named(error))
        return None
    if found is None or found.author.id != channel.guild.me.id:
        return None
    return found.id
