"""The voice gateway, message by message, over a real websocket."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.rehearsal.sfu.delivery import Sent
from bot.rehearsal.sfu.faults import Faults
from bot.rehearsal.sfu.member import DaveMember
from bot.rehearsal.sfu.opcodes import Op
from bot.rehearsal.sfu.server import VoiceServer
from bot.rehearsal.sfu.stream import TRAILING_SILENCE
from tests.bot.rehearsal.sfu.discord_client import Clients
from tests.bot.rehearsal.sfu.raw_client import GUILD, RawClient
from tests.bot.waiting import until

CHANNEL = 927310423890473011
BOT, OTHER, ANA, BEN = 11, 12, 158049329150427136, 158533742254751744
FRAME = b"\x78some opus"


@asynccontextmanager
async def serving(*, dave=False, faults=None):
    """Run a voice server; yield it, and a way to make clients for it."""
    heard = []
    server = VoiceServer(
        CHANNEL,
        dave=dave,
        faults=faults or Faults(),
        on_received=lambda user, opus: heard.append((user, opus)),
        server_id=GUILD,
    )
    server.heard = heard
    await server.start()
    clients = Clients()
    endpoint = await clients.host(server)
    made = []

    def new_client(user_id=BOT):
        server.expect(user_id, "session", "token")
        made.append(RawClient(clients.session, endpoint))
        return made[-1]

    try:
        yield server, new_client
    finally:
        for client in made:
            if client.socket is not None:
                await client.close()
        await server.stop()
        await clients.close()


def test_the_order_of_a_new_session():
    """Hello, ready with both ciphers, clients, session description."""

    async def scenario():
        async with serving() as (server, new_client):
            await server.add_member(ANA)
            client = new_client()
            description = await client.connect(BOT)
            return client.seen, description

    seen, description = asyncio.run(scenario())

    assert [op for op, _ in seen] == [8, 2, 11, 4]
    assert seen[0][1]["heartbeat_interval"] > 0
    assert set(seen[1][1]["modes"]) == {
        "aead_aes256_gcm_rtpsize",
        "aead_xchacha20_poly1305_rtpsize",
    }
    assert seen[2][1] == {"user_ids": [str(ANA)]}
    assert description["dave_protocol_version"] == 0
    assert len(description["secret_key"]) == 32


def test_a_heartbeat_is_answered_with_its_own_number():
    """Op 6 repeats `t`, before identification too."""

    async def scenario():
        async with serving() as (_, new_client):
            client = new_client()
            await client.open()
            await client.say(3, {"t": 1501184119561, "seq_ack": 10})
            return await client.next()

    assert asyncio.run(scenario()) == (6, {"t": 1501184119561})


IDENTIFY = {
    "server_id": str(GUILD),
    "user_id": str(BOT),
    "session_id": "session",
    "token": "token",
    "max_dave_protocol_version": 1,
}
UDP = {"address": "127.0.0.1", "port": 5, "mode": "aead_aes256_gcm_rtpsize"}


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([(99, {})], 4001),
        (["no json"], 4002),
        (['{"d": 1}'], 4002),
        ([(5, {"speaking": 1})], 4003),
        ([(0, IDENTIFY | {"token": "wrong"})], 4004),
        ([(0, IDENTIFY | {"user_id": "77"})], 4004),
        ([(0, IDENTIFY), (0, IDENTIFY)], 4005),
        ([(0, IDENTIFY | {"session_id": "old"})], 4006),
        ([(7, IDENTIFY | {"session_id": "old"})], 4006),
        ([(0, IDENTIFY | {"server_id": "5"})], 4011),
        ([(0, IDENTIFY), (1, {"protocol": "webrtc"})], 4012),
        ([(0, IDENTIFY), (1, {"protocol": "udp", "data": UDP | {"mode": "x"}})], 4016),
        ([(0, IDENTIFY | {"max_dave_protocol_version": 0})], 4017),
        ([(0, {k: v for k, v in IDENTIFY.items() if k != "token"})], 4020),
        ([(0, IDENTIFY), b"\x1abroken key package"], 4020),
        ([(3, 1)] * 400, 4021),
    ],
)
def test_close_codes(messages, code):
    """Each mistake of a client has its own close code."""

    async def scenario():
        async with serving(dave=True) as (_, new_client):
            client = new_client()
            await client.open()
            for message in messages:
                if isinstance(message, tuple):
                    await client.say(*message)
                elif isinstance(message, str):
                    await client.socket.send_str(message)
                else:
                    await client.socket.send_bytes(message)
            return await client.until("close")

    assert asyncio.run(scenario()) == code


def test_a_client_of_an_old_gateway_version():
    """Anything but version 8 is refused."""

    async def scenario():
        async with serving() as (_, new_client):
            return await new_client().open("4")

    assert asyncio.run(scenario()) == ("close", 4012)


@pytest.mark.parametrize("code", [4006, 4009, 4014, 4015, 4021, 4022])
def test_kick(code):
    """The server can close a client with any code; all but 4015 end the session."""

    async def scenario():
        async with serving() as (server, new_client):
            client = new_client()
            await client.connect(BOT)
            await server.kick(BOT, code)
            return await client.until("close"), server.occupants

    assert asyncio.run(scenario()) == (code, [BOT] if code == 4015 else [])


def test_a_resume_brings_what_was_missed():
    """After 7 → 9 come the messages behind `seq_ack`, and packets go on."""

    async def scenario():
        async with serving() as (server, new_client):
            client = new_client()
            await client.connect(BOT)
            await server.add_member(ANA)
            await client.until(11)
            await server.kick(BOT, 4015)
            await client.until("close")
            await server.add_member(BEN)
            await server.remove_member(ANA)

            await client.open()
            body = {k: IDENTIFY[k] for k in ("server_id", "session_id", "token")}
            await client.say(7, body | {"seq_ack": client.seq})
            missed = [await client.next() for _ in range(3)]
            await server.speak(BEN, [FRAME])
            await client.until(5)
            return missed, [p.payload for p in client.heard()]

    missed, heard = asyncio.run(scenario())

    assert missed == [
        (9, None),
        (11, {"user_ids": [str(BEN)]}),
        (13, {"user_id": str(ANA)}),
    ]
    assert FRAME in heard


def test_a_resume_goes_on_with_dave():
    """Epochs that changed while the websocket was down are followed afterwards."""

    async def scenario():
        async with serving(dave=True) as (server, new_client):
            client = new_client()
            await client.connect(BOT)
            await client.until(25)
            await server.kick(BOT, 4015)
            await client.until("close")
            await server.add_member(ANA)
            await client.open()
            body = {k: IDENTIFY[k] for k in ("server_id", "session_id", "token")}
            await client.say(7, body | {"seq_ack": client.seq})
            return [await client.next() for _ in range(2)]

    resumed = asyncio.run(scenario())

    assert resumed == [(9, None), (11, {"user_ids": [str(ANA)]})]


def test_a_client_that_cannot_follow():
    """After op 31 and a new key package the client is welcomed into a new epoch."""

    async def scenario():
        async with serving(dave=True) as (server, new_client):
            await server.add_member(ANA)
            client = new_client()
            await client.connect(BOT)
            lost = DaveMember(BOT, CHANNEL)
            await client.join_group(lost)
            await server.settle()
            before = server.epoch

            back = DaveMember(BOT, CHANNEL)
            await client.say(31, {"transition_id": 1})
            external = Sent(BOT, Op.EXTERNAL_SENDER, client.last(25))
            for reply in back.receive(external):
                await client.send_reply(reply)
            await client.join_group(back)
            await server.settle()
            await server.speak(ANA, [FRAME])
            await until(lambda: len(client.packets) == 1 + TRAILING_SILENCE)
            sealed = client.heard()[0].payload
            return before, server.epoch, back.decrypt(ANA, sealed), sealed

    before, after, opus, sealed = asyncio.run(scenario())

    assert before == 1
    assert after > before
    assert opus == FRAME != sealed


def test_the_server_goes_away():
    """Every websocket is closed with 1001, those that nobody has identified too."""

    async def scenario():
        async with serving() as (server, new_client):
            known, unknown = new_client(), new_client()
            await known.connect(BOT)
            await unknown.open()
            await server.stop()
            return await known.until("close"), await unknown.until("close")

    assert asyncio.run(scenario()) == (1001, 1001)


def test_identifying_again_replaces_the_session():
    """A user has one session; the earlier one is closed as invalid."""

    async def scenario():
        async with serving() as (server, new_client):
            first, second = new_client(), new_client()
            await first.connect(BOT)
            await second.connect(BOT)
            return await first.until("close"), server.occupants

    assert asyncio.run(scenario()) == (4006, [BOT])


def test_a_keepalive_is_echoed():
    """Eight bytes come back as they were; other junk is ignored."""

    async def scenario():
        async with serving() as (_, new_client):
            client = new_client()
            await client.connect(BOT)
            client.udp.sendto(b"junk of no known shape" * 3)
            client.udp.sendto(b"\x01\x02\x03\x04\x05\x06\x07\x08")
            await until(lambda: client.packets)
            return client.packets

    assert asyncio.run(scenario()) == [b"\x01\x02\x03\x04\x05\x06\x07\x08"]


def test_a_client_speaks_to_another():
    """Audio is read by the server and forwarded, with op 5 for its SSRC."""

    async def scenario():
        async with serving() as (server, new_client):
            speaker, listener = new_client(BOT), new_client(OTHER)
            await listener.connect(OTHER, "aead_xchacha20_poly1305_rtpsize")
            await speaker.connect(BOT)
            await speaker.say(5, {"speaking": 1, "delay": 0, "ssrc": speaker.ssrc})
            told = await listener.until(5)
            for count in range(3):
                speaker.send_audio(count, FRAME)
            speaker.send_audio(3, FRAME, ssrc=5)
            await until(lambda: len(listener.packets) == 3)
            return told, speaker.ssrc, listener.heard(), server.heard

    told, ssrc, heard, received = asyncio.run(scenario())

    assert told == {"user_id": str(BOT), "ssrc": ssrc, "speaking": 1}
    assert [(p.ssrc, p.sequence, p.payload) for p in heard] == [
        (ssrc, count, FRAME) for count in range(3)
    ]
    assert received == [(BOT, FRAME)] * 3


def test_a_suppressed_client_is_not_heard():
    """Packets of somebody who may not speak go no further than the server."""

    async def scenario():
        async with serving() as (server, new_client):
            client = new_client()
            await client.connect(BOT)
            server.set_forwarded(BOT, False)
            client.send_audio(0, FRAME)
            client.udp.sendto(bytes(8))  # its echo comes after
            await until(lambda: client.packets)
            server.set_forwarded(BOT, True)
            client.send_audio(1, FRAME)
            await until(lambda: server.heard)
            return server.heard

    assert asyncio.run(scenario()) == [(BOT, FRAME)]


def test_no_datagram_for_too_long():
    """Where the link forgets silent clients, nothing is forwarded to them."""

    async def scenario():
        async with serving(faults=Faults(udp_timeout_s=0.0)) as (server, new_client):
            await server.add_member(ANA)
            client = new_client()
            await client.connect(BOT)
            await server.speak(ANA, [FRAME] * 3)
            return client.packets

    assert asyncio.run(scenario()) == []
