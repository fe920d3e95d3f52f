"""``/captions``, and ``/transcript language``: what is said, in writing."""

from typing import Any, Literal

import discord
from discord import app_commands

from bot.door import Door
from bot.replies import AnyInteraction
from moderation.events import CaptionsStarted, CaptionsStopped, SpokenLanguageSet

AnyCommand = app_commands.Command[Any, ..., Any]
Spoken = Literal["space", "en", "es", "ca", "gl", "eu", "pt", "fr", "it", "de"]


class CaptionCommands(app_commands.Group):
    """Captions."""

    def __init__(self, door: Door) -> None:
        super().__init__(name="captions", description="-")
        self._door = door

    @app_commands.command(description="-")
    async def on(
        self, interaction: AnyInteraction, thread: discord.TextChannel | None = None
    ) -> None:
        """Show captions; where the history goes may be chosen."""
        here = interaction.channel
        if thread is None and isinstance(here, discord.TextChannel):
            thread = here
        chosen = None if thread is None else thread.id
        await self._door.act(interaction, CaptionsStarted(interaction.user.id, chosen))

    @app_commands.command(description="-")
    async def off(self, interaction: AnyInteraction) -> None:
        """Stop captions."""
        await self._door.act(interaction, CaptionsStopped(interaction.user.id))


def language_command(door: Door) -> AnyCommand:
    """Return what is added to ``/transcript``."""

    @app_commands.command(description="-")
    async def language(
        interaction: AnyInteraction,
        spoken: Spoken,
        member: discord.Member | None = None,
    ) -> None:
        """Say which language somebody speaks; oneself if nobody is named."""
        about = interaction.user.id if member is None else member.id
        code = "" if spoken == "space" else spoken
        event = SpokenLanguageSet(interaction.user.id, about, code)
        await door.act(interaction, event)

    return language
