"""All live Spaces of the process: opened, found, taken up again after a restart."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import discord

from bot.afterwards.exports import export
from bot.afterwards.passes import note_end
from bot.house import House
from bot.refusals import Impossible
from bot.rooms.debts import Debts
from bot.rooms.opening import Builder, Opening, catch_up
from bot.rooms.room import Room
from bot.rooms.venue import Channel, Venue, venue_of
from bot.talk import learning
from media.errors import MediaError
from moderation.events import (
    BanLifted,
    EndReason,
    SanctionsRecalled,
    SpaceClosed,
)
from moderation.sanction import Sanction
from moderation.store import spaces
from moderation.store.database import StoreError
from moderation.store.spaces import SpaceRow

log = logging.getLogger(__name__)

Before = Callable[[int], Awaitable[None]]
"""Makes way for a Space in a guild."""

TakenUp = Callable[[Room], Awaitable[None]]
"""Takes a room that goes on after a restart."""


class Listener(Protocol):
    """Whoever wants to know that a Space opened or ended."""

    async def opened(self, space: SpaceRow) -> None:
        """Take note of an opening."""

    async def ended(self, space: SpaceRow) -> None:
        """Take note of an end."""


class Plans(Protocol):
    """Whoever knows what is planned."""

    async def due(self, guild_id: int, channel_id: int) -> int | None:
        """Return the plan that a Space which opens in the channel now would be."""


class Rooms:
    """The rooms, by channel, guild and id."""

    def __init__(self, house: House, debts: Debts) -> None:
        self.house = house
        self.debts = debts
        self._builder = Builder(house, debts, self._ended)
        self._rooms: dict[int, Room] = {}
        self._listeners: list[Listener] = []
        self._opening: dict[int, int] = {}
        """Channels in which one is being opened, and their guilds."""

        self._before: list[Before] = []
        self._plans: Plans | None = None
        self._taken_up: list[TakenUp] = []
        self._complete = asyncio.Event()
        self._taking_up = asyncio.Lock()

    def live(self) -> list[Room]:
        """Return every room, oldest first; an ended one until its files are made."""
        return list(self._rooms.values())

    def by_id(self, space_id: int) -> Room | None:
        """Return the room of a Space, or None where it is not live."""
        return self._rooms.get(space_id)

    def lacking(self, key: str) -> Impossible:
        """Return why a room is not there: ``key``, once all rooms are taken up."""
        return Impossible(key if self._complete.is_set() else "starting")

    def in_channel(self, channel_id: int | None) -> Room | None:
        """Return the room that a channel is held in, or None."""
        return next(
            (
                room
                for room in self._rooms.values()
                if room.channel_id == channel_id and room.space.is_live
            ),
            None,
        )

    def in_guild(self, guild_id: int) -> list[Room]:
        """Return the live rooms of a guild."""
        return [
            room
            for room in self._rooms.values()
            if room.guild_id == guild_id and room.space.is_live
        ]

    def opening_in(self, guild_id: int) -> int | None:
        """Return a channel of the guild in which a Space is being opened, or None."""
        found = (c for c, guild in self._opening.items() if guild == guild_id)
        return next(found, None)

    async def open(self, opening: Opening) -> Room:
        """Open a Space; raises ``Impossible`` with what stands in the way.

        Where one was planned there about now, it is that one.
        """
        channel_id = opening.venue.channel.id
        await self._complete.wait()
        if self.in_channel(channel_id) or channel_id in self._opening:
            raise Impossible("channel_taken", channel=channel_id)
        opening.venue.check(opening.host_id)
        self._opening[channel_id] = opening.venue.channel.guild.id
        try:
            for before in self._before:
                await before(opening.venue.channel.guild.id)
            opening = await self._as_planned(opening)
            closing = {room.space_id for room in self.live() if not room.space.is_live}
            room = await self._builder.open(opening, self._add, closing)
        finally:
            self._opening.pop(channel_id, None)
        for listener in self._listeners:
            await listener.opened(room.row)
        return room

    async def due(self, venue: Venue) -> int | None:
        """Return the plan that a Space which opens there now would be."""
        channel = venue.channel
        if self._plans is None:
            return None
        return await self._plans.due(channel.guild.id, channel.id)

    async def _as_planned(self, opening: Opening) -> Opening:
        if opening.plan_id is not None:
            return opening
        return replace(opening, plan_id=await self.due(opening.venue))

    async def take_up(self) -> None:
        """Go on with the live Spaces: at the start, and in a new gateway session."""
        async with self._taking_up:
            for row in await self.house.store.read(spaces.live):
                try:
                    await self._take_up(row)
                except StoreError as error:  # the others have to go on all the same
                    log.error("space %s is not taken up: %s", row.id, error)
        self._complete.set()

    async def go_on_in(self, guild_id: int) -> bool:
        """Go on with the live Spaces of a guild that Discord had trouble with.

        False at the start: they are taken up when all guilds are known.
        """
        if not self._complete.is_set():
            return False
        async with self._taking_up:
            for row in await self.house.store.read(spaces.live):
                if row.guild_id == guild_id:
                    await self._take_up(row)
        return True

    async def _take_up(self, row: SpaceRow) -> None:
        channel = self.house.client.get_channel(row.channel_id)
        if not isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            channel = None
        guild = self.house.client.get_guild(row.guild_id)
        if channel is None and guild is not None and guild.unavailable:
            log.info("space %s waits: its guild is unavailable", row.id)
            return
        known = self._rooms.get(row.id)
        if known is not None:
            if known.space.is_live:
                _meet_again(known, channel, removed=guild is None)
            return
        room = None
        if channel is not None:
            room = await self._builder.take_up(row, venue_of(channel), self._add)
        if room is None:
            await self._give_up(row)
            return
        for heard in self._taken_up:
            await heard(room)

    async def close(self) -> None:
        """Let go of every room without ending it: the next process takes them up."""
        await asyncio.gather(*(room.suspend() for room in self.live()))
        self._rooms.clear()

    def before(self, before: Before) -> None:
        """Await ``before`` with the guild ahead of every opening from now on."""
        self._before.append(before)

    def on_taken_up(self, heard: TakenUp) -> None:
        """Tell ``heard`` of every Space that goes on after a restart."""
        self._taken_up.append(heard)

    def listen(self, listener: Listener) -> None:
        """Tell ``listener`` of every Space that opens or ends from now on."""
        self._listeners.append(listener)

    def follow(self, plans: Plans) -> None:
        """Let what opens from now on be what is planned there, if anything is."""
        self._plans = plans

    def ban(self, guild_id: int, ban: Sanction, apart_from: Room | None = None) -> None:
        """Let a guild's Spaces know of a ban that was made in another, or in none."""
        for room in self.in_guild(guild_id):
            if room is not apart_from:
                room.notice(SanctionsRecalled((ban,)))

    def unban(
        self, guild_id: int, user_id: int, apart_from: Room | None = None
    ) -> None:
        """Let a guild's Spaces know that a ban was lifted in another, or in none."""
        for room in self.in_guild(guild_id):
            if room is not apart_from:
                room.notice(BanLifted(user_id))

    def _add(self, room: Room) -> None:
        self._rooms[room.space_id] = room

    async def _give_up(self, row: SpaceRow) -> None:
        now = self.house.clock.now()
        log.warning("space %s cannot be taken up: it is closed now", row.id)
        wanted = self.house.config.speech.final_pass
        await self.house.store.write(
            lambda db: note_end(db, row.id, now, "", wanted=wanted)
        )
        for listener in self._listeners:
            await listener.ended(row)

    async def _ended(self, room: Room) -> None:
        for listener in self._listeners:
            await listener.ended(room.row)
        row, now = room.row, self.house.clock.now()
        background = room.talk.conversation.background
        try:
            await self.house.store.write(
                lambda db: learning.keep(db, row, background, now)
            )
            if row.folder is None:
                return
            await export(
                self.house.store, row.id, Path(row.folder), self.house.config.recording
            )
        except (MediaError, StoreError, OSError) as error:
            log.error("space %s: its files are not complete: %s", row.id, error)
        finally:
            self._rooms.pop(room.space_id, None)


def _meet_again(room: Room, channel: Channel | None, *, removed: bool) -> None:
    """Tell a live room what was missed of Discord; ``removed``: from its guild."""
    if channel is None:
        reason = EndReason.BOT_REMOVED if removed else EndReason.CHANNEL_GONE
        room.notice(SpaceClosed(reason))
        return
    room.renew(channel)
    catch_up(room)
    room.enforcer.wake()
