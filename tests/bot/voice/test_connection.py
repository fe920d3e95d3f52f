"""What a voice connection survives, each on real sockets and real discord.py."""

import asyncio
import contextlib
import json
import resource
import socket
import time

import pytest
from discord.errors import ConnectionClosed

from bot.rehearsal.sfu.channel import Channel
from bot.rehearsal.sfu.client import Client
from bot.rehearsal.sfu.faults import Faults
from bot.rehearsal.sfu.member import DaveMember
from bot.rehearsal.sfu.opcodes import Op
from bot.rehearsal.sfu.rtp import CIPHERS, Aes256Gcm
from bot.rehearsal.sfu.udp import UdpPort
from bot.voice import connection, gateway, handshake, outage, receiver, renewal, ssrc
from bot.voice.connection import VoiceConnection
from bot.voice.errors import Barrier, CannotJoin, NoCommonMode
from bot.voice.gateway import VoiceGateway
from bot.voice.group import DaveGroup
from bot.voice.listener import LinkState, Wire
from bot.voice.playing import Fork
from media.heard import SILENCE, UnheardReason
from tests.bot.voice.room import (
    ANA,
    BEA,
    BOT,
    QUIET,
    Guild,
    Room,
    frames,
    opened,
    until,
)

pytestmark = pytest.mark.long

PROMPT_S = 3.0
"""Seconds that a reconnect or move may take; discord.py needs 30 with a listener."""


async def back(room, connects):
    """Wait until the link has made so many handshakes and the group stands."""
    await until(lambda: room.link.snapshot().connects >= connects, PROMPT_S)
    await until(lambda: room.state is LinkState.CONNECTED, PROMPT_S)
    await room.server.settle()


def test_the_server_asks_to_resume_while_somebody_speaks():
    """A resume keeps socket, keys and streams: nothing at all is lost."""
    sound = frames(40)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            speech = asyncio.create_task(room.say(ANA, sound))
            await until(lambda: len(room.hearing.spoken(ANA)) > 5)
            await room.server.kick(BOT, 4015)
            await until(lambda: room.states[-1].reason == "resumed", PROMPT_S)
            await speech
            await room.arrive(BEA)
            await room.say(BEA, sound[:6])
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound
    assert room.hearing.spoken(BEA) == sound[:6]
    assert room.link.snapshot().connects == 1
    assert ("deafened", True) not in room.hearing.calls
    assert [s.reason for s in room.states[2:4]] == ["close_4015", "resumed"]


def test_a_resume_that_never_succeeds():
    """A server that has forgotten the session costs a fresh join, not 30 seconds."""
    sound = frames(6)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            await room.say(ANA, sound)
            room.server._tickets.withdraw(BOT)
            started = time.monotonic()
            await room.server.kick(BOT, 4015)
            await back(room, 2)
            took = time.monotonic() - started
            await room.say(ANA, sound)
            return room, took

    room, took = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound * 2
    assert took < PROMPT_S


def test_a_server_that_does_not_answer_a_resume(monkeypatch):
    """Silence after a resume ends it; the fresh join follows at once."""
    monkeypatch.setattr(connection, "RESUME_S", 0.3)
    sound = frames(6)

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            # The request is never sent, so the server never answers it.
            monkeypatch.setattr(VoiceGateway, "resume", lambda _: asyncio.sleep(0))
            await room.server.kick(BOT, 4015)
            await back(room, 2)
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound


@pytest.mark.parametrize("code", [4006, 4009])
@pytest.mark.parametrize("dave", [False, True], ids=["stage", "voice"])
def test_the_session_is_gone(code, dave):
    """A fresh join follows at once, and everybody is heard as before."""
    sound = frames(6)

    async def scene():
        async with opened(dave=dave, present=[ANA]) as room:
            await room.say(ANA, sound)
            started = time.monotonic()
            await room.server.kick(BOT, code)
            await back(room, 2)
            took = time.monotonic() - started
            await room.say(ANA, sound)
            return room, took

    room, took = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound * 2
    assert took < PROMPT_S
    assert room.guild.asked == [room.channel.id, None, room.channel.id, None]


def test_pauses_between_attempts():
    """None at first, then ever longer ones, and none after a good connection."""
    backoff = connection.Backoff()

    pauses = [backoff.pause(now) for now in (0, 5, 10, 20, 40, 80, 120, 250, 300)]

    assert pauses == [0, 1, 2, 4, 8, 16, 30, 0, 1]


