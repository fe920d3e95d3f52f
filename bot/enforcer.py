"""Makes Discord agree with the Space: who has the floor may be heard, nobody else.

The plan is ``moderation.enforcement``'s: pure, the fewest calls, most urgent first.
Here it is run: one call at a time (discord.py waits where a bucket is empty), planned afresh
after each, so that what changed meanwhile is never undone. A debt is written before a
mute and struck out after an unmute. A call that Discord refuses is tried again later;
one that cannot work is told to the hosts once, with the name of what is missing.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

import discord

from bot.debts import NOT_IN_VOICE, Debts
from bot.ears import Ears
from bot.house import House
from bot.venue import Venue
from moderation import effects as fx
from moderation.settings import RoomKind
from moderation.space import Space

log = logging.getLogger(__name__)

RETRY_S = 5.0
"""Seconds after which a refused call is tried again."""


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


class Enforcer:
    """Runs the plans of one Space."""

    def __init__(self, room: Enforced) -> None:
        self._room = room
        self._stale = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._refused: dict[int, float] = {}
        self._told: set[int] = set()

    def start(self) -> None:
        """Begin to work; call it on the event loop."""
        self._task = asyncio.create_task(self._run(), name="room-enforcer")

    async def stop(self) -> None:
        """Stop where it is; what is owed stays written down."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def wake(self, _user_ids: Sequence[int] | None = None) -> None:
        """Say that a plan may be needed."""
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
                await self._try(user_id, "unmute")

    async def _run(self) -> None:
        while True:
            await self._stale.wait()
            self._stale.clear()
            while (step := self._next()) is not None:
                await self._try(*step)

    def _next(self) -> tuple[int, str] | None:
        room = self._room
        now = room.house.clock.now()
        owed = room.debts.of(room.guild_id)
        steps: list[tuple[bool, int, str]] = []
        for user_id, state in room.venue.states().items():
            if self._refused.get(user_id, 0.0) > now:
                continue
            may = room.space.may_speak(user_id) or room.space.is_invited(user_id)
            deed = ""
            if room.venue.kind is RoomKind.STAGE:
                if may == state.suppress:
                    deed = "unsuppress" if may else "suppress"
            elif may and state.mute and user_id in owed:
                deed = "unmute"
            elif not room.space.may_speak(user_id) and not state.mute:
                deed = "mute"
            if deed:
                quiet = user_id not in room.ears.speaking
                steps.append((quiet, user_id, deed))
        return min(steps)[1:] if steps else None

    async def _try(self, user_id: int, deed: str) -> None:
        room = self._room
        try:
            await self._do(user_id, deed)
        except discord.Forbidden:
            self._later(user_id)
            if user_id not in self._told:
                self._told.add(user_id)
                params = {"user_id": user_id, "permission": "Mute Members"}
                room.perform([fx.TellHosts("enforce.blocked", params=params)])
        except discord.HTTPException as error:
            if error.code != NOT_IN_VOICE:
                log.warning("%s %s: %s (%s)", deed, user_id, error.status, error.code)
            self._later(user_id)

    async def _do(self, user_id: int, deed: str) -> None:
        room = self._room
        match deed:
            case "mute":
                await room.debts.owe(room.guild_id, user_id, room.space_id)
                await room.venue.mute(user_id, True)
                room.ears.cut(user_id)
            case "unmute":
                await room.venue.mute(user_id, False)
                await room.debts.paid(room.guild_id, user_id)
            case _:
                await room.venue.suppress(user_id, deed == "suppress")
                if deed == "suppress":
                    room.ears.cut(user_id)
        # Discord's answer is the new state, but its event may still be on the way.
        self._refused[user_id] = room.house.clock.now() + 1.0
        asyncio.get_running_loop().call_later(1.1, self._stale.set)

    def _later(self, user_id: int) -> None:
        self._refused[user_id] = self._room.house.clock.now() + RETRY_S
        asyncio.get_running_loop().call_later(RETRY_S + 0.1, self._stale.set)
