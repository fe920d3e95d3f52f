"""``/host guest-…``: who is going to speak in a planned Space."""

from typing import Any

import discord
from discord import app_commands

from bot.commands.promo import suggest
from bot.planning.planner import Planner
from bot.promotion.guestbook import Guestbook, slot_of
from bot.promotion.promoter import Promoter
from bot.promotion.rights import require_host
from bot.replies import AnyInteraction, answer, language, patiently
from bot.texts.wording import Wording
from scheduler.plans import PlanRefused

AnyCommand = app_commands.Command[Any, ..., Any]
Minute = app_commands.Range[int, 0, 720]
Item = app_commands.Range[int, 1, 99]


def guest_commands(
    guestbook: Guestbook, promoter: Promoter, planner: Planner, words: Wording
) -> list[AnyCommand]:
    """Return the commands."""

    async def allowed(interaction: AnyInteraction, plan_id: int) -> int:
        plan = await promoter.plan(plan_id, interaction.guild_id or 0)
        require_host(interaction, plan)
        return plan.guild_id

    async def invite(
        interaction: AnyInteraction,
        plan: int,
        member: discord.Member,
        minute: int | None,
        item: int | None,
        instead_of: int | None,
    ) -> None:
        guild_id = await allowed(interaction, plan)
        if member.bot:
            raise PlanRefused("guest.is_bot")
        found = await promoter.plan(plan, guild_id)
        invited = guestbook.invite(
            plan,
            guild_id,
            member.id,
            interaction.user.id,
            found.language,
            slot_of(minute, item),
            instead_of,
        )
        await patiently(interaction, invited)
        text = words.say(language(interaction), "guest.invited", {"user_id": member.id})
        board = await guestbook.board(plan, language(interaction))
        await answer(interaction, f"{text}\n{board}")

    @app_commands.command(name="guest-invite", description="-")
    async def guest_invite(
        interaction: AnyInteraction,
        plan: int,
        member: discord.Member,
        minute: Minute | None = None,
        item: Item | None = None,
    ) -> None:
        """Invite somebody to speak, at a minute or for an agenda item."""
        await invite(interaction, plan, member, minute, item, None)

    @app_commands.command(name="guest-replace", description="-")
    async def guest_replace(
        interaction: AnyInteraction,
        plan: int,
        guest: discord.User,
        member: discord.Member,
    ) -> None:
        """Invite somebody in place of a guest; the slot is theirs."""
        await invite(interaction, plan, member, None, None, guest.id)

    @app_commands.command(name="guest-remove", description="-")
    async def guest_remove(
        interaction: AnyInteraction, plan: int, guest: discord.User
    ) -> None:
        """Take an invitation back."""
        guild_id = await allowed(interaction, plan)
        withdrawn = guestbook.withdraw(plan, guild_id, guest.id)
        await patiently(interaction, withdrawn)
        await answer(interaction, await guestbook.board(plan, language(interaction)))

    @app_commands.command(name="guest-board", description="-")
    async def guest_board(
        interaction: AnyInteraction, plan: int, post: bool = False
    ) -> None:
        """Show who comes; ``post`` keeps it up to date in this channel."""
        await allowed(interaction, plan)
        reader, here = language(interaction), interaction.channel
        if post and isinstance(here, discord.TextChannel | discord.Thread):
            await patiently(interaction, guestbook.post_board(plan, here, reader))
            await answer(interaction, words.say(reader, "guest.board_posted"))
            return
        await answer(interaction, await guestbook.board(plan, reader))

    found: list[AnyCommand] = [guest_invite, guest_replace, guest_remove, guest_board]
    for command in found:

        @command.autocomplete("plan")
        async def offer(
            interaction: AnyInteraction, typed: str
        ) -> list[app_commands.Choice[int]]:
            return await suggest(planner, interaction, typed)

    return found
