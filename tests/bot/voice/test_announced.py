"""What Discord's word that somebody speaks is worth, on real sockets and discord.py."""

import asyncio
import json
from types import SimpleNamespace

import pytest

from bot.rehearsal.sfu.opcodes import Op
from bot.rehearsal.sfu.udp import UdpPort
from bot.voice import announced, receiver, ssrc
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


def looks(room):
    """Return how often the receiver has shown itself: more than once a second."""
    return room.link.snapshot().taken_at


@pytest.mark.parametrize("dave", [False, True], ids=["stage", "voice"])
def test_who_was_heard_is_silent_after_a_reconnect(dave):
    """The server introduces them to the new session: that is no reason to worry."""

    async def scene():
        async with opened(dave=dave, present=[ANA, BEA]) as room:
            await room.say(ANA, frames(6))
            await reconnected(room)
            since = looks(room)
            await until(lambda: looks(room) > since + 2.0)
            return room, room.server._channel.clients[BOT].introduced

    room, introduced = asyncio.run(scene())

    assert introduced
    assert room.unheard == []
    assert room.link.snapshot().unheard == ()


def test_who_was_heard_is_unheard_after_a_reconnect(monkeypatch):
    """The hosts are told within 10 s; of who is heard again, they are not."""
    monkeypatch.setattr(announced, "OPENING_S", 0.5)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            await room.say(ANA, frames(6, seed=1))
            await room.say(BEA, frames(6, seed=2))
            await reconnected(room)
            await room.server.settle()
            await room.say(BEA, frames(6, seed=3))
            since = looks(room)
            await until(lambda: looks(room) > since + 1.0)
            await announce(room, ANA)
            await announce(room, BEA)
            await until(lambda: room.unheard)
            return room

    room = asyncio.run(scene())

    assert [(one.user_id, one.reason) for one in room.unheard] == [
        (ANA, UnheardReason.NO_PACKETS)
    ]


@pytest.mark.parametrize("dave", [False, True], ids=["stage", "voice"])
def test_the_sound_goes_elsewhere_and_keepalives_are_answered(dave, monkeypatch):
    """Another session is begun, once, and everybody is heard in it."""
    monkeypatch.setattr(announced, "OPENING_S", 0.0)
    before, after = frames(6, seed=1), frames(6, seed=2)
    lost = []

    async def scene():
        async with opened(dave=dave, present=[ANA, BEA, CID]) as room:
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


@pytest.mark.parametrize("how", ["mute", "suppress", "deaf"])
def test_who_may_not_be_heard_is_said_to_speak(how, monkeypatch):
    """No packet of theirs is forwarded: nothing is wrong, and nothing is told."""
    monkeypatch.setattr(announced, "OPENING_S", 0.0)
    none = dict.fromkeys(("mute", "suppress", "deaf"), False)
    state = SimpleNamespace(**none | {how: True})
    states = property(lambda self: dict.fromkeys(self.server.occupants, state))

    async def scene():
        async with opened(dave=False, present=[ANA, BEA]) as room:
            monkeypatch.setattr(Channel, "voice_states", states)
            await announce(room, ANA)
            await announce(room, BEA)
            since = looks(room)
            await until(lambda: looks(room) > since + 2.0)
            return room

    room = asyncio.run(scene())

    assert room.unheard == []
    assert room.link.snapshot().connects == 1


def test_the_bot_itself_is_said_to_speak(monkeypatch):
    """Nobody is sent their own sound: nothing is wrong, and nothing is told."""
    monkeypatch.setattr(announced, "OPENING_S", 0.0)
    monkeypatch.setattr(announced, "LONE_S", 0.5)

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            await announce(room, BOT, ssrc=4711)
            since = looks(room)
            await until(lambda: looks(room) > since + 2.0)
            return room

    room = asyncio.run(scene())

    assert room.unheard == []
    assert room.link.snapshot().connects == 1


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
            await until(lambda: len(room.hearing.spoken(ANA)) >= 12, timeout_s=5)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound + sound
