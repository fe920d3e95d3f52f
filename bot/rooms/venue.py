"""The Discord channel that a Space is held in: what it shows, what can be done there.

A stage speaks its topic by a stage instance, a voice channel by its status line. The
rest is the same for both. Every method is one Discord call, or none where the state
is right already; ``discord.HTTPException`` passes through to whoever asked.
"""

import logging

import discord

from bot.refusals import Impossible
from bot.rooms import permissions
from moderation.settings import RoomKind

log = logging.getLogger(__name__)

Channel = discord.VoiceChannel | discord.StageChannel

TOPIC_LIMIT = 120
"""Characters of a stage instance's topic (Discord, "Stage Instance")."""

STATUS_LIMIT = 500
"""Characters of a voice channel's status (Discord, "Set Voice Channel Status")."""


class Venue:
    """One channel, as a Space uses it."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        """As Discord showed it last: after a new gateway session, or trouble that
        Discord had with the guild, discord.py makes others, and the former ones stand
        still."""

    @property
    def kind(self) -> RoomKind:
        """Stage or voice."""
        stage = isinstance(self.channel, discord.StageChannel)
        return RoomKind.STAGE if stage else RoomKind.VOICE

    def check(self, opener_id: int) -> None:
        """Raise ``Impossible`` naming what is missing before anything is begun."""
        guild = self.channel.guild
        opener = self._member(opener_id)
        if opener is not None:
            may = self.channel.permissions_for(opener)
            speaks = may.speak or self.kind is RoomKind.STAGE
            if not (may.view_channel and may.connect and speaks):
                raise Impossible("may_not_open")
        if self.kind is RoomKind.STAGE and "COMMUNITY" not in guild.features:
            raise Impossible("no_community")
        missing = permissions.missing(self.channel)
        if missing:
            keys = " ".join(f"permission.{name}" for name in missing)
            raise Impossible("bot_lacks", permission_keys=keys)

    def states(self) -> dict[int, discord.VoiceState]:
        """Return the voice state of everybody in the channel, the bot excepted."""
        me = self.channel.guild.me.id
        return {u: s for u, s in self.channel.voice_states.items() if u != me}

    async def show_topic(self, topic: str) -> None:
        """Show the topic where Discord does."""
        if isinstance(self.channel, discord.StageChannel):
            await self._show_on_stage(self.channel, topic[:TOPIC_LIMIT])
        elif self._may_set_status():
            await self.channel.edit(status=topic[:STATUS_LIMIT])

    async def close(self) -> None:
        """Take the topic down: the room is an ordinary channel again."""
        if isinstance(self.channel, discord.StageChannel):
            if self.channel.instance is not None:
                await self.channel.instance.delete()
        elif self._may_set_status():
            await self.channel.edit(status=None)

    @property
    def is_on_show(self) -> bool:
        """Whether Discord shows the channel as a live stage."""
        channel = self.channel
        return (
            isinstance(channel, discord.StageChannel) and channel.instance is not None
        )

    @property
    def shown_from_inside(self) -> bool:
        """Whether the topic can be shown while the bot is in the channel, only then.

        A voice channel's status takes MANAGE_CHANNELS besides from whoever is not in it
        (Discord, "Set Voice Channel Status").
        """
        has = self.channel.permissions_for(self.channel.guild.me)
        may = has.set_voice_channel_status and not has.manage_channels
        return may and self.kind is RoomKind.VOICE

    def _may_set_status(self) -> bool:
        me = self.channel.guild.me
        has = self.channel.permissions_for(me)
        inside = me.voice is not None and me.voice.channel == self.channel
        return has.set_voice_channel_status and (has.manage_channels or inside)

    @property
    def audible(self) -> bool:
        """Whether what the bot says would be heard."""
        state = self.channel.guild.me.voice
        return state is not None and not (state.suppress or state.mute)

    async def step_up(self) -> None:
        """Become a speaker of the stage; a voice channel has no such step."""
        if self.kind is RoomKind.STAGE:
            await self.channel.guild.me.edit(suppress=False)

    async def suppress(self, user_id: int, on: bool) -> None:
        """Send a member to the audience of the stage, or invite them out of it."""
        member = self._member(user_id)
        if member is not None:
            await member.edit(suppress=on)

    async def mute(self, user_id: int, on: bool) -> None:
        """Server-mute a member of the channel, or undo it."""
        member = self._member(user_id)
        if member is not None:
            await member.edit(mute=on)

    async def disconnect(self, user_id: int) -> None:
        """Put a member out of the channel."""
        member = self._member(user_id)
        if member is not None and user_id in self.channel.voice_states:
            await member.move_to(None)

    def _member(self, user_id: int) -> discord.Member | None:
        return self.channel.guild.get_member(user_id)

    async def _show_on_stage(self, stage: discord.StageChannel, topic: str) -> None:
        if stage.instance is None:
            await stage.create_instance(topic=topic)
        elif stage.instance.topic != topic:
            await stage.instance.edit(topic=topic)


def venue_of(channel: object) -> Venue:
    """Return the venue of a channel, or refuse a channel that nobody can speak in."""
    if isinstance(channel, Channel):
        return Venue(channel)
    raise Impossible("wrong_channel")
