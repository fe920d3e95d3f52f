"""What whoever chairs does one hand or one case at a time, and what members answer.

These stand in the groups ``/floor`` and ``/mod`` beside what is needed more often.
"""

from typing import Any, Literal

import discord
from discord import app_commands

from bot.door import Door
from bot.replies import AnyInteraction
from moderation.events import (
    AutoCallSet,
    AutoEndSet,
    CaseUndone,
    ConductNudged,
    HandLowered,
    InvitationWithdrawn,
    RulesAccepted,
    SideTaken,
)

AnyCommand = app_commands.Command[Any, ..., Any]
Auto = Literal["auto_end", "auto_call"]
Cause = Literal["monologue", "dominance", "drift", "conduct"]


def floor_commands(door: Door) -> list[AnyCommand]:
    """Return what is added to ``/floor``."""

    @app_commands.command(description="-")
    async def lower(interaction: AnyInteraction, member: discord.Member) -> None:
        """Lower somebody's hand, or take their invitation back."""
        by = interaction.user.id
        invited = member.id in door.room(interaction).space.state.floor.invitations
        if invited:
            await door.act(interaction, InvitationWithdrawn(by, member.id))
        else:
            await door.act(interaction, HandLowered(by, member.id))

    @app_commands.command(description="-")
    async def side(
        interaction: AnyInteraction, side: app_commands.Range[str, 1, 50]
    ) -> None:
        """Say which side of a debate one speaks for."""
        await door.act(interaction, SideTaken(interaction.user.id, side))

    @side.autocomplete("side")
    async def sides(
        interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the sides of this Space."""
        known = door.room(interaction).space.state.settings.sides
        found = [one for one in known if typed.casefold() in one.casefold()]
        return [app_commands.Choice(name=one, value=one) for one in found[:25]]

    @app_commands.command(description="-")
    async def auto(interaction: AnyInteraction, what: Auto, on: bool) -> None:
        """Let turns end, or the next be called, without the host."""
        chosen = AutoEndSet if what == "auto_end" else AutoCallSet
        await door.act(interaction, chosen(interaction.user.id, on))

    return [lower, side, auto]


def mod_commands(door: Door) -> list[AnyCommand]:
    """Return what is added to ``/mod``."""

    @app_commands.command(description="-")
    async def undo(
        interaction: AnyInteraction, number: app_commands.Range[int, 1, 999]
    ) -> None:
        """Undo a case of this Space, with what it did."""
        await door.act(interaction, CaseUndone(interaction.user.id, number))

    @app_commands.command(description="-")
    async def nudge(
        interaction: AnyInteraction, member: discord.Member, cause: Cause = "conduct"
    ) -> None:
        """Take the next step of the ladder with somebody."""
        by = interaction.user.id
        await door.act(interaction, ConductNudged(member.id, cause, by))

    return [undo, nudge]


def rules_command(door: Door) -> AnyCommand:
    """Return ``/rules``."""

    @app_commands.command(description="-")
    async def rules(interaction: AnyInteraction) -> None:
        """Accept the rules of the Space."""
        version = door.room(interaction).space.state.settings.gate.rules_version
        await door.act(interaction, RulesAccepted(interaction.user.id, version))

    return rules