def test_a_server_that_lets_us_in_and_closes_at_once(monkeypatch):
    """It is not joined as fast as the network goes."""
    monkeypatch.setattr(connection, "LONGEST_PAUSE_S", 0.4)
    sound = frames(6)
    connected, times = Channel.connected, []

    def unfriendly(channel, client):
        times.append(time.monotonic())
        connected(channel, client)
        if len(times) < 4:
            client.end(4006, "Session is no longer valid.")

    async def scene():
        monkeypatch.setattr(Channel, "connected", unfriendly)
        async with opened(dave=False, present=[ANA]) as room:
            await back(room, 4)
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound
    assert times[1] - times[0] < 0.4
    assert min(times[2] - times[1], times[3] - times[2]) >= 0.4


def test_the_websocket_breaks_off():
    """A connection that ends without a close code is resumed."""
    sound = frames(6)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            room.client.ws.ws._response.connection.transport.abort()
            await until(lambda: room.states[-1].reason == "resumed", PROMPT_S)
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound


@pytest.mark.parametrize("by_us", [True, False], ids=["move", "dragged"])
@pytest.mark.parametrize("dave", [False, True], ids=["to stage", "to voice"])
def test_the_bot_is_moved_to_another_channel(by_us, dave):
    """The link follows, with another server, key, SSRCs and encryption group."""
    sound = frames(6)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            await room.say(ANA, sound)
            other = await room.guild.open(99, dave=dave, faults=QUIET)
            await other.server.add_member(BEA)
            started = time.monotonic()
            if by_us:
                await room.link.move(other)
            else:
                await room.guild.drag(other)
            room.server = other.server
            await back(room, 2)
            took = time.monotonic() - started
            await room.arrive(BEA)
            await room.say(BEA, sound)
            return room, took

    room, took = asyncio.run(scene())

    assert room.hearing.spoken(BEA) == sound
    assert room.link.snapshot().channel_id == 99
    assert took < PROMPT_S


def test_the_bot_is_dragged_after_a_reconnect():
    """An earlier reconnect does not make a move look like a kick."""
    sound = frames(6)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            await room.server.kick(BOT, 4009)
            await back(room, 2)
            other = await room.guild.open(99, dave=True, faults=QUIET)
            await room.guild.drag(other)
            room.server = other.server
            await back(room, 3)
            await room.arrive(BEA)
            await room.say(BEA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(BEA) == sound


def test_the_bot_is_moved_from_a_server_that_is_dead():
    """Nobody is there to say goodbye to: the link follows all the same, at once."""
    sound = frames(6)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            former = room.server
            (dead,) = room.guild.runners[0].server.connections
            dead.transport.pause_reading()
            former.remove_member = lambda _: asyncio.sleep(0)
            other = await room.guild.open(99, dave=True, faults=QUIET)
            started = time.monotonic()
            await room.guild.drag(other)
            room.server = other.server
            await back(room, 2)
            took = time.monotonic() - started
            dead.transport.resume_reading()
            await room.arrive(BEA)
            await room.say(BEA, sound)
            return room, took

    room, took = asyncio.run(scene())

    assert room.hearing.spoken(BEA) == sound
    assert took < PROMPT_S


def test_a_moderator_deafens_the_bot():
    """The hosts are told why they hear nothing of it, and it is no silence."""
    sound = frames(6)

    def state(room, deaf):
        return {
            "channel_id": str(room.channel.id),
            "session_id": "session1",
            "user_id": str(BOT),
            "deaf": deaf,
        }

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            await room.say(ANA, sound)
            await room.guild.voice.on_voice_state_update(state(room, True))
            await until(lambda: room.unheard)
            standing = [one.reason for one in room.link.snapshot().unheard]
            await room.guild.voice.on_voice_state_update(state(room, False))
            await until(lambda: not room.link.snapshot().unheard)
            await room.say(ANA, sound)
            return room, standing

    room, standing = asyncio.run(scene())

    assert [one.reason for one in room.unheard] == [UnheardReason.DEAFENED] == standing
    assert ("deafened", True) in room.hearing.calls
    assert room.link.snapshot().connects == 1


def test_the_bot_is_thrown_out():
    """Nobody tries again on their own; the room may, on the same link."""
    sound = frames(6)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            await room.guild.drag(None)
            await until(lambda: room.state is LinkState.LOST)
            await room.link.join(room.channel)
            await room.server.settle()
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())
    lost = [s.reason for s in room.states if s.state is LinkState.LOST]

    assert lost == ["kicked"]
    assert room.hearing.spoken(ANA) == sound


