"""``/mod``: keep order. Every action is a case: who, when, why.

Members are taken by their id, so that somebody who has left the room, or the server,
can be dealt with too. Bans, notes and history need no live Space.
"""

import discord
from discord import app_commands

from bot.casebook import decide, room_if_any, show_history
from bot.clock import Clock
from bot.door import Door
from bot.replies import AnyInteraction
from moderation.events import (
    MemberBanned,
    MemberMuted,
    MemberNoted,
    MemberRemoved,
    MemberUnbanned,
    MemberUnmuted,
    MemberWarned,
    QueueSlowed,
    RoomHushed,
    RoomLocked,
    RoomUnhushed,
    RoomUnlocked,
)
from moderation.sanction import Action

DAY_S = 86_400.0


class ModCommands(app_commands.Group):
    """Warn, mute, remove, ban, and quieten the room."""

    def __init__(self, door: Door, clock: Clock) -> None:
        super().__init__(name="mod", description="-")
        self._door = door
        self._clock = clock

    @app_commands.command(description="-")
    async def mute(
        self,
        interaction: AnyInteraction,
        member: discord.User,
        minutes: app_commands.Range[int, 1, 1440] | None = None,
        reason: str = "",
    ) -> None:
        """Keep somebody from the floor for a time."""
        until = None if minutes is None else self._clock.now() + minutes * 60.0
        muted = MemberMuted(interaction.user.id, member.id, until, reason)
        await self._door.act(interaction, muted)

    @app_commands.command(description="-")
    async def unmute(self, interaction: AnyInteraction, member: discord.User) -> None:
        """Lift a mute."""
        await self._door.act(interaction, MemberUnmuted(interaction.user.id, member.id))

    @app_commands.command(description="-")
    async def hush(self, interaction: AnyInteraction) -> None:
        """Silence everybody but the hosts."""
        await self._door.act(interaction, RoomHushed(interaction.user.id))

    @app_commands.command(description="-")
    async def unhush(self, interaction: AnyInteraction) -> None:
        """Lift the hush."""
        await self._door.act(interaction, RoomUnhushed(interaction.user.id))

    @app_commands.command(description="-")
    async def remove(
        self, interaction: AnyInteraction, member: discord.User, reason: str = ""
    ) -> None:
        """Put somebody out of this Space."""
        removed = MemberRemoved(interaction.user.id, member.id, reason)
        await self._door.act(interaction, removed)

    @app_commands.command(description="-")
    async def ban(
        self,
        interaction: AnyInteraction,
        member: discord.User,
        days: app_commands.Range[int, 1, 365] | None = None,
        reason: str = "",
    ) -> None:
        """Keep somebody out of the guild's Spaces."""
        until = None if days is None else self._clock.now() + days * DAY_S
        room = room_if_any(self._door, interaction)
        if room is None:
            done = (Action.BAN, member.id, reason, until)
            await decide(self._door, interaction, *done)
            return
        banned = MemberBanned(interaction.user.id, member.id, until, reason)
        await self._door.act(interaction, banned, room)

    @app_commands.command(description="-")
    async def unban(self, interaction: AnyInteraction, member: discord.User) -> None:
        """Lift a ban."""
        room = room_if_any(self._door, interaction)
        if room is None:
            await decide(self._door, interaction, Action.UNBAN, member.id)
            return
        unbanned = MemberUnbanned(interaction.user.id, member.id)
        await self._door.act(interaction, unbanned, room)

    @app_commands.command(description="-")
    async def warn(
        self, interaction: AnyInteraction, member: discord.User, reason: str = ""
    ) -> None:
        """Warn somebody in private."""
        warned = MemberWarned(interaction.user.id, member.id, reason)
        await self._door.act(interaction, warned)

    @app_commands.command(description="-")
    async def note(
        self, interaction: AnyInteraction, member: discord.User, text: str
    ) -> None:
        """Keep a note about somebody."""
        room = room_if_any(self._door, interaction)
        if room is None:
            await decide(self._door, interaction, Action.NOTE, member.id, text)
            return
        noted = MemberNoted(interaction.user.id, member.id, text)
        await self._door.act(interaction, noted, room)

    @app_commands.command(description="-")
    async def history(self, interaction: AnyInteraction, member: discord.User) -> None:
        """Show a member's cases and notes, to those who keep order."""
        await show_history(self._door, interaction, member.id)

    @app_commands.command(name="slow-queue", description="-")
    async def slow_queue(
        self, interaction: AnyInteraction, seconds: app_commands.Range[int, 0, 3600]
    ) -> None:
        """Set how long before somebody may ask again."""
        slowed = QueueSlowed(interaction.user.id, float(seconds))
        await self._door.act(interaction, slowed)

    @app_commands.command(description="-")
    async def lock(self, interaction: AnyInteraction) -> None:
        """Let nobody new come in."""
        await self._door.act(interaction, RoomLocked(interaction.user.id))

    @app_commands.command(description="-")
    async def unlock(self, interaction: AnyInteraction) -> None:
        """Undo the lock."""
        await self._door.act(interaction, RoomUnlocked(interaction.user.id))
