"""One client's connection to the gateway, from HELLO to the close code."""

import asyncio
import json
import zlib
from collections import deque
from typing import Protocol

from aiohttp import WSMsgType, web

from bot.rehearsal.standin.gateway import greeting
from bot.rehearsal.standin.gateway.opcodes import CloseCode, HangUp, Op
from bot.rehearsal.standin.gateway.session import Session, encode
from bot.rehearsal.standin.gateway.settings import GatewaySettings
from bot.rehearsal.standin.intents import KNOWN, PRIVILEGED, Intent
from bot.rehearsal.standin.rest.applications import gateway_url
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.state import World

LARGEST_FRAME = 4096
"""Bytes a client may send in one frame."""
GOODBYES = (1000, 1001)
"""Close codes with which a client ends its session."""
ACK_AFTER_S = 0.02
"""How long a heartbeat's answer takes. An answer that is faster than any network
comes before discord.py has noted that it sent something, and alarms it."""


class Exchange(Protocol):
    """What a connection needs from the gateway that it belongs to."""

    world: World
    token: str
    settings: GatewaySettings
    sessions: dict[str, Session]

    def end(self, session: Session) -> None:
        """Forget a session for good."""

    def join_voice(self, session: Session, request: Json) -> None:
        """Take a "Update Voice State"."""


