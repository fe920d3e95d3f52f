"""Opens the Space of a plan, and gives its co-hosts their part.

The topic, the format, the language and the agenda are the plan's. Whoever hosts it is
its planned host or stands in; the planned host and the plan's co-hosts are made
co-hosts when the Space opens or when they come in, once: what the host changes
afterwards stands.
"""

import json
import logging
from collections.abc import Collection
from typing import Any, Protocol

import discord

from bot.client import Client
from bot.house import House
from bot.planning.presence import require_available
from bot.rooms.opening import Opening
from bot.rooms.preparation import lacks
from bot.rooms.room import Room
from bot.rooms.rooms import Rooms
from bot.rooms.venue import Venue, venue_of
from bot.texts.language import language_of
from moderation import effects as fx
from moderation.agenda_text import read
from moderation.events import AgendaItemAdded, CohostAdded
from moderation.formats import settings_for
from moderation.refused import Refused
from moderation.settings import Format
from moderation.store import journal
from moderation.store.spaces import SpaceRow
from scheduler.clockwork import records
from scheduler.plans import Plan

log = logging.getLogger(__name__)

ADDED = ("AgendaItemAdded",)
STAFFED = ("CohostAdded", "CohostRemoved", "HandedOver")
"""Facts after which somebody's role is no longer the plan's to say."""


class Opener(Protocol):
    """Whoever sees who is there and can open a Space."""

    def present(self, plan: Plan) -> frozenset[int]:
        """Return the members who are in the plan's channel."""

    async def open(self, plan: Plan, host_id: int) -> None:
        """Open the plan's Space, hosted by one of them.

        Raises Impossible, Refused or PlanRefused with what stands in the way, or
        whatever Discord and the record raise.
        """


class SpaceOpener:
    """Opens Spaces in this process; also a listener of ``Rooms``."""

    def __init__(self, house: House, rooms: Rooms) -> None:
        self._house = house
        self._rooms = rooms

    def present(self, plan: Plan) -> frozenset[int]:
        """Return the members who are in the plan's channel.

        Raises LaterError while Discord cannot say.
        """
        require_available(self._house.client, plan.guild_id)
        channel = _channel(self._house.client, plan)
        return frozenset() if channel is None else frozenset(Venue(channel).states())

    async def open(self, plan: Plan, host_id: int) -> None:
        """Open the plan's Space, hosted by one of those who are there."""
        room = await self._rooms.open(
            Opening(
                venue=venue_of(_channel(self._house.client, plan)),
                host_id=host_id,
                topic=plan.topic,
                language=language_of(plan.language, "en"),
                settings=settings_for(Format(plan.format), self._house.space),
                plan_id=plan.id,
            )
        )
        missing = lacks(room.observe().space, room.space.state.settings.gate)
        if missing:
            params: fx.Params = {"missing_keys": " ".join(missing)}
            room.perform([fx.Tell("unprepared.lacks", params=params, user_id=host_id)])

    async def opened(self, space: SpaceRow) -> None:
        """Bring the plan's agenda, and make those who are there co-hosts."""
        room = self._rooms.by_id(space.id)
        if room is not None:
            await self.prepare(room)

    async def prepare(self, room: Room) -> None:
        """Do the same, or the rest of it where a crash came in between."""
        plan = await self._plan(room.row)
        if plan is None:
            return
        added = {body.get("text") for body in await self._facts(room, ADDED)}
        for line in plan.agenda:
            item = _item(room.row.host_id, line)
            if item.text not in added:
                await _tell(room, item)
        for user_id in (plan.host_id, *plan.cohost_ids):
            if user_id in room.venue.states():
                await self._staff(room, user_id)

    async def ended(self, space: SpaceRow) -> None:
        """Nothing of a Space that is over is kept here."""

    async def entered(self, room: Room, user_id: int) -> None:
        """Make a planned host or co-host who comes in later a co-host."""
        plan = await self._plan(room.row)
        if plan is not None and user_id in (plan.host_id, *plan.cohost_ids):
            await self._staff(room, user_id)

    async def _staff(self, room: Room, user_id: int) -> None:
        host_id = room.space.state.hosting.host_id
        if user_id == host_id or await self._was_staffed(room, user_id):
            return
        await _tell(room, CohostAdded(host_id, user_id))

    async def _was_staffed(self, room: Room, user_id: int) -> bool:
        facts = await self._facts(room, STAFFED)
        return any(body.get("user_id") == user_id for body in facts)

    async def _facts(self, room: Room, names: Collection[str]) -> list[dict[str, Any]]:
        space_id = room.space_id
        rows = await self._house.store.read(lambda db: journal.read(db, space_id))
        return [json.loads(row.body) for row in rows if row.name in names]

    async def _plan(self, space: SpaceRow) -> Plan | None:
        plan_id = space.plan_id
        if plan_id is None:
            return None
        return await self._house.store.read(lambda db: records.get(db, plan_id))


def _item(host_id: int, line: str) -> AgendaItemAdded:
    items, _ = read(line)
    if not items:
        return AgendaItemAdded(host_id, line)
    return AgendaItemAdded(host_id, items[0].title, items[0].minutes)


async def _tell(room: Room, event: AgendaItemAdded | CohostAdded) -> None:
    try:
        await room.tell(event, shown_to=event.by)  # who hosts it planned it like that
    except Refused as refused:
        log.info("space %s: not as planned: %s", room.space_id, refused.key)


def _channel(
    client: Client, plan: Plan
) -> discord.VoiceChannel | discord.StageChannel | None:
    channel = client.get_channel(plan.channel_id)
    kinds = (discord.VoiceChannel, discord.StageChannel)
    return channel if isinstance(channel, kinds) else None