@pytest.mark.parametrize("kicked", [True, False])
def test_the_space_ends_while_nobody_is_heard(kicked, monkeypatch):
    """That time is listed as deaf; leaving itself is no such time."""
    monkeypatch.setattr(outage, "NOTED_S", 0.2)

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            if kicked:
                await room.guild.drag(None)
                await until(lambda: room.state is LinkState.LOST)
            later = asyncio.get_running_loop().time() + 0.4
            await until(lambda: asyncio.get_running_loop().time() > later)
        return room

    room = asyncio.run(scene())

    assert (("deafened", True) in room.hearing.calls) is kicked


def state_of(channel_id):
    """Return the main gateway's word on where the bot is."""
    return {
        "channel_id": channel_id and str(channel_id),
        "session_id": "session",
        "user_id": str(BOT),
    }


def test_a_former_leaving_is_told_late():
    """What the last connection's leaving brought does not end the new one's joining."""
    sound = frames(6)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            await room.guild.drag(None)
            await until(lambda: room.state is LinkState.LOST)
            former = room.client
            joining = asyncio.create_task(room.link.join(room.channel))
            await asyncio.sleep(0)  # as far as its first wait
            assert room.client is not former
            await room.client.on_voice_state_update(state_of(None))
            await joining
            await room.server.settle()
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound


def test_the_bot_is_thrown_out_while_it_joins():
    """It is an error of the join, not a cancellation of whoever waits for it."""

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            await room.guild.drag(None)
            await until(lambda: room.state is LinkState.LOST)
            former = room.client
            room.guild.answers = False
            joining = asyncio.create_task(room.link.join(room.channel))
            await until(lambda: room.client is not former)
            await until(lambda: room.guild.asked[-1] == room.channel.id)
            await room.client.on_voice_state_update(state_of(room.channel.id))
            await room.client.on_voice_state_update(state_of(None))
            with pytest.raises(CannotJoin, match="thrown out"):
                await joining
            return room

    room = asyncio.run(scene())

    assert room.states[-2].reason == "kicked"


def test_whoever_waits_for_the_join_gives_up():
    """A cancellation from outside stays one."""

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            await room.guild.drag(None)
            await until(lambda: room.state is LinkState.LOST)
            room.guild.answers = False
            joining = asyncio.create_task(room.link.join(room.channel))
            await asyncio.sleep(0)
            joining.cancel()
            with pytest.raises(asyncio.CancelledError):
                await joining

    asyncio.run(scene())


@pytest.mark.parametrize(("code", "reason"), [(1000, "closed"), (4021, "rate_limited")])
def test_the_server_wants_nobody_to_try_again(code, reason):
    """The link is lost, and says why."""

    async def scene():
        async with opened(dave=False) as room:
            await room.server.kick(BOT, code)
            await until(lambda: room.state is LinkState.LOST)
            return room.states[-1].reason

    assert asyncio.run(scene()) == reason


def test_udp_loses_the_discovery(monkeypatch):
    """The address is asked for again, half a second later."""
    lost = []
    answer = UdpPort.datagram_received

    def lossy(self, data, address):
        if len(data) == 74 and len(lost) < 1:
            lost.append(data)
        else:
            answer(self, data, address)

    monkeypatch.setattr(UdpPort, "datagram_received", lossy)
    sound = frames(5)

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert lost
    assert room.hearing.spoken(ANA) == sound


