"""``/space calendar``: planned Spaces for the calendar that people already have."""

import io
import unicodedata
from typing import Any

import discord
from discord import app_commands

from bot.commands.plan import asker_of, suggestions
from bot.door import Door
from bot.page.service import PageService
from bot.planning.service import PlanningService
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, defer, language
from bot.rooms.seeing import is_moderator
from bot.texts.wording import Params
from scheduler.plans import PlanRefused


def calendar_command(
    door: Door, planning: PlanningService, page: PageService
) -> app_commands.Command[Any, ..., Any]:
    """Return the command; every member may use it, organisers renew the address."""
    words, planner, calendars = door.wording, planning.planner, planning.calendars

    @app_commands.command(description="-")
    async def calendar(
        interaction: AnyInteraction,
        plan: int | None = None,
        whole_series: bool = False,
        new_address: bool = False,
    ) -> None:
        """Give one Space as a file, or the address of the guild's feed."""
        if interaction.guild is None:
            raise Impossible("only_in_guild")
        if new_address and not _organises(interaction.user):
            raise Impossible("not_organiser")
        await defer(interaction)
        if plan is not None:
            await _one(interaction, plan, whole=whole_series)
        else:
            await _feed(interaction, interaction.guild.id, renew=new_address)

    async def _one(interaction: AnyInteraction, plan_id: int, *, whole: bool) -> None:
        plan = await planner.find(plan_id, asker_of(interaction))
        seen = _seen_by(interaction)
        if plan.channel_id not in seen:
            raise PlanRefused("plan.unknown")  # as if it was not there
        body = await calendars.of_plan(plan, seen, whole=whole)
        params: Params = {"topic": plan.topic, "starts_at": plan.starts_at}
        key = "calendar.series" if whole and plan.series_id else "calendar.one"
        text = words.say(language(interaction), key, params)
        await answer(interaction, text, file=_file(body, plan.topic))

    async def _feed(interaction: AnyInteraction, guild_id: int, *, renew: bool) -> None:
        reader = language(interaction)
        if not page.feed(guild_id, "-"):
            if renew:
                raise Impossible("no_address")
            text = words.say(reader, "calendar.no_feed")
            body = await calendars.of_guild(guild_id)
            await answer(interaction, text, file=_file(body, "spaces"))
            return
        made = calendars.renew if renew else calendars.secret
        url = page.feed(guild_id, await made(guild_id))
        webcal = f"webcal{url[url.index(':') :]}"
        # Not by ``say``: an address may not be escaped.
        key = "calendar.renewed" if renew else "calendar.feed"
        text = words.catalogue.text(reader, key, url=url, webcal=webcal)
        await answer(interaction, text)

    calendar.autocomplete("plan")(suggestions(planner))
    return calendar


def _organises(user: Any) -> bool:
    if not isinstance(user, discord.Member):
        return False
    may = user.guild_permissions
    return is_moderator(user) or may.manage_events or may.manage_guild


def _seen_by(interaction: AnyInteraction) -> frozenset[int]:
    guild, user = interaction.guild, interaction.user
    if guild is None or not isinstance(user, discord.Member):
        return frozenset()
    return frozenset(
        channel.id
        for channel in guild.channels
        if channel.permissions_for(user).view_channel
    )


def _file(body: bytes, name: str) -> discord.File:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = "".join(c if c.isalnum() else " " for c in ascii_only).split()
    stem = "-".join(words)[:50] or "space"
    return discord.File(io.BytesIO(body), f"{stem}.ics")
