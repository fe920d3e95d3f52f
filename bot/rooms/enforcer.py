"""Makes Discord agree with the Space: who has the floor may be heard, nobody else.

The plan is ``moderation.enforcement``'s: pure, the fewest calls, most urgent first.
Here it is run: one call at a time, at a pace that leaves Discord's bucket room for who
speaks without the floor, and planned afresh after each, so that what changed meanwhile
is never undone. A debt is written
before a mute and struck out after an unmute. A call that Discord refuses is tried
again later; what cannot work is shown, and told to the hosts, by ``bot.rooms.trouble``.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

import discord

from bot.faults import FAULTS, named
from bot.house import House
from bot.rooms.debts import NOT_IN_VOICE, Debts
from bot.rooms.trouble import Troubles
from bot.rooms.venue import Venue
from bot.talk.ears import Ears
from moderation import effects as fx
from moderation.enforcement import (
    Call,
    Mute,
    Plan,
    Powers,
    Seen,
    Suppress,
    Unmute,
    Unsuppress,
    plan,
)
from moderation.settings import RoomKind
from moderation.space import Space
from moderation.store.database import StoreError

log = logging.getLogger(__name__)

RETRY_S = 5.0
"""Seconds after which a refused call is tried again, or a permission looked for."""

SETTLE_S = 1.0
"""Seconds in which Discord's event must show what a successful call has done."""


class Enforced(Protocol):
    """What the enforcer needs of the room that it belongs to."""

    house: House
    debts: Debts
    venue: Venue
    ears: Ears

    @property
    def space(self) -> Space:
        """The rules' state."""

    @property
    def space_id(self) -> int:
        """The Space's id."""

    @property
    def guild_id(self) -> int:
        """The guild's id."""

    def perform(self, effects: Sequence[fx.Effect]) -> None:
        """Carry out effects."""

    def touch(self) -> None:
        """Say that what is shown may have changed."""


class Enforcer:
    """Runs the plans of one Space."""

    def __init__(self, room: Enforced) -> None:
        self._room = room
        self._stale = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._not_before: dict[int, float] = {}
        self._pace = room.debts.pace(room.guild_id)
        self._forbidden: set[int] = set()
        self.troubles = Troubles(room.perform, room.touch)

    def start(self) -> None:
        """Begin to work; call it on the event loop."""
        self._task = asyncio.create_task(self._run(), name="room-enforcer")

    async def stop(self) -> None:
        """Stop where it is; what is owed stays written down."""
        if self._retry is not None:
            self._retry.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def wake(self, user_ids: Sequence[int] | None = None) -> None:
        """Say that a plan may be needed, for these members at once."""
        for user_id in user_ids or ():
            self._not_before.pop(user_id, None)
        self._stale.set()

    async def release(self) -> None:
        """Undo every mute of ours in the room, as far as Discord lets us now."""
        await self.stop()
        room = self._room
        if room.venue.kind is not RoomKind.VOICE:
            return
        owed = room.debts.of(room.guild_id)
        for user_id in room.venue.states():
            if user_id in owed:
                await self._try(Unmute(user_id))

    async def _run(self) -> None:
        while True:
            await self._stale.wait()
            self._stale.clear()
            found = self._plan()
            while found.calls and (found.urgent or self._wait_s() == 0.0):
                await self._try(found.calls[0])
                found = self._plan()
            self._look(found)
            self._arm(found)

    def _wait_s(self) -> float:
        """Return the seconds until a call that can wait may be made."""
        now = self._room.house.clock.now()
        return self._pace.free_at(now) - now

    def _plan(self) -> Plan:
        room = self._room
        channel = room.venue.channel
        powers = Powers(channel.permissions_for(channel.guild.me).mute_members)
        speaking = room.ears.speaking
        seen = {
            user_id: Seen(
                channel.id,
                state.mute,
                state.suppress,
                state.requested_to_speak_at is not None,
                user_id in speaking,
            )
            for user_id, state in room.venue.states().items()
        }
        return plan(
            room.space,
            seen,
            room.debts.of(room.guild_id),
            powers,
            now=room.house.clock.now(),
            not_before=self._not_before,
        )

    async def _try(self, call: Call) -> None:
        now = self._room.house.clock.now()
        self._pace.made(now)
        try:
            await self._do(call)
        except discord.Forbidden:
            self._not_before[call.user_id] = now + RETRY_S
            self._forbidden.add(call.user_id)
        except (*FAULTS, StoreError) as error:
            self._not_before[call.user_id] = now + RETRY_S
            if getattr(error, "code", None) != NOT_IN_VOICE:
                log.warning(
                    "space %s: %s of %s failed: %s",
                    self._room.space_id,
                    type(call).__name__,
                    call.user_id,
                    named(error),
                )
        else:
            self._not_before[call.user_id] = now + SETTLE_S
            self._forbidden.discard(call.user_id)

    async def _do(self, call: Call) -> None:
        room, user_id = self._room, call.user_id
        match call:
            case Mute():
                await room.debts.owe(room.guild_id, user_id, room.space_id)
                await room.venue.mute(user_id, True)
                room.ears.cut(user_id)
            case Unmute():
                await room.venue.mute(user_id, False)
                await room.debts.paid(room.guild_id, user_id)
            case Suppress():
                await room.venue.suppress(user_id, True)
                room.ears.cut(user_id)
            case Unsuppress():
                await room.venue.suppress(user_id, False)

    def _look(self, found: Plan) -> None:
        """Note what stands in the way; a mute just lifted still shows for a while."""
        now, here = self._room.house.clock.now(), self._room.venue.states()
        self._forbidden &= set(here)
        foreign = [u for u in found.foreign if self._not_before.get(u, now) <= now]
        self.troubles.look(found, self._forbidden, foreign)

    def _arm(self, found: Plan) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        waits = [self._wait_s()] if found.calls else []
        # Who gives a permission back is not a fact of the Space: it is looked for.
        waits += [RETRY_S] if found.blocked else []
        now = self._room.house.clock.now()
        if found.retry_at is not None:
            waits.append(found.retry_at - now)
        settling = (self._not_before.get(user_id, now) for user_id in found.foreign)
        waits += [at - now for at in settling if at > now]
        if waits:
            loop = asyncio.get_running_loop()
            self._retry = loop.call_later(max(0.05, min(waits)), self._stale.set)
