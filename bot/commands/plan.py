"""``/space schedule``, ``upcoming`` and ``cancel``: Spaces that are going to be."""

from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands

from bot.door import Door
from bot.planning import card
from bot.planning.planner import Planner
from bot.replies import AnyInteraction, answer, defer, language
from bot.texts.escape import plain
from bot.texts.wording import Params
from bot.venue import Venue, venue_of
from scheduler.plans import TOPIC_LENGTH, Plan
from scheduler.when.reading import read
from scheduler.when.zones import zone as zone_of

Place = discord.StageChannel | discord.VoiceChannel
AnyCommand = app_commands.Command[Any, ..., Any]

CHOICES = 25
"""Suggestions that Discord shows at most (Application Commands, autocomplete)."""


def plan_commands(door: Door, planner: Planner, zone: str) -> list[AnyCommand]:
    """Return the commands; ``zone`` is where clocks hang unless somebody says."""
    words = door.wording

    @app_commands.command(description="-")
    async def schedule(
        interaction: AnyInteraction,
        topic: app_commands.Range[str, 1, TOPIC_LENGTH],
        when: app_commands.Range[str, 1, 100],
        channel: Place | None = None,
        minutes: app_commands.Range[int, 5, 720] | None = None,
        time_zone: str = zone,
    ) -> None:
        """Plan a Space and post its card."""
        await defer(interaction)
        venue = _venue(interaction, channel)
        reader = language(interaction)
        now = datetime.fromtimestamp(planner.now(), UTC)
        starts = read(when, now, zone_of(time_zone)).at
        plan = await planner.schedule(
            Plan(
                guild_id=venue.channel.guild.id,
                channel_id=venue.channel.id,
                host_id=interaction.user.id,
                topic=plain(topic, TOPIC_LENGTH),
                starts_at=starts.timestamp(),
                minutes=minutes or planner.settings.minutes,
                kind=venue.kind.value,
                language=reader,
                zone=time_zone,
                post_channel_id=interaction.channel_id,
            )
        )
        here = interaction.channel
        if isinstance(here, discord.abc.Messageable):
            await here.send(
                card.text(words, reader, plan), view=card.buttons(words, reader, plan)
            )
        params: Params = {"topic": plan.topic, "starts_at": plan.starts_at}
        await answer(interaction, words.say(reader, "plan.scheduled", params))

    @app_commands.command(description="-")
    async def upcoming(interaction: AnyInteraction) -> None:
        """List the Spaces that are planned here."""
        reader = language(interaction)
        plans = await planner.upcoming(interaction.guild_id or 0)
        lines = [card.text(words, reader, plan) for plan in plans]
        await answer(interaction, "\n".join(lines) or words.say(reader, "plan.none"))

    @app_commands.command(description="-")
    async def cancel(
        interaction: AnyInteraction,
        plan: int,
        reason: app_commands.Range[str, 0, 200] = "",
    ) -> None:
        """Call a planned Space off; those who asked are not reminded."""
        guild_id = interaction.guild_id or 0
        gone = await planner.cancel(plan, guild_id, plain(reason, 200))
        params = {"topic": gone.topic, "reason": gone.reason}
        text = words.say(language(interaction), "plan.cancelled", params)
        await answer(interaction, text)

    @cancel.autocomplete("plan")
    async def suggest(
        interaction: AnyInteraction, typed: str
    ) -> list[app_commands.Choice[int]]:
        plans = await planner.upcoming(interaction.guild_id or 0)
        return [
            app_commands.Choice(name=_named(plan), value=plan.id)
            for plan in plans
            if typed.casefold() in plan.topic.casefold()
        ][:CHOICES]

    return [schedule, upcoming, cancel]


def _venue(interaction: AnyInteraction, channel: Place | None) -> Venue:
    if channel is not None:
        return venue_of(channel)
    voice = getattr(interaction.user, "voice", None)
    here = voice.channel if voice is not None else interaction.channel
    return venue_of(here)


def _named(plan: Plan) -> str:
    starts = datetime.fromtimestamp(plan.starts_at, zone_of(plan.zone))
    return f"{starts:%d.%m. %H:%M} {plan.topic}"[:100]
