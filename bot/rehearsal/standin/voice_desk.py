"""Between the world and the voice servers: who is connected where, with which ticket.

Voice states change at once; voice servers follow, one change after the other. A
server runs while somebody is in its channel.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import web

from bot.rehearsal.sfu.faults import Faults
from bot.rehearsal.sfu.server import VoiceServer
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import voice
from bot.rehearsal.standin.world.channels import ChannelType
from bot.rehearsal.standin.world.state import Dispatch, Notice, World

TICKET_AFTER_S = 0.02
"""How long after its voice state a client gets its ticket."""

SETTLES_WITHIN_S = 2.0
"""How long a speaker waits for the encrypted group to be complete."""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """What the voice servers are like."""

    faults: Faults = field(default_factory=Faults)
    """On every channel."""
    dave: bool = True
    """End-to-end encryption in voice channels; stages never have it."""


@dataclass(frozen=True, slots=True)
class Change:
    """Where somebody is now."""

    user_id: int
    channel_id: int | None
    session_id: str
    heard: bool
    hears: bool


@dataclass(frozen=True, slots=True)
class Ticket:
    """A real client is to be let in again, where it is."""

    channel_id: int
    session_id: str


class VoiceDesk:
    """Keeps the voice servers as the voice states say."""

    def __init__(
        self,
        world: World,
        settings: VoiceSettings,
        *,
        issue: Callable[[str, Json], None],
        on_received: Callable[[int, bytes], None],
    ) -> None:
        """Follow a world.

        ``issue`` sends a VOICE_SERVER_UPDATE, its endpoint still missing, to a
        gateway session; ``on_received`` gets a user id and an Opus packet.
        """
        self.servers: dict[int, VoiceServer] = {}
        self._world = world
        self._settings = settings
        self._issue = issue
        self._on_received = on_received
        self._where: dict[int, int] = {}
        self._sessions: dict[int, str] = {}
        self._changes: asyncio.Queue[Change | Ticket] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._speaking: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to follow."""
        self._world.watch(self._note)
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Stop all voice servers."""
        ending = [*self._speaking, *([self._task] if self._task else [])]
        for task in ending:
            task.cancel()
        if ending:
            await asyncio.wait(ending)
        for server in self.servers.values():
            await server.stop()
        self.servers.clear()

    async def settled(self) -> None:
        """Return when the voice servers have caught up with the voice states."""
        waiting = asyncio.ensure_future(self._changes.join())
        over = [one for one in (self._task, waiting) if one is not None]
        await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._task is not None and self._task.done():
            self._task.result()

    def occupants(self) -> dict[str, list[str]]:
        """Return who is connected to which channel's voice server, ids as strings."""
        return {
            str(channel_id): [str(one) for one in server.occupants]
            for channel_id, server in self.servers.items()
        }

    def renew(self, session_id: str, channel_id: int) -> None:
        """Give a client that is already in the channel another ticket."""
        self._changes.put_nowait(Ticket(channel_id, session_id))

    async def websocket(self, request: web.Request) -> web.StreamResponse:
        """Serve a voice websocket of the bot, at the channel that it is in."""
        await self.settled()
        channel_id = self._where.get(self._world.bot.id)
        if channel_id is None:
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            await socket.close(code=4006, message=b"Session is no longer valid.")
            return socket
        return await self.servers[channel_id].websocket(request)

    async def speak(
        self, user_id: int, frames: Sequence[bytes], *, start: float | None = None
    ) -> None:
        """Let a scripted member say Opus frames of 20 ms; return at the end.

        Who is not in voice says it to nobody.
        """
        await self.settled()
        server = self.servers.get(self._where.get(user_id, 0))
        if server is None:
            return
        # A client opens its microphone once it is in the encrypted group.
        with suppress(TimeoutError):
            await server.settle(SETTLES_WITHIN_S)
        await server.speak(user_id, frames, start=start)

    def start_speaking(
        self, user_id: int, frames: Sequence[bytes]
    ) -> asyncio.Task[None]:
        """Begin to speak, in the background until the desk stops."""
        task = asyncio.create_task(self.speak(user_id, frames))
        self._speaking.add(task)
        task.add_done_callback(self._speaking.discard)
        return task

    def _note(self, notice: Notice) -> None:
        if not isinstance(notice, Dispatch) or notice.name != "VOICE_STATE_UPDATE":
            return
        data = notice.data
        user_id, channel = int(data["user_id"]), data["channel_id"]
        change = Change(
            user_id,
            None if channel is None else int(channel),
            data["session_id"],
            channel is not None and voice.is_heard(self._world, user_id),
            not data["deaf"],
        )
        self._changes.put_nowait(change)

    async def _follow(self) -> None:
        while True:
            change = await self._changes.get()
            match change:
                case Change():
                    await self._apply(change)
                case Ticket(channel_id, session_id):
                    self._admit(self.servers[channel_id], session_id)
            self._changes.task_done()

    async def _apply(self, change: Change) -> None:
        user_id, before = change.user_id, self._where.get(change.user_id)
        renewed = self._sessions.get(user_id, change.session_id) != change.session_id
        if before is not None and (before != change.channel_id or renewed):
            await self._take_out(user_id, before)
            before = None
        if change.channel_id is None:
            return
        server = await self._server(change.channel_id)
        self._where[user_id] = change.channel_id
        self._sessions[user_id] = change.session_id
        if before is None:
            if user_id == self._world.bot.id:
                self._admit(server, change.session_id)
            else:
                await server.add_member(user_id)
        server.set_forwarded(user_id, change.heard)
        server.set_hearing(user_id, change.hears)

    def _admit(self, server: VoiceServer, session_id: str) -> None:
        token = secrets.token_hex(8)
        server.expect(self._world.bot.id, session_id, token)
        ticket: Json = {"token": token, "guild_id": str(self._world.guild.id)}
        loop = asyncio.get_running_loop()
        loop.call_later(TICKET_AFTER_S, self._issue, session_id, ticket)

    async def _take_out(self, user_id: int, channel_id: int) -> None:
        del self._where[user_id], self._sessions[user_id]
        server = self.servers[channel_id]
        await server.remove_member(user_id)
        if channel_id not in self._where.values():
            del self.servers[channel_id]
            await server.stop()

    async def _server(self, channel_id: int) -> VoiceServer:
        if channel_id not in self.servers:
            stage = self._world.guild_channel(channel_id).type is ChannelType.STAGE
            server = VoiceServer(
                channel_id,
                dave=self._settings.dave and not stage,
                faults=self._settings.faults,
                on_received=self._on_received,
                server_id=self._world.guild.id,
            )
            await server.start()
            self.servers[channel_id] = server
        return self.servers[channel_id]
