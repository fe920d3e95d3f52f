"""What Discord tells the bot unasked, as facts for the Spaces it concerns.

Voice states say who is in a room and what their microphone may do; messages may be
chat commands; a deleted channel ends its Space.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import discord

from bot.chat.door import ChatDoor
from bot.rooms.debts import Debts
from bot.rooms.room import Room
from bot.rooms.rooms import Rooms
from bot.rooms.seeing import gone, seen
from moderation import effects as fx
from moderation.events import EndReason, SpaceClosed

log = logging.getLogger(__name__)

CLOSED_FOR_S = 2.0
"""How long a stage has to be closed before the hosts hear of it."""


OnLost = Callable[[int, int | None], Awaitable[None]]
"""Takes the guild and its channel; None for all of them."""


class Watch:
    """Listens to one client on behalf of all rooms."""

    def __init__(
        self, rooms: Rooms, chat: ChatDoor, debts: Debts, lost: OnLost
    ) -> None:
        """``lost`` is told of a channel, or a whole guild, that is gone."""
        self._rooms = rooms
        self._chat = chat
        self._debts = debts
        self._lost = lost
        self._back: list[Callable[[], Awaitable[None]]] = []
        self._came: list[Callable[[int, int], Awaitable[None]]] = []
        self._entered: list[Callable[[Room, int], Awaitable[None]]] = []
        self._closed: set[int] = set()
        """Stages that were closed a moment ago, by whatever hand."""

        self._known: list[Callable[[discord.Guild], Awaitable[None]]] = []

    def on_entered(self, entered: Callable[[Room, int], Awaitable[None]]) -> None:
        """Call ``entered`` with everybody who comes into a room from now on."""
        self._entered.append(entered)

    def on_came(self, came: Callable[[int, int], Awaitable[None]]) -> None:
        """Call ``came`` with guild and channel whenever somebody comes into one."""
        self._came.append(came)

    def on_back(self, back: Callable[[], Awaitable[None]]) -> None:
        """Call ``back`` whenever Discord is heard again after a time without."""
        self._back.append(back)

    def on_known(self, known: Callable[[discord.Guild], Awaitable[None]]) -> None:
        """Call ``known`` with every guild that Discord shows (again)."""
        self._known.append(known)

    async def on_ready(self) -> None:
        """Take up what the last process left, once the guilds are known."""
        await self._rooms.take_up()
        await self._settle()
        for back in self._back:
            await back()

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Forget who was in voice: Discord says it anew when its trouble is over.

        discord.py 2.7.1 would keep whoever leaves meanwhile in ``_voice_states``.
        """
        guild._voice_states.clear()

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Go on in a guild that is shown (again), and pay what is owed there."""
        if await self._rooms.go_on_in(guild.id):
            await self._settle()
        for known in self._known:
            await known(guild)

    async def _settle(self) -> None:
        live = frozenset(room.channel_id for room in self._rooms.live())
        await self._debts.settle(live)

    async def on_voice_state_update(
        self,
        member: discord.Member,
        before: discord.VoiceState,
        after: discord.VoiceState,
    ) -> None:
        """Tell the rooms that somebody came, went or changed."""
        left = self._room(before)
        entered = self._room(after)
        if member == member.guild.me:
            self._see_us(member.guild.id, after)
            if entered is not None and entered is not left:
                entered.came_in()
            return
        if left is not None and left is not entered:
            gone(left, member.id)
        if entered is not None:
            seen(entered, member, after)
            if entered is not left:
                for heard in self._entered:
                    await heard(entered, member.id)
        if after.channel is not None:
            in_room = entered is not None
            await self._debts.seen(member, muted=after.mute, in_room=in_room)
        if after.channel is not None and after.channel != before.channel:
            for came in self._came:
                await came(member.guild.id, after.channel.id)

    def _see_us(self, guild_id: int, now: discord.VoiceState) -> None:
        if now.channel is None:
            return
        for room in self._rooms.in_guild(guild_id):
            if room.ears.shown_in(now.channel.id):
                where: fx.Params = {"other_channel": now.channel.id}
                room.perform([fx.TellHosts("voice.moved", params=where)])

    async def on_message(self, message: discord.Message) -> None:
        """Take a message that may be a chat command."""
        if not message.author.bot and message.guild is not None:
            await self._chat.take(message)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """End the Space whose channel is gone."""
        room = self._rooms.in_channel(channel.id)
        if room is not None:
            room.notice(SpaceClosed(EndReason.CHANNEL_GONE))
        await self._lost(channel.guild.id, channel.id)

    async def on_stage_instance_delete(self, closed: discord.StageInstance) -> None:
        """Tell the hosts that Discord no longer shows their stage as live.

        Whether a moderator closed it or Discord did, minutes after the last speaker had
        left, is not said: the hosts decide. Where the event of a plan starts, Discord
        opens the stage anew for it: then it was not closed.
        """
        if closed.channel_id in self._closed:
            return  # it is looked at in a moment
        self._closed.add(closed.channel_id)
        await asyncio.sleep(CLOSED_FOR_S)
        self._closed.remove(closed.channel_id)
        room = self._rooms.in_channel(closed.channel_id)
        if room is not None and not room.venue.is_on_show:
            told = fx.TellHosts("stage.closed", urgent=True, offers=("end",))
            room.perform([told])

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """End the Spaces of a guild that removed the bot."""
        for room in self._rooms.in_guild(guild.id):
            room.notice(SpaceClosed(EndReason.BOT_REMOVED))
        await self._lost(guild.id, None)

    def _room(self, state: discord.VoiceState) -> Room | None:
        return self._rooms.in_channel(state.channel.id if state.channel else None)
