"""``/check space`` and ``/host rehearse``: what a planned Space needs, any time."""

from functools import partial
from typing import Any

from discord import app_commands

from bot.commands.promo import suggest
from bot.planning.planner import Planner
from bot.preflight.service import PreflightService
from bot.promotion.rights import may_know, may_run, require_host
from bot.replies import AnyInteraction
from scheduler.plans import Plan

AnyCommand = app_commands.Command[Any, ..., Any]


def check_space(preflight: PreflightService, planner: Planner) -> AnyCommand:
    """Return the command."""

    @app_commands.command(name="space", description="-")
    async def space(interaction: AnyInteraction, plan: int | None = None) -> None:
        """Show the card of a plan; of the next one where none is named."""
        found = await _meant(preflight, interaction, plan)
        require_host(interaction, found)
        await preflight.card.show(interaction, found)

    @space.autocomplete("plan")
    async def offer(
        interaction: AnyInteraction, typed: str
    ) -> list[app_commands.Choice[int]]:
        return await suggest(planner, interaction, typed)

    return space


def rehearse(preflight: PreflightService, planner: Planner) -> AnyCommand:
    """Return the command."""

    @app_commands.command(name="rehearse", description="-")
    async def practise(interaction: AnyInteraction, plan: int | None = None) -> None:
        """Open the practice room of a plan; of the next one where none is named."""
        found = await _meant(preflight, interaction, plan)
        await preflight.practices.open(interaction, found)

    @practise.autocomplete("plan")
    async def offer(
        interaction: AnyInteraction, typed: str
    ) -> list[app_commands.Choice[int]]:
        return await suggest(planner, interaction, typed)

    return practise


async def _meant(
    preflight: PreflightService, interaction: AnyInteraction, plan: int | None
) -> Plan:
    guild_id = interaction.guild_id or 0
    if plan is None:
        shown = partial(_may_hear, interaction)
        return await preflight.next_plan(guild_id, interaction.user.id, shown)
    return await preflight.plan(plan, guild_id)


def _may_hear(interaction: AnyInteraction, plan: Plan) -> bool:
    return may_run(interaction, plan) or may_know(interaction, plan)
