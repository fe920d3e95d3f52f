"""``/space schedule``, ``edit``, ``clone``, ``cancel``: Spaces that are to come."""

import zoneinfo
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Literal

import discord
from discord import app_commands

from bot.commands.autostart import Absent, id_of, usual_in
from bot.commands.space import FormatName
from bot.door import Door
from bot.planning import card
from bot.planning.deeds import Asker
from bot.planning.planner import Planner
from bot.planning.service import PlanningService
from bot.promotion.rights import may_know
from bot.replies import AnyInteraction, answer, defer, language
from bot.rooms.seeing import is_moderator
from bot.rooms.venue import Venue, venue_of
from bot.texts.escape import plain
from scheduler.autostart import LONGEST_WAIT_MIN, check, choose
from scheduler.plans import TOPIC_LENGTH, Plan, PlanRefused
from scheduler.revision import Wanted
from scheduler.when.zones import zone as zone_of

Repeat = Literal["daily", "weekdays", "weekly", "fortnightly", "monthly"]
Place = discord.StageChannel | discord.VoiceChannel
Until = app_commands.Range[str, 1, 100]
Wait = app_commands.Range[int, 0, LONGEST_WAIT_MIN]
AnyCommand = app_commands.Command[Any, ..., Any]

CHOICES = 25
"""Suggestions that Discord shows at most (Application Commands, autocomplete)."""

LONGEST = 100
"""Characters of the name of one (likewise)."""

SEARCHED = 500
"""Plans that are looked through for what somebody types."""


def plan_commands(door: Door, planning: PlanningService, zone: str) -> list[AnyCommand]:
    """Return the commands; ``zone`` is where clocks hang unless somebody says."""
    words, planner = door.wording, planning.planner
    changing, confirming = planning.changing, planning.confirming
    revising = planning.revising

    @app_commands.command(description="-")
    async def schedule(
        interaction: AnyInteraction,
        topic: app_commands.Range[str, 1, TOPIC_LENGTH],
        when: app_commands.Range[str, 1, 100],
        channel: Place | None = None,
        minutes: app_commands.Range[int, 5, 720] | None = None,
        repeat: Repeat | None = None,
        until: Until | None = None,
        format: FormatName = "open_talk",
        time_zone: str | None = None,
        auto_start: bool | None = None,
        cohost: discord.Member | None = None,
        absent: Absent | None = None,
        wait: Wait | None = None,
    ) -> None:
        """Ask whether a Space is to be planned as it was understood."""
        await defer(interaction)
        venue = _venue(interaction, channel)
        guild_id, host_id = venue.channel.guild.id, interaction.user.id
        clock = time_zone or await planner.zone(guild_id, host_id) or zone
        plan = Plan(
            guild_id=guild_id,
            channel_id=venue.channel.id,
            host_id=host_id,
            topic=plain(topic, TOPIC_LENGTH),
            starts_at=planner.now(),
            minutes=minutes or planner.settings.minutes,
            kind=venue.kind.value,
            format=format,
            language=language(interaction),
            zone=clock,
            post_channel_id=interaction.channel_id,
        )
        usual = await usual_in(door, plan.guild_id)
        plan = replace(plan, auto_start=usual.auto_start)
        chosen = choose(plan, usual, auto_start, id_of(cohost), absent, wait)
        plan = replace(plan, **chosen)
        plan = check(plan)
        await confirming.ask(interaction, plan, when, repeat, until=until or "")

    @app_commands.command(description="-")
    async def edit(
        interaction: AnyInteraction,
        plan: int,
        when: app_commands.Range[str, 1, 100] | None = None,
        topic: app_commands.Range[str, 1, TOPIC_LENGTH] | None = None,
        channel: Place | None = None,
        minutes: app_commands.Range[int, 5, 720] | None = None,
        repeat: Repeat | None = None,
        until: Until | None = None,
        whole_series: bool = False,
        auto_start: bool | None = None,
        cohost: discord.Member | None = None,
        absent: Absent | None = None,
        wait: Wait | None = None,
    ) -> None:
        """Change one planned Space, or it and all that follow in its series."""
        await defer(interaction)
        asker = asker_of(interaction)
        before = await planner.theirs(plan, asker)
        meant = None
        if when is not None:
            meant = confirming.read_for(before, when)
        if repeat is not None and not whole_series:
            raise PlanRefused("series.repeat_of_one", topic=before.topic)
        if until is not None and not whole_series:
            raise PlanRefused("series.until_of_one", topic=before.topic)
        usual = await usual_in(door, before.guild_id)
        changes = choose(before, usual, auto_start, id_of(cohost), absent, wait)
        check(replace(before, **changes))
        if meant is not None:
            changes["starts_at"] = meant.at.timestamp()
        if topic is not None:
            changes["topic"] = plain(topic, TOPIC_LENGTH)
        if minutes is not None:
            changes["minutes"] = minutes
        if channel is not None:
            venue = venue_of(channel)
            changes |= {"channel_id": venue.channel.id, "kind": venue.kind.value}
        if not changes and repeat is None and until is None:
            raise PlanRefused("plan.nothing_to_change", topic=before.topic)
        if whole_series:
            end = None if until is None else confirming.read_end(before, until)
            wanted = Wanted(repeat=repeat, until=end, **changes)
            await revising.propose(interaction, plan, asker, wanted)
            return
        await changing.edit(interaction, plan, asker, changes, meant)

    @app_commands.command(description="-")
    async def clone(
        interaction: AnyInteraction,
        plan: int,
        when: app_commands.Range[str, 1, 100],
    ) -> None:
        """Ask whether the same Space is to be planned for another time."""
        await defer(interaction)
        before = await planner.find(plan, asker_of(interaction))
        if not may_know(interaction, before):
            raise PlanRefused("plan.unknown")  # as if it was not there
        await confirming.ask_again(interaction, before, when)

    @app_commands.command(description="-")
    async def upcoming(interaction: AnyInteraction) -> None:
        """List the Spaces that are planned here."""
        reader = language(interaction)
        plans = await planner.upcoming(interaction.guild_id or 0, SEARCHED)
        shown = [plan for plan in plans if may_know(interaction, plan)]
        await answer(interaction, card.listing(words, reader, shown[:CHOICES]))

    @app_commands.command(description="-")
    async def cancel(
        interaction: AnyInteraction,
        plan: int,
        reason: app_commands.Range[str, 0, 200] = "",
        whole_series: bool = False,
    ) -> None:
        """Call a planned Space off; those who asked are not reminded."""
        await defer(interaction)
        asker = asker_of(interaction)
        await changing.cancel(interaction, plan, asker, reason, whole=whole_series)

    schedule.autocomplete("time_zone")(zones)
    suggest = suggestions(planner)
    edit.autocomplete("plan")(suggest)
    clone.autocomplete("plan")(suggest)
    cancel.autocomplete("plan")(suggest)
    return [schedule, edit, clone, upcoming, cancel]


