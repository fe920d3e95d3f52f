"""The stand-in as a whole, with an unmodified discord.py client on its connector."""

import asyncio
from contextlib import asynccontextmanager

import aiohttp
import discord
import pytest

from bot.errors import UsageError
from bot.rehearsal.standin.connector import LoopbackResolver
from bot.rehearsal.standin.gateway.settings import GatewaySettings
from bot.rehearsal.standin.limits import SIZES, Limit, LimitSettings
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.settings import StandInSettings
from bot.rehearsal.standin.tone import speech
from tests.bot.rehearsal.standin.client import Bot, connected
from tests.bot.waiting import until

FRAMES = 20
SPEECH_TYPE = 120


def run(scenario, stand_in=None):
    """Play a scenario of a stand-in and a bot; return its result."""

    async def main():
        async with asyncio.timeout(30), connected(stand_in) as (made, bot):
            return await scenario(made, bot)

    return asyncio.run(main())


class Speech(discord.AudioSource):
    """Opus frames, once."""

    def __init__(self, frames):
        self._frames = iter(frames)

    def is_opus(self):
        return True

    def read(self):
        return next(self._frames, b"")


@asynccontextmanager
async def in_voice(bot, channel_id):
    """Yield a voice client in a channel, and a list that counts speech packets."""
    channel = bot.get_channel(channel_id)
    client = await channel.connect(timeout=10, reconnect=False)
    packets = []

    def count(data):
        if data[1] & 0x7F == SPEECH_TYPE:
            packets.append(data)

    client._connection.add_socket_listener(count)
    try:
        yield client, packets
    finally:
        await client.disconnect()


