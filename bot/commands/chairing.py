"""What whoever chairs does one hand or one case at a time, and what members answer.

These stand in the groups ``/floor`` and ``/mod`` beside what is needed more often.
"""

from typing import Any, Literal

import discord
from discord import app_commands

from bot.commands.offering import choices, undoable
from bot.door import Door
from bot.replies import AnyInteraction, language
from moderation.events import (
    AutoCallSet,
    AutoEndSet,
    CaseUndone,
    ConductNudged,
    HandLowered,
    HandMoved,
    InvitationWithdrawn,
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
    async def move(
        interaction: AnyInteraction,
        member: discord.Member,
        place: app_commands.Range[int, 1, 500] = 1,
    ) -> None:
        """Put somebody's hand at a place of the queue."""
        moved = HandMoved(interaction.user.id, member.id, place)
        await door.act(interaction, moved)

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
        reader, words = language(interaction), door.wording
        known = door.room(interaction).space.state.settings.sides
        sides = {words.side(reader, one): one for one in known}
        return choices(sides, typed)

    @app_commands.command(description="-")
    async def auto(interaction: AnyInteraction, what: Auto, on: bool) -> None:
        """Let turns end, or the next be called, without the host."""
        chosen = AutoEndSet if what == "auto_end" else AutoCallSet
        await door.act(interaction, chosen(interaction.user.id, on))

    return [lower, move, side, auto]


def mod_commands(door: Door) -> list[AnyCommand]:
    """Return what is added to ``/mod``."""

    @app_commands.command(description="-")
    async def undo(
        interaction: AnyInteraction, number: app_commands.Range[int, 1, 999]
    ) -> None:
        """Undo a case of this Space, with what it did."""
        await door.act(interaction, CaseUndone(interaction.user.id, number))

    @undo.autocomplete("number")
    async def numbers(
        interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[int]]:
        """Offer the cases that can be undone, newest first."""
        return undoable(door, interaction, typed)

    @app_commands.command(description="-")
    async def nudge(
        interaction: AnyInteraction, member: discord.Member, cause: Cause = "conduct"
    ) -> None:
        """Take the next step of the ladder with somebody."""
        by = interaction.user.id
        await door.act(interaction, ConductNudged(member.id, cause, by))

    return [undo, nudge]