class Connection:
    """One websocket."""

    def __init__(self, gateway: Exchange, request: web.Request) -> None:
        self._gateway = gateway
        self._world = gateway.world
        self._request = request
        self._socket = web.WebSocketResponse()
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()
        self._session: Session | None = None
        self._received: deque[float] = deque()
        self._goodbye = False
        stream = request.query.get("compress") == "zlib-stream"
        self._stream = zlib.compressobj() if stream else None

    async def serve(self) -> web.WebSocketResponse:
        """Talk to the client until it goes or has to go."""
        await self._socket.prepare(self._request)
        sender = asyncio.create_task(self._send_outgoing())
        beat_ms = int(self._gateway.settings.heartbeat_s * 1000)
        self._put(Op.HELLO, {"heartbeat_interval": beat_ms, "_trace": []})
        try:
            await self._receive()
        except HangUp as reason:
            await self.close(reason.code, str(reason))
        finally:
            sender.cancel()
            self._part()
        return self._socket

    async def close(self, code: int, reason: str = "") -> None:
        """Hang up with a code."""
        while not self._outgoing.empty():
            await self._send(self._outgoing.get_nowait())
        await self._socket.close(code=code, message=reason.encode())

    def invalidate(self, *, resumable: bool) -> None:
        """Tell the client that its session is not valid."""
        if self._session is not None and not resumable:
            self._gateway.end(self._session)
            self._session = None
        self._put(Op.INVALID_SESSION, resumable)

    def ask_to_reconnect(self) -> None:
        """Ask the client to reconnect and resume."""
        self._put(Op.RECONNECT, None)

    @property
    def session(self) -> Session | None:
        """The session that the client has identified or resumed."""
        return self._session

    def _part(self) -> None:
        """Let the session go; a client that says goodbye does not want it back."""
        if self._session is None:
            return
        self._session.detach(self._outgoing, self._world.now())
        if self._goodbye:
            self._gateway.end(self._session)

    async def _receive(self) -> None:
        if self._request.query.get("v") not in (None, "9", "10"):
            raise HangUp(CloseCode.INVALID_API_VERSION)
        patience_s = self._gateway.settings.heartbeat_s * 1.5
        while True:
            try:
                message = await self._socket.receive(timeout=patience_s)
            except TimeoutError as error:
                raise HangUp(CloseCode.SESSION_TIMED_OUT) from error
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                self._goodbye = message.data in GOODBYES
                return
            if len(message.data) > LARGEST_FRAME:
                raise HangUp(CloseCode.DECODE_ERROR)
            self._count_frame()
            self._take(_decode(message.data))

    def _count_frame(self) -> None:
        now, settings = self._world.now(), self._gateway.settings
        self._received.append(now)
        while self._received[0] < now - settings.frames_window_s:
            self._received.popleft()
        if len(self._received) > settings.most_frames:
            raise HangUp(CloseCode.RATE_LIMITED)

    def _take(self, frame: Json) -> None:
        data = frame.get("d")
        match frame.get("op"):
            case Op.HEARTBEAT:
                loop = asyncio.get_running_loop()
                loop.call_later(ACK_AFTER_S, self._put, Op.HEARTBEAT_ACK, None)
            case Op.IDENTIFY:
                self._identify(_object(data))
            case Op.RESUME:
                self._resume(_object(data))
            case _ if self._session is None:
                raise HangUp(CloseCode.NOT_AUTHENTICATED)
            case op:
                self._request_of(self._session, op, data)

    def _request_of(self, session: Session, op: object, data: object) -> None:
        match op:
            case Op.PRESENCE_UPDATE:
                pass  # nobody here looks at a bot's presence
            case Op.VOICE_STATE_UPDATE:
                self._gateway.join_voice(session, _object(data))
            case Op.REQUEST_GUILD_MEMBERS:
                self._send_members(session, _object(data))
            case Op.REQUEST_SOUNDBOARD_SOUNDS:
                for guild_id in _object(data).get("guild_ids") or []:
                    none: Json = {"guild_id": guild_id, "soundboard_sounds": []}
                    session.dispatch("SOUNDBOARD_SOUNDS", none)
            case Op.REQUEST_CHANNEL_INFO:
                info = greeting.channel_info(self._world, _object(data))
                session.dispatch("CHANNEL_INFO", info)
            case _:
                raise HangUp(CloseCode.UNKNOWN_OPCODE)

    def _identify(self, data: Json) -> None:
        if self._session is not None:
            raise HangUp(CloseCode.ALREADY_AUTHENTICATED)
        if str(data.get("token", "")).removeprefix("Bot ") != self._gateway.token:
            raise HangUp(CloseCode.AUTHENTICATION_FAILED)
        shard = data.get("shard") or [0, 1]
        if not (len(shard) == 2 and 0 <= shard[0] < shard[1]):
            raise HangUp(CloseCode.INVALID_SHARD)
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN or intents < 0:
            raise HangUp(CloseCode.INVALID_INTENTS)
        if intents & PRIVILEGED & ~self._gateway.settings.allowed:
            raise HangUp(CloseCode.DISALLOWED_INTENTS)
        host = self._request.host
        session = Session(self._world.bot.id, Intent(intents), host)
        self._gateway.sessions[session.id] = session
        self._session = session
        session.attach(self._outgoing)
        url = gateway_url(_api_host(host), secure=self._request.secure)
        session.dispatch("READY", greeting.ready(self._world, session, shard, url))
        if Intent.GUILDS in session.intents and shard[0] == _shard(self._world, shard):
            session.dispatch("GUILD_CREATE", greeting.guild(self._world, session))

    def _resume(self, data: Json) -> None:
        if self._session is not None:
            raise HangUp(CloseCode.ALREADY_AUTHENTICATED)
        if str(data.get("token", "")).removeprefix("Bot ") != self._gateway.token:
            raise HangUp(CloseCode.AUTHENTICATION_FAILED)
        session = self._gateway.sessions.get(str(data.get("session_id")))
        after = data.get("seq")
        after = after if isinstance(after, int) else 0
        if session is None or not session.can_replay(after):
            self.invalidate(resumable=False)
            return
        self._session = session
        for frame in session.replay(after):
            self._outgoing.put_nowait(frame)
        session.attach(self._outgoing)
        session.dispatch("RESUMED", {"_trace": []})

    def _send_members(self, session: Session, request: Json) -> None:
        everybody = not request.get("user_ids") and not request.get("query")
        if everybody and Intent.GUILD_MEMBERS not in session.intents:
            raise HangUp(CloseCode.DISALLOWED_INTENTS)
        now, every_s = self._world.now(), self._gateway.settings.members_every_s
        if everybody and now < session.members_requested_at + every_s:
            wait_s = session.members_requested_at + every_s - now
            told: Json = {
                "opcode": int(Op.REQUEST_GUILD_MEMBERS),
                "retry_after": round(wait_s, 3),
                "meta": {
                    "guild_id": str(self._world.guild.id),
                    "nonce": request.get("nonce"),
                },
            }
            session.dispatch("RATE_LIMITED", told)
            return
        if everybody:
            session.members_requested_at = now
        for chunk in greeting.chunks(self._world, request):
            session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    def _put(self, op: Op, data: object) -> None:
        self._outgoing.put_nowait(encode(op, data))

    async def _send_outgoing(self) -> None:
        while True:
            await self._send(await self._outgoing.get())

    async def _send(self, frame: str) -> None:
        if self._socket.closed:
            return
        try:
            if self._stream is None:
                await self._socket.send_str(frame)
                return
            packed = self._stream.compress(frame.encode())
            packed += self._stream.flush(zlib.Z_SYNC_FLUSH)
            await self._socket.send_bytes(packed)
        except ConnectionError:
            return  # the client has gone; its session keeps the frames


def _decode(raw: str | bytes) -> Json:
    try:
        frame = json.loads(raw)
    except ValueError as error:
        raise HangUp(CloseCode.DECODE_ERROR) from error
    return _object(frame)


def _object(data: object) -> Json:
    if not isinstance(data, dict):
        raise HangUp(CloseCode.DECODE_ERROR)
    return data


def _api_host(host: str) -> str:
    return "discord.com" if host.partition(":")[0].endswith("discord.gg") else host


def _shard(world: World, shard: list[int]) -> int:
    return int((world.guild.id >> 22) % shard[1])
