"""Which Discord permissions a Space needs, by the channel it is held in.

The names are discord.py's attributes of ``discord.Permissions``; never among them:
``administrator``. Sources: Discord's permissions table (which bits act on which
kind of channel) and "Stage Instance" (a moderator is MANAGE_CHANNELS + MUTE_MEMBERS
+ MOVE_MEMBERS).
"""

import discord

PANEL = (
    "view_channel",
    "send_messages",
    "embed_links",
    "attach_files",
    "read_message_history",
    "create_public_threads",
    "send_messages_in_threads",
)
"""What the chat of any Space's channel needs."""

STAGE = (*PANEL, "connect", "manage_channels", "mute_members", "move_members")
"""What a Space on a stage channel needs."""

VOICE = (*PANEL, "connect", "mute_members", "move_members")
"""What a Space in a voice channel needs."""

PLAN = ("create_events", "manage_events")
"""What a planned Space needs besides, for its native event."""


def needed(channel: discord.abc.GuildChannel) -> tuple[str, ...]:
    """Return the permissions that a Space in ``channel`` needs."""
    return STAGE if isinstance(channel, discord.StageChannel) else VOICE


def missing(channel: discord.abc.GuildChannel) -> tuple[str, ...]:
    """Return those of ``needed`` that the bot lacks in ``channel``."""
    has = channel.permissions_for(channel.guild.me)
    return tuple(name for name in needed(channel) if not getattr(has, name))


def words(name: str) -> str:
    """Return a permission as Discord's settings page words it, in English."""
    return name.replace("_", " ").title().replace(" In ", " in ")
