"""The pulse of the process: every few seconds it is written down that it lives.

After ``kill -9`` it says since when nobody listened. The journal cannot: in a quiet
room its last row may be minutes old, and those minutes were heard. It says, too, how
late the words were: what had none yet was said so long before.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from bot.house import House
from moderation.space import Space
from moderation.store import spaces
from moderation.store.database import StoreError

log = logging.getLogger(__name__)

BEAT_S = 2.0
"""Seconds between two beats: by so much a turn's clock may be wrong after a crash."""


class Beating(Protocol):
    """What the pulse needs of a room."""

    @property
    def space_id(self) -> int:
        """The Space's id."""

    @property
    def space(self) -> Space:
        """The rules' state."""


class Living(Protocol):
    """What the pulse needs of all rooms."""

    house: House

    def live(self) -> Sequence[Beating]:
        """Return every room."""


class Pulse:
    """Beats for all live Spaces at once, in one transaction."""

    def __init__(self, rooms: Living) -> None:
        self._rooms = rooms

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            await self.beat()
            await asyncio.sleep(BEAT_S)

    async def beat(self) -> None:
        """Write down that the bot is there for every live Space now."""
        live = [room.space_id for room in self._rooms.live() if room.space.is_live]
        if not live:
            return
        house = self._rooms.house
        now = house.clock.now()
        lags = {one: house.transcriber.status(one).lag_s for one in live}
        try:
            await house.store.write(lambda db: spaces.beat(db, lags, now))
        except StoreError as error:
            log.error("= no pulse: %s", error)