def test_udp_is_blocked(monkeypatch):
    """The error says so, to whoever runs the bot and to the hosts."""
    monkeypatch.setattr(gateway, "DISCOVERY_S", 0.01)
    monkeypatch.setattr(UdpPort, "datagram_received", lambda *_: None)

    async def scene():
        guild = Guild()
        room = Room(guild, await guild.open(1, dave=False, faults=QUIET))
        with pytest.raises(CannotJoin, match="UDP") as refused:
            await room.link.join(room.channel)
        await guild.close()
        return refused.value.why

    assert asyncio.run(scene()) is Barrier.UDP


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (TimeoutError(), Barrier.UNANSWERED),
        (NoCommonMode("none"), Barrier.ENCRYPTION),
        (ConnectionClosed(None, shard_id=None, code=4017), Barrier.ENCRYPTION),
        (ConnectionClosed(None, shard_id=None, code=4006), Barrier.OTHER),
        (OSError("no route"), Barrier.OTHER),
    ],
)
def test_what_keeps_the_bot_out(trouble, why):
    """Each kind of trouble has its name."""
    assert handshake.barrier(trouble) is why


def test_the_room_leaves_during_a_reconnect(monkeypatch):
    """Leaving ends the reconnect; the bot does not come back afterwards."""
    monkeypatch.setattr(connection, "LEAVE_S", 0.2)

    async def scene():
        async with opened(dave=False) as room:
            room.guild.answers = False
            await room.server.kick(BOT, 4009)
            await until(lambda: len(room.guild.asked) == 3)
            await room.link.leave()
            return room, [t.get_name() for t in asyncio.all_tasks()]

    room, tasks = asyncio.run(scene())

    assert room.hearing.closed
    assert not [name for name in tasks if name.startswith("Voice")]


def test_the_main_gateway_never_answers(monkeypatch):
    """The join fails in time, with a line for a person, and leaves nothing behind."""
    monkeypatch.setattr(connection, "LEAVE_S", 0.1)

    async def scene():
        guild = Guild()
        guild.answers = False
        room = Room(guild, await guild.open(1, dave=False, faults=QUIET))
        with pytest.raises(CannotJoin, match="in time"):
            await room.link.join(room.channel, timeout_s=0.3)
        await guild.close()
        return room

    room = asyncio.run(scene())
    room.link._receiver.join(2.0)

    assert room.hearing.closed
    assert not room.link._receiver.is_alive()


def test_a_link_that_never_joins_is_left():
    """Its hearing is closed all the same."""

    async def scene():
        guild = Guild()
        room = Room(guild, await guild.open(1, dave=False, faults=QUIET))
        await room.link.leave()
        await guild.close()
        return room

    assert asyncio.run(scene()).hearing.closed


def test_the_room_leaves_while_the_bot_joins(monkeypatch):
    """The join ends with an error that says so, and the bot is not left behind."""
    monkeypatch.setattr(connection, "LEAVE_S", 0.2)

    async def scene():
        guild = Guild()
        guild.answers = False
        room = Room(guild, await guild.open(1, dave=False, faults=QUIET))
        joining = asyncio.create_task(room.link.join(room.channel))
        await until(lambda: guild.asked)
        await room.link.leave()
        with pytest.raises(CannotJoin, match="ended"):
            await joining
        await guild.close()
        return room

    room = asyncio.run(scene())

    assert room.guild.asked == [1, None]
    assert room.hearing.closed


def test_leaving_is_lost_on_a_handshake(monkeypatch):
    """What leaving closes may hide the cancellation: nobody joins again for it."""
    monkeypatch.setattr(connection, "LEAVE_S", 0.2)
    waiting = []

    async def deaf_to_cancelling(state):
        waiting.append(state)
        if len(waiting) > 1:
            raise asyncio.CancelledError
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise ConnectionClosed(None, shard_id=None, code=1000) from None

    monkeypatch.setattr(VoiceConnection, "_handshake_websocket", deaf_to_cancelling)

    async def scene():
        guild = Guild()
        room = Room(guild, await guild.open(1, dave=False, faults=QUIET))
        joining = asyncio.create_task(room.link.join(room.channel))
        await until(lambda: waiting)
        await room.link.leave()
        with pytest.raises(CannotJoin, match="ended"):
            await joining
        await until(lambda: waiting[0]._connector.done())
        await guild.close()
        return room

    room = asyncio.run(scene())

    assert room.guild.asked == [1, None]
    assert len(waiting) == 1


@pytest.mark.parametrize("steps", range(8))
def test_leaving_has_the_last_word(steps):
    """Whatever the join was about to ask: the bot is not in when it has left."""

    async def scene():
        guild = Guild()
        room = Room(guild, await guild.open(1, dave=False, faults=QUIET))
        joining = asyncio.create_task(room.link.join(room.channel))
        for _ in range(steps):
            await asyncio.sleep(0)
        await room.link.leave()
        with pytest.raises(CannotJoin, match="ended"):
            await joining
        await guild.close()
        return room

    assert asyncio.run(scene()).guild.asked[-1:] in ([], [None])