Suggest = Callable[
    [AnyInteraction, str], Coroutine[Any, Any, list[app_commands.Choice[int]]]
]


def suggestions(planner: Planner) -> Suggest:
    """Return what is offered while somebody types which plan they mean."""

    async def suggest(
        interaction: AnyInteraction, typed: str
    ) -> list[app_commands.Choice[int]]:
        plans = await planner.upcoming(interaction.guild_id or 0, SEARCHED)
        return [
            app_commands.Choice(name=_named(plan), value=plan.id)
            for plan in plans
            if typed.casefold() in plan.topic.casefold() and may_know(interaction, plan)
        ][:CHOICES]

    return suggest


async def zones(
    interaction: AnyInteraction, typed: str
) -> list[app_commands.Choice[str]]:
    """Offer time zones by any part of their names: “new york”, “madrid”."""
    wanted = typed.strip().replace(" ", "_").casefold()
    found = sorted(name for name in _zone_names() if wanted in name.casefold())
    return [app_commands.Choice(name=name, value=name) for name in found[:CHOICES]]


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def asker_of(interaction: AnyInteraction) -> Asker:
    """Return who wants something done."""
    guild, user = interaction.guild, interaction.user
    hidden = frozenset[int]()
    if guild is not None and isinstance(user, discord.Member):
        hidden = frozenset(
            channel.id
            for channel in (*guild.voice_channels, *guild.stage_channels)
            if not channel.permissions_for(user).view_channel
        )
    return Asker(user.id, interaction.guild_id or 0, is_moderator(user), hidden)


def _venue(interaction: AnyInteraction, channel: Place | None) -> Venue:
    if channel is not None:
        return venue_of(channel)
    voice = getattr(interaction.user, "voice", None)
    here = voice.channel if voice is not None else interaction.channel
    return venue_of(here)


def _named(plan: Plan) -> str:
    starts = datetime.fromtimestamp(plan.starts_at, zone_of(plan.zone))
    return plain(f"{starts:%d.%m. %H:%M} {plan.topic}", LONGEST)
