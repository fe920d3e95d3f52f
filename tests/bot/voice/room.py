"""A Discord small enough for one test: real discord.py on a real voice server.

``Guild`` is the main gateway's side (who is where, which endpoint); the voice servers
are the rehearsal's own, over real websockets and UDP. ``FakeHearing`` keeps what the
receiver brings, so that tests read frames and not sound.
"""

import asyncio
import math
import random
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import aiohttp
from aiohttp import web

from bot.clock import SteadyClock
from bot.rehearsal.sfu.faults import Faults
from bot.rehearsal.sfu.server import VoiceServer
from bot.voice.health import LinkChanged
from bot.voice.link import VoiceLink
from bot.voice.listener import LinkState
from media.burst import Burst
from media.consent import Consent
from media.heard import SILENCE, Heard, Unheard, VoicePacket
from media.hearing import HearingSnapshot
from tests.bot.waiting import until
from tests.media.fakes import FakeTrack

BOT = 999_000_000_000_000_001
ANA, BEA, CID = (
    101_000_000_000_000_001,
    102_000_000_000_000_002,
    103_000_000_000_000_003,
)
STAGE, VOICE = 71_000_000_000_000_001, 72_000_000_000_000_002
QUIET = Faults(padding_share=0.0, extension=False)


def frames(count: int, seed: int = 1) -> list[bytes]:
    """Opaque frames with a plausible Opus header: identity is what tests look at."""
    chance = random.Random(seed)
    return [bytes([0x78]) + chance.randbytes(110) for _ in range(count)]


class FakeHearing:
    """Remembers what it was fed, on the voice thread."""

    def __init__(self) -> None:
        self.packets: list[VoicePacket] = []
        self.calls: list[tuple[object, ...]] = []
        self.talks: dict[int, int] = {}
        """SSRC → member: who is in a talk spurt."""
        self.fails = 0
        self.closed = False
        self.track = FakeTrack()
        """Given up when somebody asks for what has ended."""

    def hear(self, arrived: Sequence[Burst]) -> list[Heard]:
        if self.fails:
            self.fails -= 1
            raise ValueError("a bad batch")
        self.packets += (packet for burst in arrived for packet in burst.packets())
        return []

    def deadline(self, awaited: Collection[int] = ()) -> float:
        return math.inf

    def talking(self, now: float, for_s: float) -> dict[int, int]:
        return self.talks

    def tick(self, now: float, awaited: Collection[int] = ()) -> list[Heard]:
        return []

    def consent(self, user_id: int, level: Consent) -> list[Heard]:
        self.calls.append(("consent", user_id, level))
        return []

    def cut(self, user_id: int, at: float) -> list[Heard]:
        self.calls.append(("cut", user_id))
        return []

    def deafened(self, start: float, end: float) -> list[Heard]:
        self.calls.append(("deafened", end > start))
        return []

    def record(self, on: bool, at: float) -> list[Heard]:
        self.calls.append(("record", on))
        return []

    def release(self, user_id: int) -> list[FakeTrack]:
        self.calls.append(("release", user_id))
        return [self.track]

    def close(self, at: float) -> list[Heard]:
        self.closed = True
        return []

    def snapshot(self) -> HearingSnapshot:
        return HearingSnapshot(False, ())

    def spoken(self, user_id: int) -> list[bytes]:
        """Frames of a member in order of their sequence numbers, without silence."""
        theirs = [p for p in list(self.packets) if p.user_id == user_id]
        return [p.opus for p in theirs if p.opus != SILENCE]


class Channel:
    """As much of a Discord channel as connecting to it takes."""

    def __init__(self, guild: "Guild", server: VoiceServer, endpoint: str) -> None:
        self.id = server.channel_id
        self.guild = guild
        self.server = server
        self.endpoint = endpoint
        self.received: list[tuple[int, bytes]] = []
        """What members heard of real clients: user id, Opus."""

    @property
    def voice_states(self) -> dict[int, Any]:
        return dict.fromkeys(self.server.occupants)

    @property
    def members(self) -> list[Any]:
        return [SimpleNamespace(id=user_id) for user_id in self.voice_states]

    def _get_voice_client_key(self) -> tuple[int, str]:
        return self.guild.id, "guild_id"

    async def connect(self, *, cls: Any, timeout: float) -> Any:  # noqa: ASYNC109 (discord.py's signature)
        client = self.guild.voice = cls(self.guild.owner, self)
        await client.connect(timeout=timeout, reconnect=True)
        return client


