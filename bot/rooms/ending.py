"""How a room closes: the Space is over, or the process stops.

Rule: in an order in which a crash at any point is made good by the next start; mutes
are lifted before the record says that the Space is over.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.afterwards.passes import note_end
from bot.captions.captions import Captions
from bot.faults import FAULTS, named
from bot.house import House
from bot.panel.post import LivePost
from bot.panel.private import PrivatePanels
from bot.rooms.actions import Actions
from bot.rooms.enforcer import Enforcer
from bot.rooms.inbox import Inbox
from bot.rooms.venue import Venue
from bot.talk.ears import Ears
from bot.talk.talk import Talk
from moderation.events import EndReason
from moderation.store.database import StoreError

log = logging.getLogger(__name__)

INSIDE_S = 2.0
"""How long the bot stays in a channel for its topic's sake. Discord takes a status
down by itself when everybody has left."""


class Ended(Protocol):
    """What an ending needs of the room that it belongs to."""

    house: House
    venue: Venue
    inbox: Inbox
    ears: Ears
    talk: Talk
    enforcer: Enforcer
    actions: Actions
    captions: Captions
    post: LivePost
    host_panels: PrivatePanels

    @property
    def space_id(self) -> int:
        """The Space's id."""

    def hotwords(self) -> str:
        """Return words that recognition should know."""


class Ending:
    """The end of one room."""

    def __init__(self, room: Ended, on_ended: Callable[[], Awaitable[None]]) -> None:
        self._room = room
        self._on_ended = on_ended
        self._closing: asyncio.Task[None] | None = None
        self._closed = asyncio.Event()

    def begin(self, reason: EndReason) -> None:
        """Begin to close the room; a second time changes nothing."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(), name="room-end")
            log.info("space %s: ended (%s)", self._room.space_id, reason.value)

    async def done(self) -> None:
        """Wait until the room is closed."""
        await self._closed.wait()

    async def suspend(self) -> None:
        """Let go of the room without ending the Space; an end under way is finished."""
        room = self._room
        room.ears.hurry()
        if self._closing is not None:
            await self._closing
            return
        await room.inbox.stop()
        await room.enforcer.stop()
        await room.ears.leave()
        await room.talk.stop()
        await self._show_the_last()

    async def _close(self) -> None:
        room = self._room
        await room.inbox.stop()
        inside = room.venue.shown_from_inside
        if inside:
            await self._take_topic_down(INSIDE_S)
        await room.ears.leave()
        await room.captions.stop()
        await room.talk.stop()
        await room.enforcer.release()
        if not inside:
            await self._take_topic_down()
        now = room.house.clock.now()
        words, wanted = room.hotwords(), room.house.config.speech.final_pass
        try:
            await room.house.store.write(
                lambda db: note_end(db, room.space_id, now, words, wanted=wanted)
            )
        except StoreError as error:  # the journal has it: the next start does the rest
            log.error("space %s: its end is not kept: %s", room.space_id, error)
        await self._show_the_last()
        await self._on_ended()
        self._closed.set()

    async def _take_topic_down(self, within_s: float | None = None) -> None:
        try:
            async with asyncio.timeout(within_s):
                await self._room.venue.close()
        except FAULTS as error:
            space_id = self._room.space_id
            log.warning("space %s: topic stays up: %s", space_id, named(error))

    async def _show_the_last(self) -> None:
        await self._room.actions.stop()
        await self._room.captions.suspend()
        await self._room.host_panels.stop()
        await self._room.post.finish()
