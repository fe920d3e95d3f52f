"""The voice gateway, version 8: one websocket of one client.

Order of a new session: hello (8) → identify (0) → ready (2), clients (11) → IP
discovery over UDP → select protocol (1) → session description (4) → DAVE (25 …) →
speaking (5).
After a resume (7 → 9) come the messages that the client has missed.

Source: Discord, "Voice Connections" (payloads, close codes).
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections import deque

import aiohttp
from aiohttp import web

from bot.rehearsal.sfu import payload
from bot.rehearsal.sfu.channel import Channel
from bot.rehearsal.sfu.client import Client
from bot.rehearsal.sfu.errors import SessionClosedError
from bot.rehearsal.sfu.member import Reply
from bot.rehearsal.sfu.opcodes import FINAL, Close, Op
from bot.rehearsal.sfu.outbox import Outbox
from bot.rehearsal.sfu.rtp import CIPHERS
from bot.rehearsal.sfu.tickets import Ticket, Tickets

_log = logging.getLogger(__name__)

HEARTBEAT_S = 13.75
MISSED_BEATS = 2
ROUND_TRIP_S = 0.02
RATE, RATE_WINDOW_S = 300, 60.0
RESUME_WINDOW_S = 60.0
CLOSE_TIMEOUT_S = 2.0
GOING_AWAY = 1001
_DAVE_JSON = (Op.TRANSITION_READY, Op.INVALID_COMMIT_WELCOME)
_DAVE_BINARY = (Op.KEY_PACKAGE, Op.COMMIT_WELCOME)
_IGNORED = (
    Op.VIDEO,
    Op.SESSION_UPDATE,
    Op.MEDIA_SINK_WANTS,
    Op.CLIENT_FLAGS,
    Op.CLIENT_PLATFORM,
)


class Gateway:
    """Accepts websockets for one channel."""

    def __init__(self, channel: Channel, tickets: Tickets) -> None:
        self.channel = channel
        self.tickets = tickets
        self.udp_port = 0
        self._open: set[_Connection] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket until it closes."""
        socket = web.WebSocketResponse(timeout=CLOSE_TIMEOUT_S, max_msg_size=1 << 20)
        await socket.prepare(request)
        connection = _Connection(self, socket)
        self._open.add(connection)
        self._idle.clear()
        try:
            await connection.run(request.query.get("v"))
        finally:
            self._open.discard(connection)
            if not self._open:
                self._idle.set()
        return socket

    async def close(self) -> None:
        """Close every websocket, whoever it is, and wait until they are gone."""
        for connection in self._open:
            connection.end(GOING_AWAY, "Going away.")
        await self._idle.wait()


