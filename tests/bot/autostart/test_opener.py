"""What a Space has of its plan, once, also where a crash came in between."""

import asyncio
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest

from bot.autostart.opener import SpaceOpener
from moderation.events import AgendaItemAdded, CohostAdded, CohostRemoved, to_row
from moderation.refused import Refused
from moderation.store import journal, spaces
from moderation.store.database import Store
from moderation.store.spaces import NewSpace
from scheduler.clockwork import records
from scheduler.clockwork.outbound import LaterError
from tests.bot.autostart.story import ANA, BEN, EVA, HOST, PLAN, START

PREPARED = replace(
    PLAN, agenda=("10 min Welcome", "Seeds", "Close"), cohost_ids=(ANA, BEN)
)
SPACE = NewSpace(
    guild_id=1,
    channel_id=2,
    host_id=ANA,
    kind="stage",
    topic="Tea",
    opened_at=START,
    plan_id=1,
)


@dataclass
class Room:
    """A live room that keeps what it is told; it refuses what is in ``no``."""

    store: Store
    row: object
    here: set = field(default_factory=set)
    no: tuple = ()
    told: list = field(default_factory=list)

    @property
    def space_id(self):
        return self.row.id

    @property
    def venue(self):
        return SimpleNamespace(states=lambda: dict.fromkeys(self.here))

    @property
    def space(self):
        hosting = SimpleNamespace(host_id=self.row.host_id)
        return SimpleNamespace(state=SimpleNamespace(hosting=hosting))

    async def tell(self, event, shown_to=None):
        if isinstance(event, self.no):
            raise Refused("floor.full")
        self.told.append(event)
        name, body = to_row(event)
        await self.store.write(
            lambda db: journal.append(db, self.row.id, START, name, body)
        )
        return []


def prepared(play, here=(), no=(), space=SPACE):
    async def main():
        async with Store(":memory:") as store:
            await store.write(lambda db: records.keep(db, PREPARED))
            space_id = await store.write(lambda db: spaces.create(db, space))
            row = await store.read(lambda db: spaces.get(db, space_id))
            room = Room(store, row, set(here), no)
            house, rooms = SimpleNamespace(store=store), {row.id: room}
            await play(SpaceOpener(house, SimpleNamespace(by_id=rooms.get)), room)
            return room.told

    return asyncio.run(main())


ITEMS = [
    AgendaItemAdded(ANA, "Welcome", 10.0),
    AgendaItemAdded(ANA, "Seeds"),
    AgendaItemAdded(ANA, "Close"),
]


def test_agenda_and_cohosts_are_the_plans():
    """In the plan's order; the planned host whose Space somebody opened, too."""

    async def play(opener, room):
        await opener.opened(room.row)

    told = prepared(play, here={HOST, ANA, EVA})

    assert told == [*ITEMS, CohostAdded(ANA, HOST)]


def test_the_next_process_does_the_rest_of_it():
    """A kill after the first item: no item twice, none left out."""

    async def play(opener, room):
        await room.tell(ITEMS[0])
        await opener.prepare(room)
        await opener.prepare(room)

    assert prepared(play, here={BEN}) == [*ITEMS, CohostAdded(ANA, BEN)]


def test_who_comes_in_later_is_made_cohost_once():
    """What the host has changed since then stands, also after a restart."""

    async def play(opener, room):
        for user_id in (EVA, BEN, BEN):
            await opener.entered(room, user_id)
        await room.tell(CohostRemoved(ANA, BEN))
        await opener.entered(room, BEN)
        await opener.entered(room, ANA)

    told = prepared(play)

    assert told == [CohostAdded(ANA, BEN), CohostRemoved(ANA, BEN)]


def test_what_the_room_refuses_keeps_nothing_else_back():
    """A floor without a free seat takes no co-host; the agenda is there."""

    async def play(opener, room):
        await opener.opened(room.row)

    assert prepared(play, here={HOST, BEN}, no=(CohostAdded,)) == ITEMS


def test_a_space_without_a_plan_is_left_alone():
    """Quick starts have the topic that was typed and nothing else."""

    async def play(opener, room):
        await opener.opened(room.row)
        await opener.entered(room, BEN)

    assert prepared(play, here={BEN}, space=replace(SPACE, plan_id=None)) == []


def test_in_a_guild_that_discord_has_trouble_with_nobody_is_absent():
    """Who is there cannot be seen: the plan waits instead of being called off."""
    client = SimpleNamespace(
        get_guild=lambda _: SimpleNamespace(unavailable=True),
        get_channel=lambda _: None,
    )
    opener = SpaceOpener(SimpleNamespace(client=client), None)

    with pytest.raises(LaterError):
        opener.present(PLAN)
