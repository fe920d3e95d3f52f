"""``/space report``: how a Space went, for those who ran it and for moderators."""

import datetime
import io
from typing import Any

import discord
from discord import app_commands

from bot.commands.offering import choices
from bot.door import Door
from bot.outcome.attendance import table
from bot.outcome.reading import Report, read
from bot.outcome.words import embed
from bot.refusals import Impossible
from bot.replies import AnyInteraction, defer, language
from bot.rooms.seeing import is_moderator
from moderation.events import UnreadableEventError
from moderation.refused import Refused
from moderation.store import spaces
from moderation.store.spaces import SpaceRow

OFFERED = 100
"""Past Spaces that are looked through for those that are offered."""


def outcome_command(door: Door) -> app_commands.Command[Any, ..., Any]:
    """Return the command; hosts and co-hosts see their own, moderators all."""
    house = door.rooms.house

    @app_commands.command(name="report", description="-")
    async def report(interaction: AnyInteraction, which: int | None = None) -> None:
        """Show how a Space went; without a choice the newest of this channel."""
        if interaction.guild_id is None:
            raise Impossible("only_in_guild")
        await defer(interaction)
        held, seen = await _seen(interaction.guild_id, interaction.user)
        row = _meant(seen, which, interaction.channel_id)
        if row is None:
            raise Impossible("not_your_report" if held else "no_report")
        found = await _read(row)
        if not _may_read(interaction.user, found):
            raise Impossible("not_your_report")
        shown = embed(door.wording, language(interaction), found)
        people = discord.File(io.BytesIO(table(found)), f"attendance-{row.id}.csv")
        await interaction.followup.send(embed=shown, file=people, ephemeral=True)

    async def _seen(
        guild_id: int, user: discord.abc.User
    ) -> tuple[list[SpaceRow], list[SpaceRow]]:
        """Return the newest Spaces, and those of them whose report may be theirs."""
        held = await house.store.read(lambda db: spaces.recent(db, guild_id, OFFERED))
        if is_moderator(user):
            return held, held
        ran = await house.store.read(lambda db: spaces.run_by(db, guild_id, user.id))
        return held, [row for row in held if row.id in ran]

    async def _read(row: SpaceRow) -> Report:
        now = house.clock.now()
        try:
            return await house.store.read(lambda db: read(db, row, house.config, now))
        except (UnreadableEventError, Refused):
            raise Impossible("report_unreadable") from None

    @report.autocomplete("which")
    async def offered(
        interaction: AnyInteraction, typed: str
    ) -> list[app_commands.Choice[int]]:
        """Offer the Spaces whose report this person may read, newest first."""
        if interaction.guild_id is None:
            return []
        _, theirs = await _seen(interaction.guild_id, interaction.user)
        return choices({_named(row): row.id for row in theirs}, typed)

    return report


def _may_read(user: discord.abc.User, found: Report) -> bool:
    """Say whether they moderate, opened the Space, or were host or co-host to its end.

    Whoever is co-host no longer is not.
    """
    opened = found.space.host_id == user.id
    return opened or user.id in found.outcome.figures.staff or is_moderator(user)


def _meant(
    seen: list[SpaceRow], which: int | None, channel_id: int | None
) -> SpaceRow | None:
    """Return the Space that is meant: the chosen one, this channel's, or the newest."""
    if which is not None:
        return next((row for row in seen if row.id == which), None)
    here = [row for row in seen if row.channel_id == channel_id]
    return next(iter(here or seen), None)


def _named(row: SpaceRow) -> str:
    """Name a Space in a list, where Discord shows no time in the reader's zone."""
    day = datetime.datetime.fromtimestamp(row.opened_at, datetime.UTC).date()
    return f"{day} · {row.topic} · {row.id}"
