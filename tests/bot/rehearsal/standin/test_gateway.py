"""The main gateway, asked frame by frame: handshake, intents, replay, close codes."""

import asyncio
import json
import zlib
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.gateway.opcodes import CloseCode, Op
from bot.rehearsal.standin.gateway.settings import GatewaySettings
from bot.rehearsal.standin.intents import Intent
from bot.rehearsal.standin.permissions import NOTHING, Overwrite, Permission
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.settings import StandInSettings
from bot.rehearsal.standin.world import threads

ALL = int(sum(Intent))
NOTHING_PRIVILEGED = int(
    Intent.GUILDS | Intent.GUILD_VOICE_STATES | Intent.GUILD_MESSAGES
)


class Line:
    """One connection to the gateway."""

    def __init__(self, socket, *, packed=False):
        self._socket = socket
        self._unpack = zlib.decompressobj() if packed else None
        self.sequence = 0

    async def send(self, op, data):
        await self._socket.send_str(json.dumps({"op": int(op), "d": data}))

    async def raw(self, text):
        await self._socket.send_str(text)

    async def receive(self):
        """Return the next frame, or the close code."""
        message = await self._socket.receive(timeout=5)
        if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED):
            return self._socket.close_code
        raw = message.data
        if self._unpack is not None:
            raw = self._unpack.decompress(raw)
        frame = json.loads(raw)
        self.sequence = frame["s"] or self.sequence
        return frame

    async def until(self, name):
        """Return the data of the next dispatch with this name, skipping others."""
        while True:
            frame = await self.receive()
            assert isinstance(frame, dict), f"closed with {frame} before {name}"
            if frame["t"] == name:
                return frame["d"]

    async def identify(self, stand_in, intents=ALL, **more):
        data = {"token": stand_in.token, "intents": intents, "properties": {}}
        await self.send(Op.IDENTIFY, data | more)

    async def close(self, code=4000):
        await self._socket.close(code=code)


@asynccontextmanager
async def lines(settings=None):
    """Yield a stand-in and a function that opens lines to its gateway."""
    async with (
        StandIn(settings=settings) as stand_in,
        aiohttp.ClientSession() as session,
    ):

        async def connect(query="v=10&encoding=json"):
            url = f"{stand_in.url.replace('http', 'ws', 1)}/?{query}"
            line = Line(await session.ws_connect(url), packed="zlib" in query)
            hello = await line.receive()
            assert hello["op"] == Op.HELLO
            return line

        yield stand_in, connect


def run(scenario, settings=None):
    """Play a scenario of a stand-in and a connect function; return its result."""

    async def main():
        async with asyncio.timeout(20):
            async with lines(settings) as (stand_in, connect):
                return await scenario(stand_in, connect)

    return asyncio.run(main())


@pytest.mark.parametrize(
    "query", ["v=10&encoding=json", "v=10&encoding=json&compress=zlib-stream"]
)
def test_hello_identify_ready_and_the_guild(query):
    """HELLO, then READY with an unavailable guild, then the guild itself."""

    async def scenario(stand_in, connect):
        line = await connect(query)
        await line.identify(stand_in)
        return await line.receive(), await line.receive(), stand_in.guild_id

    ready, guild, guild_id = run(scenario)

    assert (ready["t"], ready["s"]) == ("READY", 1)
    assert ready["d"]["guilds"] == [{"id": str(guild_id), "unavailable": True}]
    assert (guild["t"], guild["d"]["id"]) == ("GUILD_CREATE", str(guild_id))
    assert "COMMUNITY" in guild["d"]["features"]


def test_heartbeats_are_acknowledged_even_before_identify():
    """Op 1 is answered by op 11."""

    async def scenario(stand_in, connect):
        line = await connect()
        await line.send(Op.HEARTBEAT, None)
        return await line.receive()

    assert run(scenario)["op"] == Op.HEARTBEAT_ACK


async def _wrong_token(stand_in, line):
    await line.send(Op.IDENTIFY, {"token": "wrong", "intents": 1, "properties": {}})


async def _unknown_intent(stand_in, line):
    await line.identify(stand_in, 1 << 30)


async def _second_identify(stand_in, line):
    await line.identify(stand_in)
    await line.identify(stand_in)


