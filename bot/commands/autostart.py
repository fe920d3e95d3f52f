"""``/space auto-start``: whether this server's planned Spaces open by themselves."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Literal

import discord
from discord import app_commands

from bot.door import Door
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, defer, language
from bot.rooms.seeing import is_moderator
from moderation.store import guilds
from scheduler.settings import SchedulerSettings

Absent = Literal["cancel", "hand_over", "cohost"]

BY_DEFAULT: Final = "auto_start"
ABSENT: Final = "auto_start_absent"
"""The guild's settings."""


def autostart_command(door: Door) -> app_commands.Command[Any, ..., Any]:
    """Return the command, for moderators."""
    store, words = door.rooms.house.store, door.wording

    @app_commands.command(name="auto-start", description="-")
    async def command(
        interaction: AnyInteraction, by_default: bool, absent: Absent | None = None
    ) -> None:
        """Choose what holds where the host of a plan does not."""
        if interaction.guild_id is None or not is_moderator(interaction.user):
            raise Impossible("may_not_set")
        guild_id = interaction.guild_id
        await defer(interaction)
        changes: dict[str, Any] = {BY_DEFAULT: by_default}
        if absent is not None:
            changes[ABSENT] = absent
        await store.write(lambda db: guilds.set_settings(db, guild_id, changes))
        usual = await usual_in(door, guild_id)
        key = f"auto.usual.{usual.absent}" if usual.auto_start else "auto.usual.off"
        await answer(interaction, words.say(language(interaction), key))

    return command


def id_of(member: discord.Member | None) -> int | None:
    """Return the id of a member who was named, or None."""
    return None if member is None else member.id


async def usual_in(door: Door, guild_id: int) -> SchedulerSettings:
    """Return what holds in a guild where the host of a plan does not choose."""
    house = door.rooms.house
    chosen = await house.store.read(lambda db: guilds.settings(db, guild_id))
    return _with(house.config.scheduler, chosen)


def _with(settings: SchedulerSettings, chosen: Mapping[str, Any]) -> SchedulerSettings:
    return replace(
        settings,
        auto_start=bool(chosen.get(BY_DEFAULT, settings.auto_start)),
        absent=str(chosen.get(ABSENT, settings.absent)),
    )
