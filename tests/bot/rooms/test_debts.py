"""The mutes that the bot owes an undoing."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace

import discord
import pytest

from bot.clock import ManualClock
from bot.rooms.debts import Debts
from moderation.store import mutes
from moderation.store.database import Store

GUILD, ANA = 10, 2


@dataclass
class Response:
    """What discord.py's errors are made from."""

    status: int = 400
    reason: str = "Bad Request"


@dataclass
class Member:
    """Somebody whose server mute can be edited, or not yet."""

    id: int = ANA
    refuse: int | None = None
    guild: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(id=GUILD))
    edits: list[bool] = field(default_factory=list)

    async def edit(self, *, mute, reason):
        """Take a server mute, or refuse with a code of Discord's."""
        assert reason
        if self.refuse is not None:
            raise discord.HTTPException(Response(), {"code": self.refuse})
        self.edits.append(mute)


def scene(play, *, owed=True):
    """Run ``play`` over a ledger that was loaded from the record."""

    async def main():
        async with Store(":memory:") as store:
            if owed:
                await store.write(lambda db: mutes.owe(db, GUILD, ANA, 1, 100.0))
            house = SimpleNamespace(store=store, clock=ManualClock(200.0))
            debts = Debts(house)
            await debts.load()
            await play(debts)
            return await store.read(lambda db: mutes.owed(db, GUILD))

    return asyncio.run(main())


def test_a_debt_of_an_earlier_process_is_paid_at_the_next_join():
    """Who was muted by us and left is unmuted when they come back to any channel."""
    ana = Member()

    async def play(debts):
        await debts.seen(ana, muted=True, in_room=False)

    assert scene(play) == []
    assert ana.edits == [False]


def test_a_mute_without_a_row_is_never_touched():
    """A moderator's own mute is theirs."""
    ana = Member()

    async def play(debts):
        await debts.seen(ana, muted=True, in_room=False)

    scene(play, owed=False)

    assert ana.edits == []


def test_a_live_room_pays_its_own():
    """In a Space's channel the rules say who is muted."""
    ana = Member()

    async def play(debts):
        await debts.seen(ana, muted=True, in_room=True)

    assert len(scene(play)) == 1
    assert ana.edits == []


@pytest.mark.parametrize("code", [40032, 50013])
def test_what_discord_refuses_stays_owed(code):
    """Gone again, or not permitted: the debt waits for the next join."""
    ana = Member(refuse=code)

    async def play(debts):
        await debts.seen(ana, muted=True, in_room=False)

    assert len(scene(play)) == 1


def test_a_mute_that_somebody_else_has_lifted_is_struck_out():
    """There is nothing to undo where nobody is muted."""
    ana = Member()

    async def play(debts):
        await debts.seen(ana, muted=False, in_room=False)

    assert scene(play) == []
    assert ana.edits == []


def test_the_row_is_there_before_the_mute():
    """A crash between the row and the call leaves a debt, never a forgotten mute."""

    async def play(debts):
        await debts.owe(GUILD, ANA, 1)

    assert [row.user_id for row in scene(play, owed=False)] == [ANA]
