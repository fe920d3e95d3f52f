"""Commands of one word: ``/mark`` and ``/report``."""

from typing import Any

import discord
from discord import app_commands

from bot.door import Door
from bot.replies import AnyInteraction
from moderation.events import MomentMarked, ReportFiled

AnyCommand = app_commands.Command[Any, ..., Any]


def single_commands(door: Door) -> list[AnyCommand]:
    """Return the commands that stand alone."""

    @app_commands.command(description="-")
    async def mark(
        interaction: AnyInteraction,
        note: str = "",
        seconds: app_commands.Range[int, 0, 600] = 20,
    ) -> None:
        """Mark a moment to find it again."""
        marked = MomentMarked(interaction.user.id, note, float(seconds))
        await door.act(interaction, marked)

    @app_commands.command(description="-")
    async def report(
        interaction: AnyInteraction, member: discord.Member, reason: str = ""
    ) -> None:
        """Tell those who keep order about somebody."""
        filed = ReportFiled(interaction.user.id, member.id, reason)
        await door.act(interaction, filed)

    return [mark, report]
