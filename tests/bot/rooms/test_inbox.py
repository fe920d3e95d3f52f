"""The one way into a Space: order, journal before effects, timers."""

import asyncio

import pytest

from bot.clock import ManualClock
from bot.rooms.inbox import Inbox
from moderation.effects import Effect, Tell
from moderation.events import (
    HandRaised,
    MemberJoined,
    NextCalled,
    QueueClosed,
    SpaceOpened,
    from_row,
)
from moderation.refused import Refused
from moderation.settings import RoomKind, SpaceSettings
from moderation.space import Space
from moderation.store import journal, spaces
from moderation.store.database import Store, StoreError
from moderation.store.spaces import NewSpace

HOST, ANA = 1, 2
OPENED = SpaceOpened(1, 10, 20, RoomKind.STAGE, HOST, "Seeds", SpaceSettings())
NEW = NewSpace(
    guild_id=10, channel_id=20, host_id=HOST, kind="stage", topic="x", opened_at=100.0
)


class CountingStore(Store):
    """A store that counts what is committed."""

    written = 0

    async def write(self, run):
        """Write and count."""
        result = await super().write(run)
        self.written += 1
        return result


class Desk:
    """An inbox over a record in memory, and what came out of it."""

    def __init__(self, store, clock, row):
        self.store = store
        self.done: list[tuple[Effect, int]] = []
        self.inbox = Inbox(
            row, Space(), store, clock, perform=self.perform, replay=self.replay
        )

    def perform(self, effects, _shown_to):
        """Keep effects, each with the number of writes that were done by then."""
        self.done += [(effect, self.store.written) for effect in effects]

    async def replay(self):
        """Build the Space again from the journal."""
        rows = await self.journal()
        return Space.replay((row.at, row.name, row.body) for row in rows)

    async def journal(self):
        """Return every row."""
        return await self.store.read(lambda db: journal.read(db, 1))


def scene(play, *, store=None, clock=None):
    """Run ``play`` over an open inbox with host and Ana in the room."""

    async def main():
        async with store or CountingStore(":memory:") as opened:
            space_id = await opened.write(lambda db: spaces.create(db, NEW))
            row = await opened.write(lambda db: spaces.get(db, space_id))
            desk = Desk(opened, clock or ManualClock(100.0), row)
            desk.inbox.start()
            for event in (OPENED, MemberJoined(HOST), MemberJoined(ANA)):
                await desk.inbox.tell(event)
            try:
                return await play(desk)
            finally:
                await desk.inbox.stop()

    return asyncio.run(main())


def test_a_fact_is_a_row_and_then_its_effects():
    """What is kept is what was handed in, in order; then effects run."""

    async def play(desk):
        before = desk.store.written
        effects = await desk.inbox.tell(HandRaised(ANA))
        return effects, desk.done[-len(effects) :], before, await desk.journal()

    effects, done, before, rows = scene(play)

    kept = [from_row(row.name, row.body) for row in rows]
    assert kept == [OPENED, MemberJoined(HOST), MemberJoined(ANA), HandRaised(ANA)]
    assert done == [(effect, before + 1) for effect in effects]
    assert any(isinstance(effect, Tell) for effect in effects)


def test_a_refusal_leaves_no_trace():
    """Who may not is told so, and neither journal nor Space knows of it."""

    async def play(desk):
        before = await desk.journal()
        with pytest.raises(Refused) as refused:
            await desk.inbox.tell(NextCalled(ANA))
        return refused.value.key, before, await desk.journal()

    key, before, after = scene(play)

    assert key == "right.missing"
    assert before == after


def test_a_fact_that_cannot_be_kept_did_not_happen():
    """When the record refuses, the Space is as the journal says, and nothing runs."""

    class FullStore(CountingStore):
        """A store whose disk is full from some point on."""

        full = False

        async def write(self, run):
            if self.full:
                raise StoreError("the disk is full")
            return await super().write(run)

        async def read(self, run):
            return await super().write(run)

    store = FullStore(":memory:")

    async def play(desk):
        effects_before = len(desk.done)
        store.full = True
        with pytest.raises(StoreError):
            await desk.inbox.tell(QueueClosed(HOST))
        store.full = False
        return desk.inbox.space.view(100.0).queue_open, len(desk.done) - effects_before

    queue_open, effects = scene(play, store=store)

    assert queue_open
    assert effects == 0


def test_timers_are_facts_too():
    """An invitation that nobody answers runs out, and the journal says so."""
    clock = ManualClock(100.0)

    async def play(desk):
        await desk.inbox.tell(HandRaised(ANA))
        await desk.inbox.tell(NextCalled(HOST))
        clock.advance(3600.0)
        await desk.inbox.tell(QueueClosed(HOST))  # any fact sets the timer anew
        names = []
        while "InvitationExpired" not in names:
            await asyncio.sleep(0)
            names = [row.name for row in await desk.journal()]
        return names

    names = scene(play, clock=clock)

    assert names.count("InvitationExpired") == 1


def test_after_the_end_nothing_is_taken():
    """What still waits when the room closes is answered, not left hanging."""

    async def play(desk):
        await desk.inbox.stop()
        with pytest.raises(Refused) as refused:
            await desk.inbox.tell(HandRaised(ANA))
        return refused.value.key

    assert scene(play) == "space.ended"
