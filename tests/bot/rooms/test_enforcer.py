"""How plans are run: order, debts, refusals, retries."""

import asyncio
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from bot.clock import ManualClock
from bot.rooms import enforcer as enforcer_module
from bot.rooms.debts import Debts
from bot.rooms.enforcer import Enforcer
from moderation.events import (
    Answer,
    InvitationAnswered,
    Invited,
    MemberJoined,
    SpaceOpened,
)
from moderation.pace import KEPT, PER_WINDOW
from moderation.settings import RoomKind, SpaceSettings
from moderation.space import Space
from moderation.store import mutes
from moderation.store.database import Store, StoreError

GUILD, CHANNEL, HOST, ANA, LUIS = 10, 20, 1, 2, 3


class Channel:
    """A voice channel in which the bot may mute, or not."""

    id = CHANNEL
    guild = SimpleNamespace(me=None)

    def __init__(self, *, may_mute):
        self._may_mute = may_mute

    def permissions_for(self, _who):
        return discord.Permissions(mute_members=self._may_mute)


class Venue:
    """The room's people and what was asked of Discord about them."""

    kind = RoomKind.VOICE

    lags = False
    """What is done does not show."""

    def __init__(self, people, *, may_mute=True, refuse=None, forbid=()):
        self.channel = Channel(may_mute=may_mute)
        self.muted = dict.fromkeys(people, False)
        self.calls = []
        self._refuse = dict(refuse or {})
        self._forbid = set(forbid)

    def states(self):
        return {
            user: SimpleNamespace(mute=on, suppress=False, requested_to_speak_at=None)
            for user, on in self.muted.items()
        }

    async def mute(self, user_id, on):
        self.calls.append((user_id, on))
        if user_id in self._forbid:
            self._forbid.discard(user_id)
            answer = SimpleNamespace(status=403, reason="no")
            raise discord.Forbidden(answer, {"code": 50013, "message": "no"})
        code = self._refuse.pop(user_id, None)
        if isinstance(code, Exception):
            raise code
        if code is not None:
            answer = SimpleNamespace(status=400, reason="no")
            raise discord.HTTPException(answer, {"code": code, "message": "no"})
        if not self.lags:
            self.muted[user_id] = on


class Room:
    """As much of a room as the enforcer needs."""

    space_id, guild_id = 1, GUILD

    def __init__(self, house, venue, speaking=()):
        self.house = house
        self.debts = Debts(house)
        self.venue = venue
        self.ears = SimpleNamespace(speaking=set(speaking), cut=lambda _: None)
        self.told = []
        self.space = Space()
        opened = SpaceOpened(
            1, GUILD, CHANNEL, RoomKind.VOICE, HOST, "x", SpaceSettings()
        )
        for event in (opened, *(MemberJoined(user) for user in (HOST, ANA, LUIS))):
            self.space.handle(event, 100.0)

    def give_floor(self, user_id):
        self.space.handle(Invited(HOST, user_id), 100.0)
        self.space.handle(InvitationAnswered(user_id, Answer.ACCEPTED), 100.0)

    def perform(self, effects):
        self.told += [effect.key for effect in effects]

    def touch(self):
        """Nothing is shown here."""


def scene(play, venue, **room):
    """Run ``play`` with an enforcer at work, over a record in memory."""

    async def main():
        async with Store(":memory:") as store:
            house = SimpleNamespace(store=store, clock=ManualClock(100.0))
            at = Room(house, venue, **room)
            enforcer = Enforcer(at)
            enforcer.start()
            enforcer.wake()
            try:
                await play(at, enforcer)
            finally:
                await enforcer.stop()
            return at, [row.user_id for row in await store.read(mutes.owed)]

    return asyncio.run(main())


async def calls(room, count):
    """Wait for so many calls."""
    async with asyncio.timeout(30):
        while len(room.venue.calls) < count:  # noqa: ASYNC110 (the fake has no event)
            await asyncio.sleep(0)
    await asyncio.sleep(0.01)


def test_who_speaks_without_the_floor_is_muted_first():
    """A voice that should not be heard is more urgent than order among the silent."""

    async def play(room, _):
        await calls(room, 2)

    room, owed = scene(play, Venue([HOST, ANA, LUIS]), speaking=[LUIS])

    assert room.venue.calls == [(LUIS, True), (ANA, True)]
    assert sorted(owed) == [ANA, LUIS]