def test_a_handshake_ends_when_the_room_has_left():
    """Its socket is of no use any more, and is not copied."""

    class Untouched:
        def dup(self):
            raise AssertionError("nobody closes it")

    wire = Wire(Untouched(), "any", bytes(32), 1, BOT, 7)

    async def scene():
        guild = Guild()
        room = Room(guild, await guild.open(1, dave=False, faults=QUIET))
        await room.link.leave()
        Fork(room.link._receiver, room.link._playing).listen(wire)
        await guild.close()

    asyncio.run(scene())


def test_the_room_leaves_twice_at_once():
    """Both come back when the hearing is closed."""

    async def scene():
        async with opened(dave=False) as room:
            first = asyncio.create_task(room.link.leave())
            await asyncio.sleep(0)
            await room.link.leave()
            closed = room.hearing.closed
            await first
            return closed

    assert asyncio.run(scene())


MALFORMED = [
    "{",
    "[]",
    '{"op": 5}',
    '{"op": 5, "d": {"user_id": null, "ssrc": 1, "speaking": 1}}',
    '{"op": 5, "d": {"user_id": "1", "ssrc": -7, "speaking": 1}}',
    '{"op": 4, "d": {"mode": "none", "secret_key": [1]}}',
    '{"op": 8, "d": {"heartbeat_interval": 0}}',
    '{"op": 21, "d": {}}',
    '{"op": "22", "d": {"transition_id": 1}}',
    '{"op": 24, "d": {"epoch": 1, "protocol_version": 99}}',
    '{"op": 8, "d": {"heartbeat_interval": 200}}',
    json.dumps({"op": 2, "d": {"ssrc": 5, "ip": "127.0.0.1", "port": 9, "modes": []}}),
    "[" * 100_000,
    b"",
    b"\x00\x01",
    '{"op": ' + "1" * 5000 + ', "d": {}}',
    b"\x00\x01\x19",
    b"\x00\x01\x1b",
    b"\x00\x01\x1b\x00\x05hello",
    b"\x00\x01\x1d\x00",
    b"\x00\x01\xff" + bytes(50),
]


def test_malformed_messages_of_the_voice_gateway():
    """They are counted, and the next epoch is followed as if nothing had been."""
    sound = frames(6)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            for message in MALFORMED:
                room.server.inject(BOT, message)
            await room.arrive(BEA)
            await room.say(BEA, sound)
            return room, room.link.snapshot().dropped

    room, dropped = asyncio.run(scene())

    assert room.hearing.spoken(BEA) == sound
    assert room.link.snapshot().connects == 1
    assert dropped["json"] == 14
    assert "error" not in dropped
    assert sum(dropped.values()) >= 17