async def _voice_before_identify(stand_in, line):
    await line.send(Op.VOICE_STATE_UPDATE, {})


async def _unknown_opcode(stand_in, line):
    await line.identify(stand_in)
    await line.send(99, {})


async def _no_json(stand_in, line):
    await line.raw("not json")


async def _too_long(stand_in, line):
    await line.raw(json.dumps({"op": 1, "d": "x" * 4096}))


async def _future_sequence(stand_in, line):
    await line.identify(stand_in)
    ready = await line.until("READY")
    data = {"token": stand_in.token, "session_id": ready["session_id"], "seq": 999}
    await line.close()
    return data


async def _wrong_shard(stand_in, line):
    await line.identify(stand_in, shard=[2, 2])


@pytest.mark.parametrize(
    ("misdeed", "code"),
    [
        (_wrong_token, CloseCode.AUTHENTICATION_FAILED),
        (_unknown_intent, CloseCode.INVALID_INTENTS),
        (_second_identify, CloseCode.ALREADY_AUTHENTICATED),
        (_voice_before_identify, CloseCode.NOT_AUTHENTICATED),
        (_unknown_opcode, CloseCode.UNKNOWN_OPCODE),
        (_no_json, CloseCode.DECODE_ERROR),
        (_too_long, CloseCode.DECODE_ERROR),
        (_future_sequence, CloseCode.INVALID_SEQ),
        (_wrong_shard, CloseCode.INVALID_SHARD),
    ],
)
def test_each_misdeed_has_its_close_code(misdeed, code):
    """The gateway hangs up with the code that Discord gives."""

    async def scenario(stand_in, connect):
        line = await connect()
        resume = await misdeed(stand_in, line)
        if resume is not None:
            line = await connect()
            await line.send(Op.RESUME, resume)
        while isinstance(said := await line.receive(), dict):
            pass
        return said

    assert run(scenario) == code


def test_an_intent_that_is_not_switched_on_closes_with_4014():
    """Privileged intents need the switch in the developer portal."""
    settings = StandInSettings(gateway=GatewaySettings(allowed=Intent(0)))

    async def scenario(stand_in, connect):
        line = await connect()
        await line.identify(stand_in, int(Intent.MESSAGE_CONTENT))
        return await line.receive()

    assert run(scenario, settings) == CloseCode.DISALLOWED_INTENTS


def test_too_many_frames_close_with_4008():
    """More than the allowed frames in a minute are too many."""
    settings = StandInSettings(gateway=GatewaySettings(most_frames=3))

    async def scenario(stand_in, connect):
        line = await connect()
        for _ in range(4):
            await line.send(Op.HEARTBEAT, None)
        while isinstance(said := await line.receive(), dict):
            pass
        return said

    assert run(scenario, settings) == CloseCode.RATE_LIMITED


def test_a_client_without_a_heartbeat_is_hung_up_on():
    """Silence for longer than one and a half intervals ends with 4009."""
    settings = StandInSettings(gateway=GatewaySettings(heartbeat_s=0.05))

    async def scenario(stand_in, connect):
        line = await connect()
        return await line.receive()

    assert run(scenario, settings) == CloseCode.SESSION_TIMED_OUT


def test_who_resumes_misses_nothing():
    """What happened in between is replayed with its numbers, then RESUMED."""

    async def scenario(stand_in, connect):
        line = await connect()
        await line.identify(stand_in)
        ready = await line.until("READY")
        await line.until("GUILD_CREATE")
        await line.close()
        for text in ("one", "two"):
            await stand_in.member("Elena").type(stand_in.text_channel_id, text)
        again = await connect()
        await again.send(
            Op.RESUME,
            {
                "token": stand_in.token,
                "session_id": ready["session_id"],
                "seq": line.sequence,
            },
        )
        return line.sequence, [await again.receive() for _ in range(3)]

    sequence, frames = run(scenario)

    assert [one["t"] for one in frames] == ["MESSAGE_CREATE"] * 2 + ["RESUMED"]
    assert [one["d"].get("content") for one in frames[:2]] == ["one", "two"]
    assert [one["s"] for one in frames] == [sequence + n for n in (1, 2, 3)]


