"""The thread that keeps every caption: found a place for, opened once, written in turn.

Discord has no threads in the chat of a stage or voice channel, so the thread is in a
text channel. A new message is what screen readers announce; an edit is not. So the
history is new messages, each with the lines of the last seconds, and no edits.

Rule: words of a room go to no place that more people can see, unless a host chose it.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import discord

from bot.rooms.venue import Channel
from media.utterance import Utterance
from moderation.store import caption_lines

log = logging.getLogger(__name__)

EVERY_S = 10.0
"""Seconds of talk that one message of the history gathers."""

KEPT_MIN: Final = 1440
"""Minutes of silence after which Discord archives the thread."""

LOOK_BACK: Final = 20
"""Messages among which ours is looked for; others may write into the thread too."""

NEEDS = (
    "view_channel",
    "send_messages",
    "create_public_threads",
    "send_messages_in_threads",
    "read_message_history",
)
"""What the bot needs in the text channel; the last to go on in the thread after a
restart, and to take out of it what is redacted or erased."""


def home(room: Channel, chosen: int | None) -> discord.TextChannel | None:
    """Return the text channel for the history; None where there is no fit one."""
    if chosen is not None:
        channel = room.guild.get_channel(chosen)
        fits = isinstance(channel, discord.TextChannel) and _may_write(channel)
        return channel if fits and isinstance(channel, discord.TextChannel) else None
    if not room.permissions_for(room.guild.default_role).view_channel:
        return None  # a closed room: only a host can say where its words may go
    for channel in _near(room):
        if _may_write(channel):
            return channel
    return None


async def open_thread(channel: discord.TextChannel, name: str) -> discord.Thread:
    """Open the thread. Raises discord.HTTPException."""
    return await channel.create_thread(
        name=name[:100],
        type=discord.ChannelType.public_thread,
        auto_archive_duration=KEPT_MIN,
    )


async def newest(
    thread: discord.abc.Messageable, me: discord.abc.Snowflake | None
) -> tuple[int, list[str]]:
    """Return the newest message that is ours: its id and lines; 0 and none for none.

    Raises what Discord does.
    """
    async for message in thread.history(limit=LOOK_BACK):
        if me is not None and message.author.id == me.id:
            return message.id, message.content.split("\n")
    return 0, []


def owners(
    lines: Sequence[str], shown: Iterable[tuple[Utterance, Sequence[str]]]
) -> list[tuple[int, str]]:
    """Return whose each line of the newest message is, and of which utterance.

    ``shown``: utterances in their order, with their lines.
    """
    of: dict[str, list[tuple[int, str]]] = {}
    for one, each in ((one, each) for one, whole_ in shown for each in whole_):
        of.setdefault(each, []).append((one.user_id, one.id))
    # Who says the same again stands there with the last time that they said it.
    found = [
        of[each].pop() if of.get(each) else (caption_lines.NOBODY, "")
        for each in reversed(lines)
    ]
    return found[::-1]


def _near(room: Channel) -> Iterator[discord.TextChannel]:
    """Yield text channels, those beside the room first, then where the guild greets."""
    yield from (
        one
        for one in room.guild.text_channels
        if one.category_id == room.category_id and not one.is_news()
    )
    if room.guild.system_channel is not None:
        yield room.guild.system_channel


def _may_write(channel: discord.TextChannel) -> bool:
    has = channel.permissions_for(channel.guild.me)
    return all(getattr(has, name) for name in NEEDS)