def test_an_error_that_nobody_foresaw(monkeypatch):
    """It costs its message, and the connection goes on."""
    sound = frames(6)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            good = DaveGroup.execute, DaveGroup.external_sender
            for name in ("execute", "external_sender"):
                monkeypatch.setattr(DaveGroup, name, lambda *_: 1 / 0)
            room.server.inject(BOT, '{"op": 22, "d": {"transition_id": 1}}')
            room.server.inject(BOT, b"\x00\x01\x19 sender")
            await until(lambda: room.link.snapshot().dropped.get("error", 0) >= 2)
            monkeypatch.setattr(DaveGroup, "execute", good[0])
            monkeypatch.setattr(DaveGroup, "external_sender", good[1])
            await room.arrive(BEA)
            await room.say(BEA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(BEA) == sound
    assert room.link.snapshot().connects == 1


def test_a_commit_that_cannot_be_processed():
    """The receiver asks to be added anew (op 31) and hears on."""
    sound = frames(6)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            epoch = room.server.epoch
            room.server.inject(BOT, b"\x00\x01\x1d\x00\x07no commit")
            await until(lambda: room.server.epoch > epoch)
            await room.server.settle()
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound


def test_a_recovery_while_somebody_speaks():
    """Joining the group anew costs no frame: the former session opens meanwhile."""
    sound = frames(80)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            epoch = room.server.epoch
            speech = asyncio.create_task(room.say(ANA, sound))
            await until(lambda: len(room.hearing.spoken(ANA)) > 10)
            await room.client.recover()
            await room.server.settle()
            await speech
            return room, room.server.epoch - epoch

    room, epochs = asyncio.run(scene())

    assert epochs >= 1
    assert room.hearing.spoken(ANA) == sound
    assert room.link.snapshot().speakers[0].undecryptable == {}


def test_a_commit_overtakes_a_leaving(monkeypatch):
    """Who is out of the group is heard to the last frame that came before that."""
    sends = Client.send

    def send(client, op, body):
        if op is not Op.CLIENT_DISCONNECT:
            sends(client, op, body)

    sound = frames(15)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            await room.say(ANA, sound[:5])
            ssrc = room.hearing.packets[0].ssrc
            room.hearing.talks = {ssrc: ANA}
            monkeypatch.setattr(Client, "send", send)
            await room.server.speak(ANA, sound[5:])
            kept = len(room.hearing.spoken(ANA))
            await room.server.remove_member(ANA)
            await room.server.settle()
            came = len(sound) + 2 * 5  # and silence behind it, twice
            await until(lambda: room.link.snapshot().speakers[0].packets == came)
            return room, kept

    room, kept = asyncio.run(scene())

    assert kept < len(sound)
    assert room.hearing.spoken(ANA) == sound
    assert room.link.snapshot().speakers[0].undecryptable == {}


class Sent:
    """What the voice server sent to the bot that the bot has the keys for."""

    def __init__(self, monkeypatch):
        self.frames = []
        self._opus = self._sealed = b""
        self._for_us = True
        encrypts, sends = DaveMember.encrypt, UdpPort.send

        def encrypt(member, opus):
            self._opus, self._sealed = opus, encrypts(member, opus)
            self._for_us = str(BOT) in map(str, member._session.get_user_ids())
            return self._sealed

        def send(port, client, packet):
            sends(port, client, packet)
            reached = client.cipher is not None and client.address is not None
            sealed = packet.plain == self._sealed
            opus = self._opus if sealed else packet.plain
            if reached and opus != SILENCE and (self._for_us or not sealed):
                self.frames.append(opus)

        monkeypatch.setattr(DaveMember, "encrypt", encrypt)
        monkeypatch.setattr(UdpPort, "send", send)


@pytest.mark.parametrize("dave", [False, True], ids=["stage", "voice"])
def test_a_reconnect_while_somebody_speaks(dave, monkeypatch):
    """Whatever the server sent under keys that the bot had is heard, in order."""
    sound = frames(120)

    async def scene():
        async with opened(dave=dave, present=[ANA, BEA]) as room:
            sent = Sent(monkeypatch)
            speech = asyncio.create_task(room.server.speak(ANA, sound))
            await until(lambda: len(room.hearing.spoken(ANA)) > 10)
            await room.server.kick(BOT, 4006)
            await back(room, 2)
            await speech
            await until(lambda: sound[-1] in room.hearing.spoken(ANA))
            return room, sent.frames

    room, sent = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sent
    assert len(sent) > 60


def test_a_listener_fails_on_a_gateway_message():
    """An error in what listens never reaches the poller of the websocket."""
    sound = frames(6)

    async def scene():
        errors = []
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: errors.append(context["exception"])
        )
        async with opened(dave=True, present=[ANA]) as room:

            def fail(*_):
                raise RuntimeError("a bad listener")

            good, room.link._receiver.speaking = room.link._receiver.speaking, fail
            await room.say(ANA, sound)
            room.link._receiver.speaking = good
            await room.arrive(BEA)
            await room.say(BEA, sound)
            return room, errors

    room, errors = asyncio.run(scene())

    assert [str(error) for error in errors] == ["a bad listener"]
    assert room.hearing.spoken(BEA) == sound


