"""``/host``: co-hosts, hand-over, and the private panel."""

import discord
from discord import app_commands

from bot.door import Door
from bot.replies import AnyInteraction
from moderation.events import CohostAdded, CohostRemoved, HandedOver, HostClaimed


class HostCommands(app_commands.Group):
    """Who runs the Space."""

    def __init__(self, door: Door) -> None:
        super().__init__(name="host", description="-")
        self._door = door

    @app_commands.command(name="cohost-add", description="-")
    async def cohost_add(
        self, interaction: AnyInteraction, member: discord.Member
    ) -> None:
        """Make somebody a co-host."""
        await self._door.act(interaction, CohostAdded(interaction.user.id, member.id))

    @app_commands.command(name="cohost-remove", description="-")
    async def cohost_remove(
        self, interaction: AnyInteraction, member: discord.Member
    ) -> None:
        """Take the co-host's role back."""
        await self._door.act(interaction, CohostRemoved(interaction.user.id, member.id))

    @app_commands.command(description="-")
    async def handover(
        self, interaction: AnyInteraction, member: discord.Member
    ) -> None:
        """Make somebody else the host."""
        await self._door.act(interaction, HandedOver(interaction.user.id, member.id))

    @app_commands.command(description="-")
    async def panel(self, interaction: AnyInteraction) -> None:
        """Open the private panel."""
        room = self._door.room(interaction)
        await room.host_panels.show(interaction)

    @app_commands.command(description="-")
    async def claim(self, interaction: AnyInteraction) -> None:
        """Take over a room whose host is gone."""
        await self._door.act(interaction, HostClaimed(interaction.user.id))
