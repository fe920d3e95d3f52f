"""The encryption group when its messages come in odd orders, twice, or never."""

import asyncio
import json
from types import SimpleNamespace

import pytest

from bot.rehearsal.sfu.delivery import Delivery
from bot.rehearsal.sfu.mls import ExternalSender
from bot.rehearsal.sfu.opcodes import Op
from bot.voice import gateway, handshake, reception
from bot.voice.circuit import Circuit, Roster
from bot.voice.dave import DaveStatus, Failure, open_frame
from bot.voice.group import DaveGroup
from tests.benchmarks.crowd import group
from tests.bot.voice.room import (
    ANA,
    BEA,
    BOT,
    CID,
    QUIET,
    Channel,
    frames,
    opened,
    until,
)

COMMIT = b"\x00\x01\x1d\x00\x07no commit"
WELCOME = b"\x00\x01\x1e\x00\x07no welcome"


@pytest.fixture
def invalid(monkeypatch):
    """Keep who asked to be added to the group anew (op 31)."""
    asked = []
    answer = Delivery.invalid

    def note(delivery, user_id):
        asked.append(user_id)
        return answer(delivery, user_id)

    monkeypatch.setattr(Delivery, "invalid", note)
    return asked


def test_commits_that_cannot_be_processed_in_a_row(invalid):
    """One op 31 answers them all: each more would cost another epoch for everybody."""
    sound = frames(6)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            epoch = room.server.epoch
            for message in [COMMIT] * 20 + [WELCOME] * 20:
                room.server.inject(BOT, message)
            await until(lambda: room.server.epoch > epoch)
            await room.server.settle()
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert invalid == [BOT]
    assert room.hearing.spoken(ANA) == sound


def test_a_commit_while_we_wait_for_the_welcome(invalid):
    """It is about a group that we are not in: nothing to recover."""
    sound = frames(6)

    async def scene():
        async with opened(dave=True) as room:
            room.server.inject(BOT, COMMIT)
            await until(lambda: room.link.snapshot().dropped.get("commit"))
            await room.arrive(ANA)
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert invalid == []
    assert room.hearing.spoken(ANA) == sound


def test_the_external_sender_comes_before_its_epoch(monkeypatch):
    """A session in a group refuses it, and the next one would believe nobody."""
    sound = frames(6)
    start_over = Delivery._start_over

    def oddly(delivery):
        delivery._sender = delivery._group._sender = ExternalSender()
        sent = start_over(delivery)
        return sorted(
            sent, key=lambda one: one.user_id == BOT and one.op != Op.EXTERNAL_SENDER
        )

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            monkeypatch.setattr(Delivery, "_start_over", oddly)
            await room.server.set_dave(False)
            await room.server.settle()
            await room.server.set_dave(True)
            await room.server.settle()
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound
    assert room.link.snapshot().dropped == {}


def test_our_key_package_gets_lost(monkeypatch, invalid):
    """Nobody would ever add us; after a while we ask again."""
    monkeypatch.setattr(reception, "GROUP_S", 0.3)
    offered, lost = Delivery.offered, []

    def lossy(delivery, user_id, raw):
        if user_id == BOT and not lost:
            lost.append(raw)
            return []
        return offered(delivery, user_id, raw)

    monkeypatch.setattr(Delivery, "offered", lossy)
    sound = frames(150)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA], settled=False) as room:
            speech = asyncio.create_task(room.server.speak(ANA, sound))
            await until(lambda: sound[-1] in room.hearing.spoken(ANA))
            await speech
            return room

    room = asyncio.run(scene())

    assert invalid == [BOT]
    assert room.link.snapshot().recoveries == 1


def test_transitions_in_odd_orders():
    """Executed before it is prepared, prepared twice, executed twice, never meant."""
    sound = frames(6)
    odd = [
        (22, {"transition_id": 900}),
        (21, {"transition_id": 900, "protocol_version": 1}),
        (21, {"transition_id": 900, "protocol_version": 1}),
        (24, {"epoch": 7, "protocol_version": 1}),
        (22, {"transition_id": 900}),
        (22, {"transition_id": 900}),
        (21, {"transition_id": 901, "protocol_version": 0}),
    ]

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            for op, data in odd:
                room.server.inject(BOT, json.dumps({"op": op, "d": data}))
            await room.arrive(BEA)
            await room.say(BEA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(BEA) == sound
    assert room.link.snapshot().dave_version == 1
    assert room.link.snapshot().connects == 1


def test_two_members_rejoin_at_once():
    """Two removals and two additions, while a third one speaks and is not lost."""
    sound, after = frames(60), frames(6, seed=2)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA, CID]) as room:
            speech = asyncio.create_task(room.say(CID, sound))
            await until(lambda: len(room.hearing.spoken(CID)) > 5)
            for user_id in (ANA, BEA):
                await room.server.remove_member(user_id)
            for user_id in (BEA, ANA):
                await room.server.add_member(user_id)
            await room.server.settle()
            await speech
            await asyncio.gather(room.say(ANA, after), room.say(BEA, after))
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(CID) == sound
    assert room.hearing.spoken(ANA) == room.hearing.spoken(BEA) == after


