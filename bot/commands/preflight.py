"""``/check space``: go or no-go for a planned Space, any time before it."""

from typing import Any

from discord import app_commands

from bot.commands.promo import suggest
from bot.planning.planner import Planner
from bot.preflight.service import PreflightService
from bot.promotion.rights import require_host
from bot.replies import AnyInteraction

AnyCommand = app_commands.Command[Any, ..., Any]


def check_space(preflight: PreflightService, planner: Planner) -> AnyCommand:
    """Return the command."""

    @app_commands.command(name="space", description="-")
    async def space(interaction: AnyInteraction, plan: int | None = None) -> None:
        """Show the card of a plan; of the next one where none is named."""
        guild_id = interaction.guild_id or 0
        if plan is None:
            found = await preflight.next_plan(guild_id, interaction.user.id)
        else:
            found = await preflight.plan(plan, guild_id)
        require_host(interaction, found)
        await preflight.presses.show(interaction, found)

    @space.autocomplete("plan")
    async def offer(
        interaction: AnyInteraction, typed: str
    ) -> list[app_commands.Choice[int]]:
        return await suggest(planner, interaction, typed)

    return space