async def play(client, frames):
    """Play frames and return when the player has ended."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    client.play(Speech(frames), after=lambda _: loop.call_soon_threadsafe(ended.set))
    await ended.wait()


@pytest.mark.parametrize("room", ["stage", "voice"])
def test_what_a_bot_says_arrives_decrypted_and_decodable(room):
    """On a stage without DAVE, in a voice channel with it."""

    async def scenario(stand_in, bot):
        channel_id = getattr(stand_in, f"{room}_channel_id")
        await stand_in.member("Bruno").join(channel_id)
        async with in_voice(bot, channel_id) as (client, _):
            if room == "stage":
                await bot.guilds[0].me.edit(suppress=False)
            else:
                await stand_in.voice.servers[channel_id].settle()
            await play(client, speech(FRAMES * 0.02))
            version = client._connection.dave_protocol_version
            heard = lambda: stand_in.received.seconds.get(bot.user.id, 0)  # noqa: E731
            await until(lambda: heard() >= FRAMES * 0.02)
            return version, dict(stand_in.received.undecodable)

    assert run(scenario) == (int(room == "voice"), {})


def test_who_has_no_floor_is_not_forwarded():
    """Suppressed, invited, muted: no packet reaches the bot; with the floor all do."""

    async def scenario(stand_in, bot):
        stage, bruno = stand_in.stage_channel_id, stand_in.member("Bruno")
        counted = []

        async def say(packets):
            before = len(packets)
            await bruno.speak(speech(0.2))
            await asyncio.sleep(0.1)  # the last datagrams are on their way
            counted.append(len(packets) - before)

        await bruno.join(stage)
        async with in_voice(bot, stage) as (_, packets):
            member = bot.guilds[0].get_member(bruno.id)
            await say(packets)
            await member.edit(suppress=False)
            await say(packets)
            await bruno.accept()
            await say(packets)
            await member.edit(mute=True)
            await say(packets)
        return counted

    suppressed, invited, speaker, muted = run(scenario)

    assert (suppressed, invited, muted) == (0, 0, 0)
    assert speaker >= 10


def test_a_deafened_bot_is_sent_nothing():
    """A moderator deafens it: packets stop, and come again afterwards."""

    async def scenario(stand_in, bot):
        room, bruno = stand_in.voice_channel_id, stand_in.member("Bruno")
        owner, counted = stand_in.member("Elena"), []
        await bruno.join(room)
        async with in_voice(bot, room) as (_, packets):
            for on in (True, False):
                await owner.deafen(bot.user.id, on=on)
                before = len(packets)
                await bruno.speak(speech(0.2))
                await asyncio.sleep(0.1)  # the last datagrams are on their way
                counted.append(len(packets) - before)
        return counted

    deafened, hearing = run(scenario)

    assert deafened == 0
    assert hearing >= 10


def test_a_bot_that_is_moved_gets_a_new_voice_server():
    """It is dragged to another channel and connected there."""

    async def scenario(stand_in, bot):
        owner = stand_in.member("Elena")
        rooms = [one.id for one in bot.guilds[0].voice_channels]
        # Without a socket listener: with one, discord.py stalls 30 s on every move.
        client = await bot.get_channel(rooms[0]).connect(timeout=10, reconnect=True)
        await stand_in.member("Bruno").join(rooms[1])
        await owner.move(bot.user.id, rooms[1])
        await until(lambda: rooms[1] in stand_in.voice.servers)
        port = stand_in.voice.servers[rooms[1]].udp_port
        await until(lambda: client._connection.voice_port == port)
        await until(client.is_connected)
        await stand_in.voice.servers[rooms[1]].settle()
        await play(client, speech(0.2))
        await until(lambda: stand_in.received.seconds.get(bot.user.id, 0) >= 0.2)
        await client.disconnect()
        return rooms[0] in stand_in.voice.servers

    assert run(scenario) is False


def test_a_bot_that_starts_anew_gets_into_its_room_again():
    """A second session takes the voice state over, as after a crash."""

    async def scenario(stand_in, bot):
        voice = stand_in.voice_channel_id
        async with in_voice(bot, voice):
            second = Bot(stand_in.connector(), discord.Intents.all())
            running = asyncio.create_task(second.start(stand_in.token))
            await second.at_work.wait()
            async with in_voice(second, voice) as (client, _):
                connected = client.is_connected()
            await second.close()
            await running
        return connected

    assert run(scenario)


def test_a_lost_gateway_connection_is_resumed():
    """What happened meanwhile reaches the client all the same."""

    async def scenario(stand_in, bot):
        resumed, texts = asyncio.Event(), []

        @bot.event
        async def on_resumed():
            resumed.set()

        @bot.event
        async def on_message(message):
            texts.append(message.content)

        await stand_in.gateway.close(4000)
        await stand_in.member("Elena").type(stand_in.text_channel_id, "meanwhile")
        await resumed.wait()
        await until(lambda: texts)
        return texts

    assert run(scenario) == ["meanwhile"]


def test_a_client_that_is_asked_to_reconnect_resumes():
    """Op 7 is followed by a new connection with the same session."""

    async def scenario(stand_in, bot):
        (connection,) = stand_in.gateway.connections
        before = connection.session.id
        connection.ask_to_reconnect()
        await until(lambda: connection not in stand_in.gateway.connections)
        await until(lambda: stand_in.gateway.online)
        (now,) = stand_in.gateway.connections
        return now.session.id == before

    assert run(scenario)


def test_heartbeats_show_a_believable_latency():
    """An answer before discord.py has noted its question would alarm it."""
    settings = StandInSettings(gateway=GatewaySettings(heartbeat_s=0.2))

    async def scenario(stand_in, bot):
        seen = []
        while len(seen) < 3:
            known = bot.latency
            await until(lambda: bot.latency != known)  # noqa: B023  # awaited at once
            seen.append(bot.latency)
        return seen

    latencies = run(scenario, StandIn(settings=settings))

    assert all(0.01 < one < 0.5 for one in latencies)


def test_a_client_that_reads_the_headers_meets_no_429():
    """discord.py waits for its bucket by what the headers say."""
    sizes = {**SIZES, "message": Limit(2, 0.2)}
    settings = StandInSettings(limits=LimitSettings(sizes=sizes))

    async def scenario(stand_in, bot):
        channel = bot.get_channel(stand_in.text_channel_id)
        for number in range(5):
            await channel.send(str(number))
        path = f"/channels/{channel.id}/messages"
        return [one.status for one in stand_in.sightings.calls if one.path == path]

    assert run(scenario, StandIn(settings=settings)) == [200] * 5


def test_who_does_not_trust_the_authority_does_not_get_in():
    """TLS really is verified."""

    async def scenario():
        async with StandIn() as stand_in:
            resolver = LoopbackResolver(stand_in.tls_port)
            connector = aiohttp.TCPConnector(resolver=resolver)
            client = discord.Client(intents=discord.Intents.none(), connector=connector)
            try:
                await client.login(stand_in.token)
            finally:
                await client.close()

    with pytest.raises(aiohttp.ClientConnectorCertificateError):
        asyncio.run(scenario())


def test_a_wrong_token_is_a_login_failure():
    """401, as discord.py expects it."""

    async def scenario():
        async with StandIn() as stand_in:
            client = discord.Client(
                intents=discord.Intents.none(), connector=stand_in.connector()
            )
            try:
                await client.login("wrong")
            finally:
                await client.close()

    with pytest.raises(discord.LoginFailure):
        asyncio.run(scenario())


def test_a_port_that_is_taken_is_one_line():
    """It names the port and the way out."""

    async def scenario():
        async with StandIn() as first:
            settings = StandInSettings(tls_port=first.tls_port)
            second = StandIn(settings=settings)
            try:
                await second.start()
            finally:
                await second.stop()

    with pytest.raises(UsageError, match="choose another"):
        asyncio.run(scenario())


@pytest.mark.parametrize("query", ["v=4", "v=8", "v=8&encoding=x"])
def test_voice_is_told_from_the_gateway_by_version_and_encoding(query):
    """Libraries differ in the version they name; only gateway clients say encoding."""

    async def scenario():
        async with StandIn() as stand_in, aiohttp.ClientSession() as http:
            url = f"{stand_in.url.replace('http', 'ws', 1)}/?{query}"
            async with http.ws_connect(url) as socket:
                await socket.receive()
                return socket.close_code

    code = asyncio.run(scenario())

    assert (code == 4006) is ("encoding" not in query)