class Guild:
    """The main gateway's side of the bot's voice connection."""

    id = 77

    def __init__(self) -> None:
        self.me = SimpleNamespace(id=BOT, voice=None)
        self.session = aiohttp.ClientSession()
        self.runners: list[web.AppRunner] = []
        self.channels: dict[int, Channel] = {}
        self.voice: Any = None
        self.asked: list[int | None] = []
        """Channel of each op 4 that the bot sent."""
        self.answers = True
        """False: a main gateway that says nothing."""
        self._here: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        loop = asyncio.get_running_loop()
        user = SimpleNamespace(id=BOT)
        http = SimpleNamespace(ws_connect=self._ws_connect)
        state = SimpleNamespace(
            loop=loop, user=user, http=http, _remove_voice_client=lambda _: None
        )
        self.owner = SimpleNamespace(_connection=state, http=http, loop=loop, user=user)

    async def _ws_connect(self, url: str, *, compress: int = 0) -> Any:
        plain = url.replace("wss://", "ws://")
        patience = aiohttp.ClientWSTimeout(ws_close=30.0)  # as discord.py has it
        return await self.session.ws_connect(plain, autoclose=False, timeout=patience)

    def get_channel(self, channel_id: int) -> Channel:
        return self.channels[channel_id]

    async def open(self, channel_id: int, *, dave: bool, faults: Faults) -> Channel:
        """Start the voice server of a channel."""
        received: list[tuple[int, bytes]] = []
        server = VoiceServer(
            channel_id,
            dave=dave,
            faults=faults,
            on_received=lambda *heard: received.append(heard),
        )
        await server.start()
        app = web.Application()
        app.router.add_get("/", server.websocket)
        runner = web.AppRunner(app)
        await runner.setup()
        self.runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0]
        channel = Channel(self, server, f"{host}:{port}")
        channel.received = received
        self.channels[channel_id] = channel
        return channel

    async def change_voice_state(self, *, channel: Any, **_: Any) -> None:
        self.asked.append(channel and channel.id)
        if self.answers:
            self._later(self._answer(channel))

    async def drag(self, channel: Channel | None) -> None:
        """Move the bot as a moderator would; None throws it out."""
        former = self.channels.get(self._here or 0)
        await self._answer(channel)
        if former is not None:
            await former.server.remove_member(BOT)

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, channel: Channel | None) -> None:
        await asyncio.sleep(0)
        number = len(self.asked)
        session, token = f"session{number}", f"token{number}"
        former = self.channels.get(self._here or 0)
        here, self._here = self._here, channel and channel.id
        await self.voice.on_voice_state_update(
            {
                "channel_id": channel and str(channel.id),
                "session_id": session,
                "user_id": str(BOT),
            }
        )
        if channel is None:
            if former is not None:
                await former.server.remove_member(BOT)
        elif here != channel.id:
            if former is not None:
                self._later(former.server.remove_member(BOT))
            channel.server.expect(BOT, session, token)
            await self.voice.on_voice_server_update(
                {
                    "token": token,
                    "guild_id": str(self.id),
                    "endpoint": channel.endpoint,
                }
            )

    async def close(self) -> None:
        for task in list(self._tasks):
            await task
        for channel in self.channels.values():
            await channel.server.stop()
        await self.session.close()
        for runner in self.runners:
            await runner.cleanup()


class Room:
    """A link in a channel, and everything that it said."""

    def __init__(self, guild: Guild, channel: Channel, hearing: Any = None) -> None:
        self.guild = guild
        self.channel = channel
        self.server = channel.server
        self.hearing: Any = hearing or FakeHearing()
        self.heard: list[Heard] = []
        self.states: list[LinkChanged] = []
        clock = SteadyClock()
        self.link = VoiceLink(
            self.hearing,
            opened_at=clock.now(),
            clock=clock,
            on_heard=self.heard.extend,
            on_link=self.states.append,
        )

    @property
    def client(self) -> Any:
        return self.guild.voice

    @property
    def state(self) -> LinkState:
        return self.states[-1].state

    @property
    def played(self) -> list[bytes]:
        """What members heard of the bot."""
        return [opus for user_id, opus in self.channel.received if user_id == BOT]

    @property
    def unheard(self) -> list[Unheard]:
        return [fact for fact in self.heard if isinstance(fact, Unheard)]

    async def arrive(self, *user_ids: int, level: Consent = Consent.AUDIO) -> None:
        """Let members in, consenting, and wait for the group."""
        for user_id in user_ids:
            self.link.set_consent(user_id, level)
            await self.server.add_member(user_id)
        await self.server.settle()

    async def say(self, user_id: int, sound: list[bytes]) -> None:
        """Let a member speak in real time and wait until it has arrived."""
        before = len(self.hearing.spoken(user_id))
        await self.server.speak(user_id, sound)
        await until(lambda: len(self.hearing.spoken(user_id)) >= before + len(sound))


@asynccontextmanager
async def opened(
    *,
    dave: bool,
    faults: Faults = QUIET,
    present: Iterable[int] = (),
    plain: bool = False,
    settled: bool = True,
) -> AsyncIterator[Room]:
    """Open a room with the bot in it; leave at the end.

    ``plain``: a channel that has left DAVE before the bot came.
    ``settled``: wait until the bot is in the encryption group.
    """
    guild = Guild()
    channel = await guild.open(VOICE if dave else STAGE, dave=dave, faults=faults)
    room = Room(guild, channel)
    for user_id in present:
        room.link.set_consent(user_id, Consent.AUDIO)
        await channel.server.add_member(user_id)
    if plain:
        await channel.server.settle()
        await channel.server.set_dave(False)
        await channel.server.settle()
    try:
        await room.link.join(channel)  # type: ignore[arg-type] # as much as it takes
        if settled:
            await channel.server.settle()
        yield room
    finally:
        await room.link.leave()
        await guild.close()
