"""``/space template-save``, ``-use``, ``-list``, ``-delete``: plans to make again."""

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from bot.commands.plan import (
    CHOICES,
    Place,
    Repeat,
    Suggest,
    Until,
    asker_of,
    suggestions,
)
from bot.door import Door
from bot.planning.service import PlanningService
from bot.planning.templating import Templating
from bot.replies import AnyInteraction, answer, defer, language, patiently
from bot.rooms.venue import venue_of
from bot.texts.escape import plain
from bot.texts.language import Language
from bot.texts.wording import Params
from scheduler.extras import Extras
from scheduler.plans import TOPIC_LENGTH, PlanRefused
from scheduler.templates import NAME_LENGTH, Template, fitting, planned

AnyCommand = app_commands.Command[Any, ..., Any]

LISTED = 20
"""Templates that one answer lists; the others are counted."""


def template_commands(door: Door, planning: PlanningService) -> list[AnyCommand]:
    """Return the commands."""
    words, planner = door.wording, planning.planner
    confirming, templating = planning.confirming, planning.templating

    @app_commands.command(name="template-save", description="-")
    async def save(
        interaction: AnyInteraction,
        plan: int,
        name: app_commands.Range[str, 1, NAME_LENGTH],
        guests: bool = False,
        campaign: bool = False,
    ) -> None:
        """Keep a plan under a name."""
        await defer(interaction)
        made = await templating.save(
            plan,
            asker_of(interaction),
            plain(name, NAME_LENGTH),
            guests=guests,
            campaign=campaign,
        )
        reader = language(interaction)
        lines = [words.say(reader, "template.saved", {"name": made.name})]
        await answer(interaction, "\n".join([*lines, _line(reader, made)]))

    @app_commands.command(name="template-use", description="-")
    async def use(
        interaction: AnyInteraction,
        template: int,
        when: app_commands.Range[str, 1, 100],
        topic: app_commands.Range[str, 1, TOPIC_LENGTH] | None = None,
        channel: Place | None = None,
        repeat: Repeat | None = None,
        until: Until | None = None,
    ) -> None:
        """Ask whether a Space is to be planned from a template."""
        await defer(interaction)
        found = await templating.find(template, interaction.guild_id or 0)
        plan = planned(
            found, interaction.user.id, planner.now(), interaction.channel_id
        )
        here = channel or _place(interaction, plan.channel_id)
        if here is None:
            raise PlanRefused("template.channel_gone", name=found.name)
        venue = venue_of(here)
        changes: dict[str, Any] = {
            "channel_id": venue.channel.id,
            "kind": venue.kind.value,
        }
        if topic is not None:
            changes["topic"] = plain(topic, TOPIC_LENGTH)
        extras = templating.extras(found)
        note = _comes_with(language(interaction), extras, repeat)
        draft = replace(plan, **changes)
        await confirming.ask(
            interaction,
            draft,
            when,
            repeat,
            until=until or "",
            extras=extras,
            note=note,
        )

    @app_commands.command(name="template-list", description="-")
    async def listing(interaction: AnyInteraction) -> None:
        """List the guild's templates."""
        reader = language(interaction)
        known = await templating.all(interaction.guild_id or 0)
        lines = [_line(reader, one) for one in known[:LISTED]]
        if len(known) > LISTED:
            more: Params = {"n": len(known) - LISTED}
            lines.append(words.say(reader, "template.more", more))
        none = words.say(reader, "template.none")
        await answer(interaction, "\n".join(lines) or none)

    @app_commands.command(name="template-delete", description="-")
    async def delete(interaction: AnyInteraction, template: int) -> None:
        """Delete a template; what was planned from it stays."""
        deleted = templating.delete(template, asker_of(interaction))
        gone = await patiently(interaction, deleted)
        await door.say(interaction, "template.deleted", name=gone.name)

    def _line(reader: Language, one: Template) -> str:
        said = "no" if one.extras.campaign is None else "yes"
        params: Params = {
            "name": one.name,
            "topic": one.model.topic,
            "minutes": one.model.minutes,
            "items": len(one.model.agenda),
            "guests": len(one.extras.guests),
            "announced_key": f"template.announced_{said}",
            "space_channel": one.model.channel_id,
        }
        return words.say(reader, "template.line", params)

    def _comes_with(reader: Language, extras: Extras, repeat: str | None) -> str:
        """Say what confirming does besides planning; empty where nothing."""
        lines = []
        if extras.guests:
            invited: Params = {"n": len(extras.guests)}
            lines.append(words.say(reader, "template.invites", invited))
        if extras.campaign is not None:
            lines.append(words.say(reader, "template.announces"))
        if extras and repeat is not None:
            lines.append(words.say(reader, "template.each_time"))
        return "\n".join(lines)

    suggest = _suggestions(templating)
    use.autocomplete("template")(suggest)
    delete.autocomplete("template")(suggest)
    save.autocomplete("plan")(suggestions(planner))
    return [save, use, listing, delete]


def _suggestions(templating: Templating) -> Suggest:
    async def suggest(
        interaction: AnyInteraction, typed: str
    ) -> list[app_commands.Choice[int]]:
        known = await templating.all(interaction.guild_id or 0)
        return [
            app_commands.Choice(
                name=f"{one.name} · {one.model.topic}"[:100], value=one.id
            )
            for one in fitting(known, typed, CHOICES)
        ]

    return suggest


def _place(interaction: AnyInteraction, channel_id: int) -> Place | None:
    guild = interaction.guild
    found = None if guild is None else guild.get_channel(channel_id)
    if not isinstance(found, discord.StageChannel | discord.VoiceChannel):
        return None
    user = interaction.user
    sees = isinstance(user, discord.Member) and found.permissions_for(user).view_channel
    return found if sees else None