@pytest.mark.parametrize(("code", "stays"), [(1000, False), (4000, True)])
def test_who_says_goodbye_leaves_voice_and_session(code, stays):
    """Close codes 1000 and 1001 end a session; others leave it to be resumed."""
    settings = StandInSettings(gateway=GatewaySettings(voice_delay_s=0))

    async def scenario(stand_in, connect):
        line = await connect()
        await line.identify(stand_in)
        join = {
            "guild_id": str(stand_in.guild_id),
            "channel_id": str(stand_in.voice_channel_id),
        }
        await line.send(Op.VOICE_STATE_UPDATE, join)
        await line.until("VOICE_STATE_UPDATE")
        await line.close(code)
        while stand_in.gateway.connections:  # noqa: ASYNC110  # it is on its way
            await asyncio.sleep(0)
        before = bool(stand_in.world.voice)
        resumable_s = stand_in.settings.gateway.resumable_s
        stand_in.gateway.expire(stand_in.world.now() + resumable_s)
        return before, bool(stand_in.world.voice or stand_in.gateway.sessions)

    assert run(scenario, settings) == (stays, False)


def test_a_session_can_be_declared_invalid():
    """Op 9 with false; it cannot be resumed, the client may identify anew."""

    async def scenario(stand_in, connect):
        line = await connect()
        await line.identify(stand_in)
        await line.until("GUILD_CREATE")
        (connection,) = stand_in.gateway.connections
        connection.invalidate(resumable=False)
        said, left = await line.receive(), len(stand_in.gateway.sessions)
        await line.identify(stand_in)
        return said, left, await line.until("READY")

    said, left, ready = run(scenario)

    assert (said["op"], said["d"], left) == (Op.INVALID_SESSION, False, 0)
    assert ready["session_id"]


def test_an_unknown_session_is_invalid():
    """Op 9 with false: identify anew."""

    async def scenario(stand_in, connect):
        line = await connect()
        data = {"token": stand_in.token, "session_id": "gone", "seq": 0}
        await line.send(Op.RESUME, data)
        return await line.receive()

    assert run(scenario) == {"t": None, "s": None, "op": 9, "d": False}


def test_without_the_presence_intent_the_guild_shows_few_members():
    """Only the bot and who is in voice are listed; the count tells of the rest."""

    async def scenario(stand_in, connect):
        await stand_in.member("Bruno").join(stand_in.voice_channel_id)
        line = await connect()
        await line.identify(stand_in, NOTHING_PRIVILEGED)
        return await line.until("GUILD_CREATE")

    guild = run(scenario)

    names = {one["user"]["username"] for one in guild["members"]}
    assert names == {"tertulia", "bruno"}
    assert guild["member_count"] == 7


def test_message_content_needs_its_intent_or_a_mention():
    """Without the intent content is empty, except where the bot is mentioned."""

    async def scenario(stand_in, connect):
        line = await connect()
        await line.identify(stand_in, NOTHING_PRIVILEGED)
        elena, channel = stand_in.member("Elena"), stand_in.text_channel_id
        await line.until("GUILD_CREATE")
        await elena.type(channel, "just talk")
        await elena.type(channel, f"<@{stand_in.world.bot.id}> who is next?")
        return [await line.until("MESSAGE_CREATE") for _ in range(2)]

    hidden, shown = run(scenario)

    assert hidden["content"] == ""
    assert shown["content"].endswith("who is next?")


def test_what_is_said_where_the_bot_does_not_look_does_not_come():
    """Without VIEW_CHANNEL no message, no reaction and no thread of a channel."""

    async def scenario(stand_in, connect):
        world, bits = stand_in.world, Permission.VIEW_CHANNEL
        channel = world.guild.channels[stand_in.text_channel_id]
        channel.overwrites[world.bot.id] = Overwrite(world.bot.id, True, NOTHING, bits)
        line = await connect()
        await line.identify(stand_in)
        elena = stand_in.member("Elena")
        await line.until("GUILD_CREATE")
        message = await elena.type(channel.id, "among us")
        await elena.react(int(message["id"]), "👍")
        body = Form({"name": "x", "type": 11})
        threads.create(world, elena.id, channel, body, None)
        await elena.type(stand_in.voice_channel_id, "for all")
        return await line.receive()

    assert run(scenario)["d"]["content"] == "for all"