class _Connection:
    """One websocket, before and after it is known whose it is."""

    def __init__(self, gateway: Gateway, socket: web.WebSocketResponse) -> None:
        self._gateway = gateway
        self._channel = gateway.channel
        self._socket = socket
        self._outbox = Outbox()
        self._client: Client | None = None
        self._loop = asyncio.get_running_loop()
        self._beat_at = self._loop.time()
        self._times: deque[float] = deque(maxlen=RATE)

    def end(self, code: int, reason: str) -> None:
        """Close the websocket from outside."""
        self._outbox.end(code, reason)

    async def run(self, version: str | None) -> None:
        writer = asyncio.create_task(self._outbox.drain(self._socket))
        try:
            if version != "8":
                raise SessionClosedError(Close.UNKNOWN_PROTOCOL, "Use version 8.")
            hello = {"v": 8, "heartbeat_interval": HEARTBEAT_S * 1000}
            self._outbox.say(Op.HELLO, hello)
            await self._read()
        except SessionClosedError as error:
            self._outbox.end(error.code, error.reason)
        finally:
            if self._outbox.ended_with is not None:
                await asyncio.wait({writer}, timeout=CLOSE_TIMEOUT_S)
            writer.cancel()
            self._lose_client()

    async def _read(self) -> None:
        while True:
            patience = self._beat_at + MISSED_BEATS * HEARTBEAT_S - self._loop.time()
            try:
                message = await self._socket.receive(timeout=max(0.01, patience))
            except TimeoutError:
                raise SessionClosedError(
                    Close.SESSION_TIMEOUT, "Session timed out."
                ) from None
            if message.type is aiohttp.WSMsgType.TEXT:
                self._limit()
                self._take_json(message.data)
            elif message.type is aiohttp.WSMsgType.BINARY:
                self._limit()
                self._take_binary(message.data)
            else:
                return

    def _lose_client(self) -> None:
        """Keep the session for a resume, unless its end was final."""
        client, channel = self._client, self._channel
        if client is None or channel.clients.get(client.user_id) is not client:
            return
        client.detach(self._outbox)
        if self._outbox.ended_with in FINAL:
            channel.remove(client.user_id)
        elif not client.attached:
            self._loop.call_later(RESUME_WINDOW_S, _expire, channel, client)

    def _limit(self) -> None:
        now = self._loop.time()
        full = len(self._times) == RATE
        if full and self._times[0] > now - RATE_WINDOW_S:
            raise SessionClosedError(Close.RATE_LIMITED, "Rate limited.")
        self._times.append(now)

    def _take_json(self, text: str) -> None:
        try:
            message = json.loads(text)
            op, body = message["op"], message.get("d")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SessionClosedError(
                Close.UNREADABLE, "Failed to decode payload."
            ) from None
        if op not in Op.__members__.values():
            raise SessionClosedError(Close.UNKNOWN_OPCODE, "Unknown opcode.")
        self._handle(Op(op), body)

    def _take_binary(self, data: bytes) -> None:
        if not data or data[0] not in _DAVE_BINARY:
            raise SessionClosedError(Close.UNKNOWN_OPCODE, "Unknown opcode.")
        client = self._authenticated()
        self._channel.answer(client.user_id, Reply(Op(data[0]), bytes(data[1:])))

    def _handle(self, op: Op, body: object) -> None:
        if op is Op.HEARTBEAT:
            self._heartbeat(body)
        elif op is Op.IDENTIFY:
            self._identify(payload.object_of(body))
        elif op is Op.RESUME:
            self._resume(payload.object_of(body))
        elif op is Op.SELECT_PROTOCOL:
            self._select(self._authenticated(), payload.object_of(body))
        elif op is Op.SPEAKING:
            self._speaking(self._authenticated(), payload.object_of(body))
        elif op in _DAVE_JSON:
            client = self._authenticated()
            number = payload.integer_of(payload.object_of(body), "transition_id")
            self._channel.answer(client.user_id, Reply(op, {"transition_id": number}))
        elif op is Op.BACKEND_VERSION:
            self._authenticated()
            self._outbox.say(op, {"voice": "0.0.0", "rtc_worker": "0.0.0"})
        elif op in _IGNORED:
            self._authenticated()
        else:
            raise SessionClosedError(Close.UNKNOWN_OPCODE, "Unknown opcode.")

    def _authenticated(self) -> Client:
        if self._client is None:
            raise SessionClosedError(Close.NOT_AUTHENTICATED, "Not authenticated.")
        return self._client

    def _heartbeat(self, body: object) -> None:
        self._beat_at = self._loop.time()
        sent_at = body
        if isinstance(body, dict):
            sent_at = body.get("t")
            number = body.get("seq_ack")
            if self._client is not None and isinstance(number, int) and number >= 0:
                self._client.acknowledge(number)
        # A client measures its latency by this; no network answers in no time.
        self._loop.call_later(
            ROUND_TRIP_S, self._outbox.say, Op.HEARTBEAT_ACK, {"t": sent_at}
        )

    def _identify(self, body: payload.Json) -> None:
        if self._client is not None:
            raise SessionClosedError(
                Close.ALREADY_AUTHENTICATED, "Already authenticated."
            )
        user_id, session_id = self._gateway.tickets.check(body)
        speaks_dave = payload.integer_of(body, "max_dave_protocol_version", 0) > 0
        if self._channel.dave and not speaks_dave:
            raise SessionClosedError(Close.DAVE_REQUIRED, "E2EE/DAVE protocol required")
        client = self._client = self._channel.add_client(user_id, session_id)
        client.speaks_dave = self._channel.dave
        client.attach(self._outbox)
        ready = {
            "ssrc": client.ssrc,
            "ip": "127.0.0.1",
            "port": self._gateway.udp_port,
            "modes": list(CIPHERS),
            "experiments": [],
            "streams": [],
        }
        self._outbox.say(Op.READY, ready)
        others = [str(other) for other in self._channel.others(user_id)]
        if others:
            client.send(Op.CLIENTS_CONNECT, {"user_ids": others})

    def _resume(self, body: payload.Json) -> None:
        ticket = Ticket(
            payload.text_of(body, "session_id"), payload.text_of(body, "token")
        )
        number = payload.integer_of(body, "seq_ack", -1)
        for client in self._channel.clients.values():
            if client.session_id == ticket.session_id and client.can_resume_from(
                number
            ):
                self._gateway.tickets.check_ticket(client.user_id, ticket)
                break
        else:
            raise SessionClosedError(
                Close.SESSION_INVALID, "Session is no longer valid."
            )
        client.end(Close.SESSION_INVALID, "Resumed elsewhere.")
        self._client = client
        self._outbox.say(Op.RESUMED, None)
        client.attach(self._outbox)
        client.resend(number)

    def _select(self, client: Client, body: payload.Json) -> None:
        if body.get("protocol") != "udp":
            raise SessionClosedError(Close.UNKNOWN_PROTOCOL, "Unknown protocol.")
        chosen = payload.object_of(body.get("data"))
        mode = payload.text_of(chosen, "mode")
        if mode not in CIPHERS:
            raise SessionClosedError(
                Close.UNKNOWN_ENCRYPTION, "Unknown encryption mode."
            )
        if client.address is None:
            client.address = (
                payload.text_of(chosen, "address"),
                payload.integer_of(chosen, "port"),
            )
        client.choose(mode)
        client.heard_at = self._loop.time()
        description = {
            "mode": mode,
            "secret_key": list(client.key),
            "dave_protocol_version": self._channel.dave_version,
            "media_session_id": secrets.token_hex(16),
            "audio_codec": "opus",
            "video_codec": "H264",
        }
        self._outbox.say(Op.SESSION_DESCRIPTION, description)
        self._channel.connected(client)

    def _speaking(self, client: Client, body: payload.Json) -> None:
        on = payload.integer_of(body, "speaking", 0) > 0
        client.inspection.speaking(on, self._loop.time())
        self._channel.spoke(client.user_id, client.ssrc)


def _expire(channel: Channel, client: Client) -> None:
    """Remove a client that has not come back."""
    if channel.clients.get(client.user_id) is client and not client.attached:
        _log.info("user %s did not resume in time", client.user_id)
        channel.remove(client.user_id)