@contextlib.contextmanager
def many_descriptors():
    """Use up the descriptors below 1100, so that the next ones are above 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    taken = []
    try:
        while not taken or taken[-1].fileno() < 1100:
            taken.append(socket.socket())
        yield
    finally:
        for one in taken:
            one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_process_without_a_descriptor_left(monkeypatch):
    """A connection that nobody could listen to is not kept."""
    dup, refused = socket.socket.dup, []

    def refuse_once(sock):
        if not refused:
            refused.append(sock)
            raise OSError(24, "Too many open files")
        return dup(sock)

    monkeypatch.setattr(socket.socket, "dup", refuse_once)
    sound = frames(6)

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            await back(room, 1)
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert refused
    assert room.hearing.spoken(ANA) == sound


def test_a_process_with_more_than_1024_descriptors():
    """Nothing here uses select(), which fails from descriptor 1024 on."""
    sound = frames(20)

    async def scene():
        with many_descriptors():
            async with opened(dave=True, present=[ANA]) as room:
                descriptor = room.link._receiver._line._socket.fileno()
                await room.say(ANA, sound)
                return room, descriptor

    room, descriptor = asyncio.run(scene())

    assert descriptor > 1024
    assert room.hearing.spoken(ANA) == sound


@pytest.fixture
def quick_looks(monkeypatch):
    """Look three times as often as a room does: 10 s become 3.3 s."""
    monkeypatch.setattr(receiver, "CHECK_S", 1 / 3)
    monkeypatch.setattr(ssrc, "WAIT_S", 2 / 3)
    return 10.0 / 3


def test_a_stage_where_discord_never_says_who_speaks(quick_looks):
    """Nobody is guessed; the host is told within 10 s that somebody is unheard."""

    async def scene():
        faults = Faults(speaking_never=True)
        async with opened(dave=False, faults=faults, present=[ANA]) as room:
            speech = asyncio.create_task(room.server.speak(ANA, frames(250)))
            await until(lambda: room.unheard, quick_looks)
            room.server.hush(ANA)
            await speech
            return room

    room = asyncio.run(scene())

    assert room.hearing.packets == []
    assert room.unheard[0].reason is UnheardReason.UNKNOWN_SSRC


def test_a_transport_key_that_fits_nothing(quick_looks):
    """The host is told, and another session brings another key."""
    sound = frames(6)

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            client = room.server._channel.clients[BOT]
            client.cipher = Aes256Gcm(bytes(32))
            speech = asyncio.create_task(room.server.speak(ANA, frames(250)))
            await until(lambda: room.unheard, quick_looks)
            await back(room, 2)
            room.server.hush(ANA)
            await speech
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.unheard[0].reason is UnheardReason.TRANSPORT
    assert room.hearing.spoken(ANA)[-6:] == sound


def test_no_transport_key_fits(quick_looks, monkeypatch):
    """It is tried again, though the host has been told, and never in silence."""
    monkeypatch.setattr(renewal, "KEYLESS_S", 1.0)
    sound = frames(6)

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            with monkeypatch.context() as spoilt:
                for mode in CIPHERS:
                    spoilt.setitem(CIPHERS, mode, lambda _: Aes256Gcm(bytes(32)))
                room.server._channel.clients[BOT].cipher = Aes256Gcm(bytes(32))
                speech = asyncio.create_task(room.server.speak(ANA, frames(1000)))
                await until(lambda: room.link.snapshot().connects >= 3, 12.0)
            await until(lambda: room.link.snapshot().connects >= 4, 12.0)
            await back(room, 4)
            room.server.hush(ANA)
            await speech
            quiet = asyncio.get_running_loop().time() + 1.5
            await until(lambda: asyncio.get_running_loop().time() > quiet)
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.link.snapshot().connects == 4
    assert [one.reason for one in room.unheard] == [UnheardReason.TRANSPORT]
    assert room.hearing.spoken(ANA)[-6:] == sound


def test_a_member_whose_frames_never_open(quick_looks):
    """The host is told within 10 s whom nobody hears; the group is joined anew."""
    sound = frames(250)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            member = room.server._channel.members[ANA]
            member.encrypt = lambda opus: opus + bytes(9) + b"\x0c\xfa\xfa"
            speech = asyncio.create_task(room.server.speak(ANA, sound))
            await until(lambda: room.unheard, quick_looks)
            del member.encrypt
            await until(lambda: room.hearing.spoken(ANA), 5.0)
            await until(lambda: not room.link.snapshot().unheard, 5.0)
            room.server.hush(ANA)
            await speech
            return room

    room = asyncio.run(scene())
    report, look = room.unheard[0], room.link.snapshot()

    assert (report.user_id, report.reason) == (ANA, UnheardReason.DAVE)
    assert look.recoveries >= 1
    assert set(room.hearing.spoken(ANA)) <= set(sound)