def test_dispatches_outside_the_intents_do_not_come():
    """A session without the reaction intent hears of no reaction."""

    async def scenario(stand_in, connect):
        line = await connect()
        await line.identify(stand_in, NOTHING_PRIVILEGED)
        elena, channel = stand_in.member("Elena"), stand_in.text_channel_id
        await line.until("GUILD_CREATE")
        message = await elena.type(channel, "like it?")
        await elena.react(int(message["id"]), "👍")
        await elena.type(channel, "well?")
        return [(await line.receive())["t"] for _ in range(2)]

    assert run(scenario) == ["MESSAGE_CREATE", "MESSAGE_CREATE"]


def test_members_can_be_requested_by_id_and_missing_ones_are_named():
    """Op 8 answers with a chunk, the nonce, and who was not found."""

    async def scenario(stand_in, connect):
        line = await connect()
        await line.identify(stand_in)
        elena = stand_in.member("Elena").id
        request = {
            "guild_id": str(stand_in.guild_id),
            "user_ids": [str(elena), "1"],
            "nonce": "abc",
        }
        await line.send(Op.REQUEST_GUILD_MEMBERS, request)
        return await line.until("GUILD_MEMBERS_CHUNK")

    chunk = run(scenario)

    assert [one["user"]["username"] for one in chunk["members"]] == ["elena"]
    assert (chunk["not_found"], chunk["nonce"]) == (["1"], "abc")


def test_all_members_can_be_requested_only_so_often():
    """The second request within 30 s is answered by RATE_LIMITED."""

    async def scenario(stand_in, connect):
        line = await connect()
        await line.identify(stand_in)
        request = {"guild_id": str(stand_in.guild_id), "query": "", "limit": 0}
        for _ in range(2):
            await line.send(Op.REQUEST_GUILD_MEMBERS, request)
        await line.until("GUILD_MEMBERS_CHUNK")
        return await line.until("RATE_LIMITED")

    limited = run(scenario)

    assert limited["opcode"] == Op.REQUEST_GUILD_MEMBERS
    assert 0 < limited["retry_after"] <= 30


def test_the_status_of_voice_channels_is_told_on_request():
    """Op 43 answers with CHANNEL_INFO, op 31 with the (empty) soundboard."""

    async def scenario(stand_in, connect):
        voice = stand_in.voice_channel_id
        stand_in.world.guild.channels[voice].status = "Tea"
        line = await connect()
        await line.identify(stand_in)
        guild_id = str(stand_in.guild_id)
        await line.send(
            Op.REQUEST_CHANNEL_INFO, {"guild_id": guild_id, "fields": ["status"]}
        )
        await line.send(Op.REQUEST_SOUNDBOARD_SOUNDS, {"guild_ids": [guild_id]})
        info = await line.until("CHANNEL_INFO")
        return voice, info, await line.until("SOUNDBOARD_SOUNDS")

    voice, info, sounds = run(scenario)

    assert info["channels"] == [{"id": str(voice), "status": "Tea"}]
    assert sounds["soundboard_sounds"] == []


def test_a_full_room_gives_no_event_at_all():
    """Joining over the user limit is ignored in silence."""
    settings = StandInSettings(gateway=GatewaySettings(voice_delay_s=0))

    async def scenario(stand_in, connect):
        world = stand_in.world
        voice = stand_in.voice_channel_id
        world.guild.channels[voice].user_limit = 1
        own = next(
            role for role in world.guild.roles.values() if role.bot_id is not None
        )
        own.permissions = type(own.permissions)(0)
        await stand_in.member("Bruno").join(voice)
        line = await connect()
        await line.identify(stand_in)
        await line.until("GUILD_CREATE")
        join = {
            "guild_id": str(stand_in.guild_id),
            "channel_id": str(voice),
            "self_mute": False,
            "self_deaf": False,
        }
        await line.send(Op.VOICE_STATE_UPDATE, join)
        await line.send(Op.HEARTBEAT, None)
        return await line.receive(), list(world.voice)

    answer, connected = run(scenario, settings)

    assert answer["op"] == Op.HEARTBEAT_ACK
    assert len(connected) == 1