@pytest.mark.parametrize(
    "fault", [0, OSError("no route"), aiohttp.ServerDisconnectedError()]
)
def test_a_call_that_discord_refuses_or_never_sees_is_tried_again(fault):
    """One failure does not hold the others up, and is not the last word."""
    venue = Venue([ANA, LUIS], refuse={ANA: fault})

    async def play(room, enforcer):
        await calls(room, 2)
        room.house.clock.advance(10.0)
        enforcer.wake()
        await calls(room, 3)

    room, owed = scene(play, venue)

    assert room.venue.muted == {ANA: True, LUIS: True}
    assert sorted(owed) == [ANA, LUIS]


def test_a_debt_that_cannot_be_written_down_is_not_made_and_tried_again(monkeypatch):
    """A full disk mutes nobody for ever: first the row, then the mute."""
    owe, full = Debts.owe, [StoreError("disk full")]

    async def refused(self, *about):
        if full:
            raise full.pop()
        await owe(self, *about)

    monkeypatch.setattr(Debts, "owe", refused)

    async def play(room, enforcer):
        await calls(room, 1)
        room.house.clock.advance(10.0)
        enforcer.wake()
        await calls(room, 2)

    room, owed = scene(play, Venue([ANA, LUIS]))

    assert room.venue.muted == {ANA: True, LUIS: True}
    assert sorted(owed) == [ANA, LUIS]


def test_what_cannot_be_done_is_told_once():
    """Without the permission nothing is tried, and the hosts are told its name."""

    async def play(_, enforcer):
        for _ in range(3):
            enforcer.wake()
            await asyncio.sleep(0.01)

    room, owed = scene(play, Venue([ANA, LUIS], may_mute=False))

    assert room.venue.calls == []
    assert room.told == ["enforce.lacking"]
    assert owed == []


def test_a_permission_that_is_given_back_is_used_unasked(monkeypatch):
    """Nobody has to move for it; the hosts were told once."""
    monkeypatch.setattr(enforcer_module, "RETRY_S", 0.01)
    venue = Venue([ANA, LUIS], may_mute=False)

    async def play(room, enforcer):
        async with asyncio.timeout(30):
            while not room.told:  # noqa: ASYNC110 (the fake has no event)
                await asyncio.sleep(0)
        venue.channel = Channel(may_mute=True)
        await calls(room, 2)
        assert enforcer.troubles.now.lacking == ()

    room, owed = scene(play, venue)

    assert room.told == ["enforce.lacking"]
    assert owed == [ANA, LUIS]


def test_whom_discord_protects_is_told_and_tried_again():
    """An owner, say: the hosts know at once, and know no more once it worked."""
    venue = Venue([ANA], forbid={ANA})

    async def play(room, enforcer):
        await calls(room, 1)
        assert enforcer.troubles.now.unreachable == (ANA,)
        room.house.clock.advance(10.0)
        enforcer.wake()
        await calls(room, 2)
        assert enforcer.troubles.now.unreachable == ()

    room, owed = scene(play, venue)

    assert room.told == ["enforce.unreachable"]
    assert owed == [ANA]


def test_our_own_mute_just_lifted_is_no_moderators():
    """Discord's event comes after its answer; until then the old state is shown."""
    venue = Venue([HOST, ANA])

    async def play(room, enforcer):
        await calls(room, 1)
        room.give_floor(ANA)
        venue.lags = True
        room.house.clock.advance(10.0)
        enforcer.wake()
        await calls(room, 2)
        assert enforcer.troubles.now.foreign == ()
        room.house.clock.advance(10.0)
        enforcer.wake()
        await asyncio.sleep(0.01)

    room, _ = scene(play, venue)

    assert room.told == ["enforce.foreign", "enforce.foreign_told"]


def test_at_the_end_everybody_we_muted_is_unmuted():
    """What the room did is undone by the room; a moderator's mute stays."""
    venue = Venue([ANA, LUIS])

    async def play(room, enforcer):
        await calls(room, 2)
        room.venue.muted[HOST] = True  # by a moderator
        await enforcer.release()

    room, owed = scene(play, venue)

    assert room.venue.muted == {ANA: False, LUIS: False, HOST: True}
    assert owed == []


def test_tidying_up_leaves_room_for_who_speaks():
    """A hundred silent listeners must not use Discord's bucket up."""
    crowd = range(10, 30)
    spared = PER_WINDOW - KEPT

    async def play(room, enforcer):
        await calls(room, spared)
        room.ears.speaking.add(29)
        enforcer.wake((29,))
        await calls(room, spared + 1)

    room, _ = scene(play, Venue(crowd))

    assert [user for user, _ in room.venue.calls] == [*crowd[:spared], 29]


def test_spaces_of_one_guild_share_its_pace():
    """Discord counts changes of members per guild, not per room."""
    debts = Debts(SimpleNamespace())

    assert debts.pace(GUILD) is debts.pace(GUILD)
    assert debts.pace(GUILD) is not debts.pace(GUILD + 1)
