"""Who may announce and invite: the plan's host, and whoever runs the guild's events."""

import discord

from bot.refusals import Impossible
from bot.replies import AnyInteraction
from bot.rooms.seeing import is_moderator
from scheduler.plans import Plan


def require_host(interaction: AnyInteraction, plan: Plan) -> None:
    """Refuse who has nothing to do with the plan. Raises Impossible."""
    user = interaction.user
    if user.id == plan.host_id or is_moderator(user):
        return
    if isinstance(user, discord.Member) and user.guild_permissions.manage_events:
        return
    raise Impossible("not_plan_host")


def require_manager(interaction: AnyInteraction) -> int:
    """Return the guild of who may manage it. Raises Impossible."""
    user = interaction.user
    if isinstance(user, discord.Member) and user.guild_permissions.manage_guild:
        return user.guild.id
    raise Impossible("not_manager")
