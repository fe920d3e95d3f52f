"""What Discord's word that somebody speaks is worth, on real sockets and discord.py."""

import asyncio
import json
from types import SimpleNamespace

import pytest

from bot.rehearsal.sfu.opcodes import Op
from bot.rehearsal.sfu.udp import UdpPort
from bot.voice import announced, receiver, ssrc
from bot.voice.handshake import Handshake
from bot.voice.listener import LinkState
from media.heard import UnheardReason
from tests.bot.voice.room import ANA, BEA, BOT, CID, Channel, frames, opened, until

pytestmark = pytest.mark.long


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Look ten times as often as a room does, and wait for a tenth of the time."""
    monkeypatch.setattr(receiver, "CHECK_S", 0.1)
    monkeypatch.setattr(announced, "AWAITED_S", 0.8)


async def announce(room, user_id, ssrc=None):
    """Have the server say that somebody speaks, who then sends nothing."""
    if ssrc is None:
        ssrc = room.server._stream(user_id).ssrc
    said = {"user_id": str(user_id), "ssrc": ssrc, "speaking": 1}
    room.server.inject(BOT, json.dumps({"op": int(Op.SPEAKING), "d": said}))


async def reconnected(room):
    """Break the session, and wait until another one is open."""
    await room.server.kick(BOT, 4006)
    await until(lambda: room.link.snapshot().connects == 2)
    await until(lambda: room.state is LinkState.CONNECTED)


def state(**said):
    """Return a voice state; what is not said is not so."""
    return SimpleNamespace(**{"mute": False, "suppress": False, "deaf": False} | said)


def looks(room):
    """Return how often the receiver has shown itself: more than once a second."""
    return room.link.snapshot().taken_at


def test_who_was_heard_before_a_reconnect(monkeypatch):
    """The server introduces them to the new session: that is no reason to worry.

    Who speaks later, and does not arrive, is told of; who is heard again, is not.
    """
    monkeypatch.setattr(announced, "OPENING_S", 0.5)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            await room.say(ANA, frames(6, seed=1))
            await room.say(BEA, frames(6, seed=2))
            await reconnected(room)
            await room.server.settle()
            await room.say(BEA, frames(6, seed=3))
            introduced = len(room.server._channel.clients[BOT].introduced)
            since = looks(room)
            await until(lambda: looks(room) > since + 1.5)
            silent = list(room.unheard)
            await announce(room, ANA)
            await announce(room, BEA)
            await until(lambda: room.unheard)
            return room, introduced, silent

    room, introduced, silent = asyncio.run(scene())

    assert introduced == 2
    assert silent == []
    assert [(one.user_id, one.reason) for one in room.unheard] == [
        (ANA, UnheardReason.NO_PACKETS)
    ]


def test_the_sound_goes_elsewhere_and_keepalives_are_answered(monkeypatch):
    """Another session is begun, once, and everybody is heard in it."""
    monkeypatch.setattr(announced, "OPENING_S", 0.0)
    before, after = frames(6, seed=1), frames(6, seed=2)
    lost = []

    async def scene():
        async with opened(dave=True, present=[ANA, BEA, CID]) as room:
            await room.say(ANA, before)
            with monkeypatch.context() as broken:
                broken.setattr(UdpPort, "send", lambda *packet: lost.append(packet))
                await asyncio.gather(
                    *(room.server.speak(who, frames(6)) for who in (BEA, CID))
                )
                await until(lambda: room.link.snapshot().connects == 2)
            await until(lambda: room.state is LinkState.CONNECTED)
            await room.server.settle()
            await room.say(BEA, after)
            since = looks(room)
            await until(lambda: looks(room) > since + 2.0)
            return room

    room = asyncio.run(scene())

    assert lost
    assert room.hearing.spoken(BEA) == after
    assert room.link.snapshot().connects == 2
    assert ("deafened", True) in room.hearing.calls


def test_who_is_not_forwarded_is_said_to_speak(monkeypatch):
    """Nobody is sent their own sound, or that of whoever may not speak."""
    monkeypatch.setattr(announced, "OPENING_S", 0.0)
    monkeypatch.setattr(announced, "LONE_S", 0.5)
    states = {ANA: state(mute=True), BEA: state(suppress=True), BOT: state()}

    async def scene():
        async with opened(dave=False, present=[ANA, BEA]) as room:
            monkeypatch.setattr(Channel, "voice_states", states)
            await announce(room, ANA)
            await announce(room, BEA)
            await announce(room, BOT, ssrc=4711)
            since = looks(room)
            await until(lambda: looks(room) > since + 1.5)
            return room

    room = asyncio.run(scene())

    assert room.unheard == []
    assert room.link.snapshot().connects == 1


@pytest.mark.parametrize(
    ("theirs", "ours", "silenced"),
    [
        ({}, {}, False),
        ({"deaf": True}, {}, False),
        ({"mute": True}, {}, True),
        ({"suppress": True}, {}, True),
        ({}, {"deaf": True}, True),
        ({}, {"mute": True, "suppress": True}, False),
    ],
)
def test_whose_sound_the_server_does_not_send(theirs, ours, silenced):
    """By what the main gateway says of them, and of us."""
    states = {ANA: state(**theirs), BOT: state(**ours)}
    connection = SimpleNamespace(
        voice_client=SimpleNamespace(channel=SimpleNamespace(voice_states=states)),
        user=SimpleNamespace(id=BOT),
    )

    assert Handshake._is_silenced(connection, ANA) is silenced
    assert Handshake._is_silenced(connection, BEA) is ours.get("deaf", False)


def test_somebody_is_said_to_speak_in_no_stream(monkeypatch):
    """0 stands for none: their stream stays theirs."""
    monkeypatch.setattr(ssrc, "WAIT_S", 0.2)
    sound = frames(6)

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            await room.say(ANA, sound)
            await announce(room, ANA, ssrc=0)
            since = looks(room)
            await until(lambda: looks(room) > since + 1.0)
            await room.server.speak(ANA, sound)
            await until(lambda: len(room.hearing.spoken(ANA)) >= 12, 5)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound + sound
