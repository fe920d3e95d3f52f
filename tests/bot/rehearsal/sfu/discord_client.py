"""discord.py's own VoiceClient against a voice server, without a main gateway.

`Guild` answers what the client asks of its main gateway (op 4), `Ears` is the least
receiver that can be written on discord.py: it proves that what the server sends is what
an unmodified client understands.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import aiohttp
import davey
import discord
import nacl.bindings
from aiohttp import web
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from discord.voice_state import VoiceConnectionState

from bot.rehearsal.sfu.server import VoiceServer

BOT = 999_000_000_000_000_001
GUILD = 77
SILENCE = b"\xf8\xff\xfe"


class Clients:
    """One aiohttp session and the web servers of the voice servers in a test."""

    def __init__(self) -> None:
        self.session = aiohttp.ClientSession()
        self._runners: list[web.AppRunner] = []

    async def host(self, server: VoiceServer) -> str:
        """Serve a voice server's websockets; return its endpoint, host:port."""
        app = web.Application()
        app.router.add_get("/", server.websocket)
        runner = web.AppRunner(app)
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return "{}:{}".format(*runner.addresses[0])

    async def close(self) -> None:
        """Close the session and the servers."""
        await self.session.close()
        for runner in self._runners:
            await runner.cleanup()


@dataclass
class Guild:
    """The main gateway's side of one bot's voice connection."""

    clients: Clients
    server: VoiceServer
    endpoint: str
    id: int = GUILD
    issued: int = 0
    client: "Ears | None" = None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def me(self) -> Any:
        """The bot as a member, as discord.py asks for it."""
        return SimpleNamespace(id=BOT, voice=None)

    async def change_voice_state(self, *, channel: Any, **_: Any) -> None:
        """Answer op 4 of the main gateway."""
        task = asyncio.create_task(self._answer(channel))
        self.tasks.add(task)
        task.add_done_callback(lambda t: t.result())

    async def _answer(self, channel: Any) -> None:
        assert self.client is not None
        await asyncio.sleep(0.005)  # discord.py is not ready for an answer at once
        self.issued += 1
        session, token = f"session{self.issued}", f"token{self.issued}"
        channel_id = None if channel is None else str(channel.id)
        if channel is not None:
            self.server.expect(BOT, session, token)
        await self.client.on_voice_state_update(
            {"channel_id": channel_id, "session_id": session, "user_id": str(BOT)}
        )
        if channel is not None:
            await self.client.on_voice_server_update(
                {"token": token, "guild_id": str(self.id), "endpoint": self.endpoint}
            )

    def channel(self, channel_id: int) -> Any:
        """Make a channel as discord.py knows it."""
        return SimpleNamespace(
            id=channel_id,
            guild=self,
            _get_voice_client_key=lambda: (self.id, "guild_id"),
        )

    async def connect(self, *, modes: tuple[str, ...] | None = None) -> "Ears":
        """Connect a client, with these ciphers instead of discord.py's."""

        async def ws_connect(url: str, *, compress: int = 0) -> Any:
            plain = url.replace("wss://", "ws://")
            return await self.clients.session.ws_connect(plain, autoclose=False)

        http = SimpleNamespace(ws_connect=ws_connect)
        user = SimpleNamespace(id=BOT)
        loop = asyncio.get_running_loop()
        state = SimpleNamespace(
            loop=loop, user=user, http=http, _remove_voice_client=lambda _: None
        )
        owner: Any = SimpleNamespace(_connection=state, http=http, loop=loop, user=user)
        self.client = Ears(owner, self.channel(self.server.channel_id))
        if modes is not None:
            self.client.supported_modes = modes  # type: ignore[assignment] # the test's
        await self.client.connect(timeout=10.0, reconnect=True)
        self.client.listen()
        return self.client


class Ears(discord.VoiceClient):
    """discord.py's client, and the least receiver on its socket."""

    def create_connection_state(self) -> VoiceConnectionState:
        """Listen to the voice websocket; discord.py calls this."""
        self.users: dict[int, int] = {}
        self.frames: dict[int, list[bytes]] = {}
        self.early: list[bytes] = []
        self.failures: list[str] = []
        self.closes: list[int] = []
        return VoiceConnectionState(self, hook=self._on_message)

    def listen(self) -> None:
        """Hear what comes over UDP."""
        self._connection.add_socket_listener(self._on_datagram)

    @property
    def dave(self) -> davey.DaveSession:
        """The client's own DAVE session."""
        session = self._connection.dave_session
        assert session is not None
        return session

    def spoken(self, user_id: int) -> list[bytes]:
        """Frames heard of a user, without silence."""
        return [f for f in self.frames.get(user_id, ()) if f != SILENCE]

    async def _on_message(self, _: Any, message: dict[str, Any]) -> None:
        if message["op"] == 5:
            self.users[message["d"]["ssrc"]] = int(message["d"]["user_id"])
            early, self.early = self.early, []
            for data in early:  # op 5 and the first packet race each other
                self._on_datagram(data)

    def _on_datagram(self, data: bytes) -> None:
        if len(data) < 36 or data[0] >> 6 != 2 or data[1] & 0x7F != 120:
            return
        try:
            user_id, frame = self._open(data)
        except LookupError:
            self.early.append(data)
        except ValueError as error:
            self.failures.append(str(error))
        else:
            self.frames.setdefault(user_id, []).append(frame)

    def _open(self, data: bytes) -> tuple[int, bytes]:
        size, body = 12 + 4 * (data[0] & 15), 0
        if data[0] & 0x10:
            body = 4 * struct.unpack_from(">H", data, size + 2)[0]
            size += 4
        user_id = self.users[struct.unpack_from(">I", data, 8)[0]]
        plain = self._decrypt(data[:size], data[size:-4], data[-4:])
        if data[0] & 0x20:
            plain = plain[: -plain[-1]]
        frame = plain[body:]
        state = self._connection
        if frame != SILENCE and state.dave_session and state.dave_protocol_version:
            frame = state.dave_session.decrypt(user_id, davey.MediaType.audio, frame)
        return user_id, bytes(frame)

    def _decrypt(self, head: bytes, sealed: bytes, nonce: bytes) -> bytes:
        key = bytes(self._connection.secret_key)
        if self.mode == "aead_aes256_gcm_rtpsize":
            return AESGCM(key).decrypt(nonce + bytes(8), sealed, head)
        return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed, head, nonce + bytes(20), key
        )


@asynccontextmanager
async def connected(
    server: VoiceServer, *, modes: tuple[str, ...] | None = None
) -> AsyncIterator[Ears]:
    """Connect discord.py's client to a started server; leave at the end."""
    clients = Clients()
    guild = Guild(clients, server, await clients.host(server))
    client = await guild.connect(modes=modes)
    try:
        yield client
    finally:
        await client.disconnect(force=True)
        await server.remove_member(BOT)
        await server.stop()
        await clients.close()
