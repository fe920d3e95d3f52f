"""Who may hear of a plan, and who may announce it and invite.

Rule: to who may neither, a plan is not there: the refusal is that of a number which
no plan has.
"""

import discord

from bot.refusals import Impossible
from bot.replies import AnyInteraction
from bot.rooms.seeing import is_moderator
from scheduler.plans import Plan, PlanRefused


def may_know(interaction: AnyInteraction, plan: Plan) -> bool:
    """Say whether a member may hear of a plan: its own people, and who sees its room.

    Discord shows the event of a channel to nobody else either.
    """
    guild, user = interaction.guild, interaction.user
    if user.id in (plan.host_id, *plan.cohost_ids):
        return True
    channel = None if guild is None else guild.get_channel(plan.channel_id)
    if channel is None or not isinstance(user, discord.Member):
        return False
    return channel.permissions_for(user).view_channel


def may_run(interaction: AnyInteraction, plan: Plan) -> bool:
    """Say whether a member is the plan's host or runs the guild's events."""
    user = interaction.user
    if user.id == plan.host_id or is_moderator(user):
        return True
    return isinstance(user, discord.Member) and user.guild_permissions.manage_events


def require_host(interaction: AnyInteraction, plan: Plan) -> None:
    """Refuse who has nothing to do with the plan. Raises Impossible, PlanRefused."""
    if may_run(interaction, plan):
        return
    if not may_know(interaction, plan):
        raise PlanRefused("plan.unknown")  # as if it was not there
    raise Impossible("not_plan_host")


def require_manager(interaction: AnyInteraction) -> int:
    """Return the guild of who may manage it. Raises Impossible."""
    user = interaction.user
    if isinstance(user, discord.Member) and user.guild_permissions.manage_guild:
        return user.guild.id
    raise Impossible("not_manager")
