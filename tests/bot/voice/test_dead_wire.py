"""UDP dies and the websocket lives on, on real sockets and real discord.py."""

import asyncio

import pytest

from bot.rehearsal.sfu.udp import UdpPort
from bot.voice import keepalive, receiver
from bot.voice.listener import LinkState
from media.heard import UnheardReason
from tests.bot.voice.room import ANA, BEA, BOT, frames, opened, until

pytestmark = pytest.mark.long


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Ask four times as often as a room does: 10 s become 2.5 s."""
    monkeypatch.setattr(keepalive, "KEEPALIVE_S", 5.0 / 4)
    monkeypatch.setattr(keepalive, "ASK_S", 0.8 / 4)
    monkeypatch.setattr(receiver, "CHECK_S", 1.0 / 4)
    return 10.0 / 4


class Nat:
    """What lies between client and server, and may forget a mapping or change it."""

    def __init__(self, monkeypatch):
        self.forgotten, self.moved = set(), set()
        self.echoes = self.discovers = True
        self._received, self._sent = UdpPort.datagram_received, UdpPort._send
        monkeypatch.setattr(UdpPort, "datagram_received", self._up)
        monkeypatch.setattr(UdpPort, "_send", self._down)

    @property
    def _up(self):
        def up(port, data, address):
            if address not in self.forgotten:
                self._received(port, data, address)

        return up

    @property
    def _down(self):
        def down(port, data, address):
            echo, found = len(data) == 8, data[:4] == b"\x00\x02\x00\x46"
            answers = (self.echoes or not echo) and (self.discovers or not found)
            if address in self.moved:
                answers = echo or found
                data = data[:-1] + bytes((data[-1] ^ 1,)) if found else data
            if address not in self.forgotten and answers:
                self._sent(port, data, address)

        return down


def address(room):
    return room.server._channel.clients[BOT].address


def wire(room):
    return room.link._receiver._reception.keepalive


@pytest.mark.parametrize("echoes", [True, False], ids=["keepalives", "discovery"])
@pytest.mark.parametrize("dave", [False, True], ids=["stage", "voice"])
def test_a_mapping_is_lost_in_a_quiet_room(dave, echoes, quick, monkeypatch):
    """The hosts are told within 10 s, and another session has another wire."""
    nat = Nat(monkeypatch)
    nat.echoes = echoes
    before, after = frames(6, seed=1), frames(6, seed=2)

    async def scene():
        async with opened(dave=dave, present=[ANA, BEA]) as room:
            await room.say(ANA, before)
            await until(lambda: wire(room).answers)
            nat.forgotten.add(address(room))
            await until(lambda: room.unheard, quick + 0.5)
            await until(lambda: room.link.snapshot().connects == 2)
            await until(lambda: room.state is LinkState.CONNECTED)
            await room.server.settle()
            await room.say(ANA, after)
            await until(lambda: not room.link.snapshot().unheard)
            return room

    room = asyncio.run(scene())

    assert [(one.user_id, one.reason) for one in room.unheard] == [
        (0, UnheardReason.LINK_DOWN)
    ]
    assert room.hearing.spoken(ANA) == before + after
    assert ("deafened", True) in room.hearing.calls
    assert room.link.snapshot().dead == 1


def test_a_router_gives_us_another_address(monkeypatch):
    """Keepalives are answered, sound goes to the old one: another session is begun."""
    monkeypatch.setattr(keepalive, "WHERE_S", 1.0)
    nat = Nat(monkeypatch)
    before, after = frames(6, seed=1), frames(6, seed=2)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            await room.say(ANA, before)
            nat.moved.add(address(room))
            await until(lambda: room.link.snapshot().connects == 2)
            await until(lambda: room.state is LinkState.CONNECTED)
            await room.server.settle()
            await room.say(ANA, after)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == before + after
    assert room.link.snapshot().dead == 0


def test_a_server_that_answers_nothing(monkeypatch):
    """A quiet room on it is left in peace: it would be joined anew for ever."""
    nat = Nat(monkeypatch)
    nat.echoes = False
    sound = frames(6)

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            nat.discovers = False
            await until(lambda: wire(room).unanswered >= 4, 8.0)
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.link.snapshot().connects == 1
    assert room.hearing.spoken(ANA) == sound
    assert room.unheard == []