def test_the_bot_is_moved_in_the_middle_of_a_transition(monkeypatch):
    """What was never executed there is not waited for here."""
    sound = frames(6)
    execute = Delivery._execute_ready

    def forgetful(delivery):
        return [one for one in execute(delivery) if one.user_id != BOT]

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            monkeypatch.setattr(Delivery, "_execute_ready", forgetful)
            await room.arrive(BEA)
            await room.say(BEA, sound)
            monkeypatch.setattr(Delivery, "_execute_ready", execute)
            other = await room.guild.open(99, dave=True, faults=QUIET)
            await other.server.add_member(CID)
            await room.guild.drag(other)
            await until(lambda: room.link.snapshot().connects == 2)
            room.server = other.server
            await room.arrive(CID)
            await room.say(CID, sound)
            return room, room.client._connection.dave_pending_transitions

    room, pending = asyncio.run(scene())

    assert room.hearing.spoken(BEA) == room.hearing.spoken(CID) == sound
    assert pending == {}


@pytest.mark.parametrize("told", [True, False], ids=["op 13", "between sessions"])
def test_whoever_left_is_not_admitted_again_unseen(told, monkeypatch):
    """A server that proposes somebody who is gone is refused.

    We see them leave, or find them gone when we come back with another session.
    """

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            roster = room.client._connection.circuit.roster
            before = roster.expected()
            if not told:
                await room.server.kick(BOT, 4009)
            await room.server.remove_member(ANA)
            if not told:
                await until(lambda: room.link.snapshot().connects == 2)
            await until(lambda: room.server.settled)
            honest = room.link.snapshot().dropped
            monkeypatch.setattr(
                Channel, "voice_states", property(lambda _: {BOT: None})
            )
            room.server._channel._announce = lambda _: None
            await room.server.add_member(ANA)
            await until(lambda: room.link.snapshot().dropped.get("proposals"))
            return before, honest

    before, honest = asyncio.run(scene())

    assert before == [ANA, BOT]
    assert honest == {}


def test_a_server_slips_somebody_in(invalid, monkeypatch):
    """We refuse; where the others do not, they are named, and nobody goes unheard."""
    monkeypatch.setattr(gateway, "INTRODUCED_S", 0.3)
    sound = frames(6)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            honest = room.link.snapshot().uninvited
            monkeypatch.setattr(
                Channel, "voice_states", property(lambda _: {BOT: None, ANA: None})
            )
            room.server._channel._announce = lambda _: None
            await room.server.add_member(CID)
            await until(lambda: room.link.snapshot().uninvited)
            await room.server.settle()
            await room.say(ANA, sound)
            uninvited = room.link.snapshot().uninvited
            await room.server.remove_member(CID)
            await until(lambda: not room.link.snapshot().uninvited)
            return room, honest, uninvited

    room, honest, uninvited = asyncio.run(scene())

    assert (honest, uninvited) == ((), (CID,))
    assert room.link.snapshot().dropped["proposals"] == 1
    assert invalid == [BOT]
    assert room.hearing.spoken(ANA) == sound


class Present:
    """A group and a roster that the test fills, in one connection."""

    def __init__(self):
        self.members, self.on_main = set(), [BOT]
        roster = Roster(BOT, lambda: self.on_main)
        group = SimpleNamespace(members=lambda: self.members)
        self.circuit = Circuit(group, None, roster)

    def look(self, meanwhile):
        """Look when an epoch is entered, and again when all had their time."""
        before = self.circuit.strangers()
        meanwhile()
        self.circuit.still_strangers(before)
        return self.circuit.uninvited


@pytest.mark.parametrize("told", ["op 11", "main gateway"])
def test_an_introduction_follows_the_epoch(told):
    """Either gateway's word is enough, and it may be late."""
    present = Present()
    present.members = {BOT, ANA}

    def introduce():
        if told == "op 11":
            present.circuit.roster.joined([ANA])
        else:
            present.on_main.append(ANA)

    assert present.look(introduce) == []


def test_somebody_leaves_when_we_look_again():
    """Until a commit removes them they are in the group, and no stranger."""
    present = Present()
    present.members = {BOT, ANA}
    present.circuit.roster.joined([ANA])

    assert present.look(lambda: present.circuit.roster.left(ANA)) == []


def test_a_stranger_is_introduced_in_the_end():
    """They are named until then."""
    present = Present()
    present.members = {BOT, ANA, BEA}
    present.circuit.roster.joined([ANA])

    before = present.look(lambda: None)
    present.circuit.roster.joined([BEA])

    assert (before, present.circuit.uninvited) == ([BEA], [])


def test_a_plain_frame_before_the_downgrade_is_executed():
    """Others may be told of it first: what they send since is sound all the same."""
    session, _ = group(3)
    state = SimpleNamespace(
        dave_session=session,
        dave_protocol_version=1,
        dave_pending_transitions={},
        dave_downgraded=False,
    )
    ours = DaveGroup(state, lambda _: None)
    status, (plain,) = DaveStatus(session, 1, 1), frames(1)
    before = open_frame(status, 1, plain)

    assert ours.prepare(5, 0)

    assert (before, open_frame(status, 1, plain)) == (Failure.UNENCRYPTED, plain)


def test_transitions_that_are_never_executed():
    """The oldest are forgotten: a server cannot fill the memory with them."""
    state = SimpleNamespace(
        dave_session=None, dave_protocol_version=1, dave_pending_transitions={}
    )
    ours = DaveGroup(state, lambda _: None)

    for number in range(1, 200):
        ours.prepare(number, 1)

    assert list(state.dave_pending_transitions) == list(range(136, 200))


def test_a_former_session_is_let_go(monkeypatch):
    """After a recovery it opens for a while; its keys are not kept for good."""
    monkeypatch.setattr(handshake, "FORMER_S", 0.1)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            ours, published = room.client._connection.circuit.group, []
            monkeypatch.setattr(ours, "_publish", published.append)
            await room.client.recover()
            await until(lambda: [s for s in published if s.former is not None])
            await until(lambda: published[-1].former is None)

    asyncio.run(scene())
