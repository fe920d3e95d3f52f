"""``/space``: open, see and end Spaces."""

from dataclasses import replace
from typing import Literal

import discord
from discord import app_commands

from bot.door import Door
from bot.panel.content import panel
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, defer, language
from bot.rooms.opening import Opening
from bot.rooms.preparation import lacks
from bot.rooms.venue import Venue, venue_of
from bot.texts.escape import plain
from moderation.events import SpaceEnded, SpacePaused, SpaceResumed
from moderation.formats import settings_for
from moderation.refused import Refused
from moderation.requests import QueueMode
from moderation.settings import Format, RoomKind, SpaceSettings
from scheduler.clockwork import records

FormatName = Literal[
    "open_talk", "interview", "panel", "debate", "qa", "launch", "networking"
]
Place = discord.StageChannel | discord.VoiceChannel


SIDES_MOST = 5
"""Sides of a debate at most: as many as the panel's row has buttons."""

SIDE_LIMIT = 40
"""Characters of a side's name."""


class SpaceCommands(app_commands.Group):
    """The Space itself."""

    def __init__(self, door: Door) -> None:
        super().__init__(name="space", description="-")
        self._door = door

    @app_commands.command(description="-")
    async def start(
        self,
        interaction: AnyInteraction,
        topic: app_commands.Range[str, 1, 120],
        channel: Place | None = None,
        format: FormatName | None = None,
        language: Literal["en", "es"] | None = None,
        sides: app_commands.Range[str, 1, 200] | None = None,
    ) -> None:
        """Open a Space in a channel, or where the host is."""
        await defer(interaction)
        if not plain(topic, 120):
            raise Refused("text.empty")
        venue = _venue(interaction, channel)
        chosen = Format(format) if format else await planned_format(self._door, venue)
        settings = settings_for(chosen, self._door.rooms.house.space)
        if sides is not None:
            settings = with_sides(settings, sides)
        opening = Opening(
            venue=venue,
            host_id=interaction.user.id,
            topic=plain(topic, 120),
            language=language or _language(interaction),
            settings=settings,
        )
        room = await self._door.rooms.open(opening)
        stage = room.venue.kind is RoomKind.STAGE
        key = "space.opened_stage" if stage else "space.opened_answer"
        await self._door.say(interaction, key, space_channel=room.channel_id)
        missing = lacks(room.observe().space, room.space.state.settings.gate)
        if missing:
            keys = " ".join(missing)
            await self._door.say(interaction, "unprepared.lacks", missing_keys=keys)

    @app_commands.command(description="-")
    async def end(self, interaction: AnyInteraction) -> None:
        """End the Space."""
        await self._door.act(interaction, SpaceEnded(interaction.user.id))

    @app_commands.command(description="-")
    async def pause(self, interaction: AnyInteraction) -> None:
        """Begin an intermission."""
        await self._door.act(interaction, SpacePaused(interaction.user.id))

    @app_commands.command(description="-")
    async def resume(self, interaction: AnyInteraction) -> None:
        """End the intermission."""
        await self._door.act(interaction, SpaceResumed(interaction.user.id))

    @app_commands.command(description="-")
    async def status(self, interaction: AnyInteraction) -> None:
        """Show how the Space is doing."""
        view = self._door.room(interaction).observe()
        shown = panel(self._door.wording, language(interaction), view)
        await interaction.response.send_message(embed=shown.embed, ephemeral=True)

    @app_commands.command(description="-")
    async def info(self, interaction: AnyInteraction) -> None:
        """Say what the Space is about and who hosts it."""
        space = self._door.room(interaction).observe().space
        await self._door.say(
            interaction,
            "space.info",
            topic=space.topic,
            host_id=space.host_id,
            opened_at=space.opened_at,
            n=space.present,
        )

    @app_commands.command(description="-")
    async def now(self, interaction: AnyInteraction) -> None:
        """List the live Spaces of the server."""
        live = self._door.rooms.in_guild(interaction.guild_id or 0)
        words, reader = self._door.wording, language(interaction)
        lines = [
            words.say(
                reader,
                "space.one",
                {"topic": room.row.topic, "space_channel": room.channel_id},
            )
            for room in live
        ]
        await answer(interaction, "\n".join(lines) or words.say(reader, "space.none"))


async def planned_format(door: Door, venue: Venue) -> Format:
    """Return the format of the Space that is planned there about now."""
    plan_id = await door.rooms.due(venue)
    if plan_id is None:
        return Format.OPEN_TALK
    plan = await door.rooms.house.store.read(lambda db: records.get(db, plan_id))
    return Format.OPEN_TALK if plan is None else Format(plan.format)


def with_sides(settings: SpaceSettings, typed: str) -> SpaceSettings:
    """Return the settings with the sides that a host typed, commas between them."""
    names = [plain(name, SIDE_LIMIT) for name in typed.split(",")]
    sides = tuple(dict.fromkeys(name for name in names if name))
    if not 2 <= len(sides) <= SIDES_MOST:
        raise Impossible("bad_sides", most=SIDES_MOST)
    return replace(settings, sides=sides, queue_mode=QueueMode.SIDES)


def _venue(interaction: AnyInteraction, channel: Place | None) -> Venue:
    if channel is not None:
        return venue_of(channel)
    voice = getattr(interaction.user, "voice", None)
    here = voice.channel if voice is not None else interaction.channel
    return venue_of(here)


def _language(interaction: AnyInteraction) -> Literal["en", "es"]:
    return language(interaction)
