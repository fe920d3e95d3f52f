"""What was planned for the Space in a room: when it is to end, and who is to speak.

A Space knows its plan from its row, also after a restart. Rule: a plan only makes
nudges better; trouble in reading it stops no Space.
"""

import logging
from dataclasses import dataclass

from sqlite_utils import Database

from bot.house import House
from bot.rooms.room import Room
from bot.rooms.rooms import Rooms
from moderation.store.database import StoreError
from moderation.store.spaces import SpaceRow
from scheduler.clockwork import errand_records, records
from scheduler.guests.guest import confirmed, unconfirmed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a room's conversation is to know of its plan."""

    ends_at: float
    """Unix seconds."""

    guests: frozenset[int]
    """Who confirmed."""

    unconfirmed: frozenset[int] = frozenset()
    """Who was asked and never answered."""


class PlanWatch:
    """Tells rooms of their plans: at the opening, and whenever somebody comes in."""

    def __init__(self, house: House, rooms: Rooms) -> None:
        self._house = house
        self._rooms = rooms

    async def opened(self, space: SpaceRow) -> None:
        """Tell a room that has just opened."""
        room = self._rooms.by_id(space.id)
        if room is not None:
            await self.tell(room)

    async def ended(self, space: SpaceRow) -> None:
        """Do nothing: the room is gone."""

    async def entered(self, room: Room, user_id: int) -> None:
        """Look again: guests may have confirmed since."""
        await self.tell(room)

    async def tell(self, room: Room) -> None:
        """Tell a room of its plan, where it has one."""
        space = room.row
        try:
            found = await self._house.store.read(lambda db: plan_of(db, space))
        except StoreError as error:
            log.warning("space %s: its plan is not read: %s", space.id, error)
            return
        if found is not None:
            room.talk.conversation.plan(found.ends_at, found.guests, found.unconfirmed)


def plan_of(db: Database, space: SpaceRow) -> Planned | None:
    """Return what the plan of a Space says, or None where there was none.

    A Space that opened after its planned end gets its whole length.
    """
    plan = None if space.plan_id is None else records.get(db, space.plan_id)
    if plan is None:
        return None
    guests = errand_records.guests(db, plan.id)
    late = plan.ends_at <= space.opened_at
    return Planned(
        space.opened_at + 60 * plan.minutes if late else plan.ends_at,
        frozenset(one.user_id for one in confirmed(plan, guests)),
        frozenset(one.user_id for one in unconfirmed(plan, guests)),
    )
