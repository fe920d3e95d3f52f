"""``/mod``: keep order. Every action is a case: who, when, why."""

import discord
from discord import app_commands

from bot.clock import Clock
from bot.door import Door
from bot.panel.lines import case_lines
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, language
from bot.seeing import is_moderator
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
from moderation.store import cases

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
        member: discord.Member,
        minutes: app_commands.Range[int, 1, 1440] | None = None,
        reason: str = "",
    ) -> None:
        """Keep somebody from the floor for a time."""
        until = None if minutes is None else self._clock.now() + minutes * 60.0
        muted = MemberMuted(interaction.user.id, member.id, until, reason)
        await self._door.act(interaction, muted)

    @app_commands.command(description="-")
    async def unmute(self, interaction: AnyInteraction, member: discord.Member) -> None:
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
        self, interaction: AnyInteraction, member: discord.Member, reason: str = ""
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
        banned = MemberBanned(interaction.user.id, member.id, until, reason)
        await self._door.act(interaction, banned)

    @app_commands.command(description="-")
    async def unban(self, interaction: AnyInteraction, member: discord.User) -> None:
        """Lift a ban."""
        await self._door.act(
            interaction, MemberUnbanned(interaction.user.id, member.id)
        )

    @app_commands.command(description="-")
    async def warn(
        self, interaction: AnyInteraction, member: discord.Member, reason: str = ""
    ) -> None:
        """Warn somebody in private."""
        warned = MemberWarned(interaction.user.id, member.id, reason)
        await self._door.act(interaction, warned)

    @app_commands.command(description="-")
    async def note(
        self, interaction: AnyInteraction, member: discord.User, text: str
    ) -> None:
        """Keep a note about somebody."""
        noted = MemberNoted(interaction.user.id, member.id, text)
        await self._door.act(interaction, noted)

    @app_commands.command(description="-")
    async def history(self, interaction: AnyInteraction, member: discord.User) -> None:
        """Show a member's cases and notes, to those who keep order."""
        room = self._door.room(interaction)
        if not is_moderator(interaction.user) and (
            interaction.user.id not in room.staff()
        ):
            raise Impossible("not_staff")
        rows = await room.house.store.read(
            lambda db: cases.about(db, room.guild_id, member.id)
        )
        reader = language(interaction)
        await answer(interaction, case_lines(self._door.wording, reader, rows))

    @app_commands.command(name="slow-queue", description="-")
    async def slow_queue(
        self, interaction: AnyInteraction, seconds: app_commands.Range[int, 0, 3600]
    ) -> None:
        """Set how long before somebody may ask again."""
        slowed = QueueSlowed(interaction.user.id, float(seconds))
        await self._door.act(interaction, slowed)

    @app_commands.command(description="-")
    async def lock(self, interaction: AnyInteraction) -> None:
        """Let nobody new on the floor."""
        await self._door.act(interaction, RoomLocked(interaction.user.id))

    @app_commands.command(description="-")
    async def unlock(self, interaction: AnyInteraction) -> None:
        """Undo the lock."""
        await self._door.act(interaction, RoomUnlocked(interaction.user.id))
