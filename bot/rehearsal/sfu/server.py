"""The voice server of one channel: voice gateway v8, UDP, DAVE delivery, speakers.

Everything runs on one event loop. One ticker sends for all speakers every 20 ms, one
task lets scripted members do their MLS work; each websocket has its own reader.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import Sequence

from aiohttp import web

from bot.rehearsal.sfu.air import Air, OnReceived
from bot.rehearsal.sfu.channel import Channel
from bot.rehearsal.sfu.errors import VoiceServerError
from bot.rehearsal.sfu.faults import Faults
from bot.rehearsal.sfu.gateway import Gateway
from bot.rehearsal.sfu.inspection import Breach
from bot.rehearsal.sfu.opcodes import FINAL, Close
from bot.rehearsal.sfu.stream import FRAME_S, Stream
from bot.rehearsal.sfu.tickets import Ticket, Tickets


class VoiceServer:
    """One channel's voice server on the loopback.

    All methods belong to the event loop that ran ``start``.
    """

    def __init__(
        self,
        channel_id: int,
        *,
        dave: bool,
        faults: Faults,
        on_received: OnReceived,
        server_id: int | None = None,
    ) -> None:
        """Prepare a server; ``dave``: whether the channel is encrypted end to end.

        ``on_received(user_id, opus)``: an Opus frame of a real client that the others
        in the channel hear; with DAVE that takes a scripted member in the group.
        ``server_id``: the guild that clients must name, None = any.
        """
        self._channel = Channel(channel_id, dave=dave, faults=faults)
        self._tickets = Tickets(server_id)
        self._gateway = Gateway(self._channel, self._tickets)
        self._air = Air(self._channel, on_received)
        self._channel.switched = self._air.read_again
        self._settled = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def channel_id(self) -> int:
        """The channel, which is also the id of its MLS group."""
        return self._channel.channel_id

    @property
    def udp_port(self) -> int:
        """The UDP port on 127.0.0.1."""
        return self._air.udp.port

    @property
    def epoch(self) -> int:
        """The MLS epoch; 0 without a group."""
        return self._channel.delivery.epoch

    def breaches(self, user_id: int) -> Counter[Breach]:
        """Return what was wrong with what a real client sent in its session."""
        client = self._channel.clients.get(user_id)
        if client is None:
            return Counter()
        return client.inspection.breaches(asyncio.get_running_loop().time())

    @property
    def settled(self) -> bool:
        """Whether everybody present is in the group and has its keys."""
        return self._channel.settled

    @property
    def occupants(self) -> list[int]:
        """Users in the channel, scripted members and real clients."""
        return self._channel.others(0)

    async def start(self) -> None:
        """Bind the UDP port (127.0.0.1) and start the ticker."""
        await self._air.udp.open()
        self._gateway.udp_port = self._air.udp.port
        self._tasks = [
            asyncio.create_task(self._tick_for_ever()),
            asyncio.create_task(self._channel.serve_members()),
            asyncio.create_task(self._disturb()),
        ]

    async def stop(self) -> None:
        """Close every websocket (1001) and the UDP port; unfinished speech ends."""
        for stream in self._channel.streams.values():
            stream.hush()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()
        await self._gateway.close()
        self._air.udp.close()

    async def websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one client's voice websocket (``/?v=8``) until it closes."""
        return await self._gateway.serve(request)

    def expect(self, user_id: int, session_id: str, token: str) -> None:
        """Note the ticket of a real client: the main gateway has issued it."""
        self._tickets.issue(user_id, Ticket(session_id, token))

    async def add_member(self, user_id: int) -> None:
        """Let a scripted member into the channel (op 11; its own DAVE session)."""
        self._channel.add_member(user_id)

    async def remove_member(self, user_id: int) -> None:
        """Take a scripted member or a real client out (op 13; client closed 4014)."""
        client = self._channel.clients.get(user_id)
        if client is not None:
            client.end(Close.DISCONNECTED, "Disconnected.")
        self._tickets.withdraw(user_id)
        self._channel.remove(user_id)
        self._air.muted.discard(user_id)
        self._air.deafened.discard(user_id)

    def set_forwarded(self, user_id: int, on: bool) -> None:
        """Forward a user's packets, or drop them (suppressed or server-muted)."""
        if on:
            self._air.muted.discard(user_id)
        else:
            self._air.muted.add(user_id)

    def set_hearing(self, user_id: int, on: bool) -> None:
        """Forward packets to a user, or none (server-deafened)."""
        if on:
            self._air.deafened.discard(user_id)
        else:
            self._air.deafened.add(user_id)

    async def speak(
        self, user_id: int, frames: Sequence[bytes], *, start: float | None = None
    ) -> None:
        """Send 20 ms Opus frames in real time, then 5 of silence; return at the end.

        ``start``: when, on the event loop's clock (``loop.time()``); None = at once.
        Speech of one member that overlaps an earlier call follows it. Raises
        VoiceServerError for somebody who is not a scripted member here.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._stream(user_id).add(frames, loop.time() if start is None else start, done)
        await done

    def hush(self, user_id: int) -> None:
        """End a member's speech now (it left, its microphone was closed)."""
        self._stream(user_id).hush()

    async def kick(self, user_id: int, code: int) -> None:
        """Close a real client's websocket with this code (4015 may resume)."""
        client = self._channel.clients.get(user_id)
        if client is None:
            raise VoiceServerError(f"user {user_id} has no voice session here")
        client.end(code, "Closed by the server.")
        if code in FINAL:
            self._channel.remove(user_id)

    def inject(self, user_id: int, message: str | bytes) -> None:
        """Send a real client a message as it is, however wrong (tests of faults)."""
        client = self._channel.clients.get(user_id)
        if client is None:
            raise VoiceServerError(f"user {user_id} has no voice session here")
        client.inject(message)

    async def set_dave(self, on: bool) -> None:
        """Switch to transport encryption alone (op 21, 22), or back (op 24)."""
        delivery = self._channel.delivery
        now = asyncio.get_running_loop().time()
        self._channel.deliver(delivery.upgrade() if on else delivery.downgrade(now))

    async def settle(self, timeout_s: float = 5.0) -> None:
        """Wait until everybody present is in the group; TimeoutError if that fails."""
        self._settled.clear()
        async with asyncio.timeout(timeout_s):
            await self._settled.wait()

    def _stream(self, user_id: int) -> Stream:
        stream = self._channel.streams.get(user_id)
        if stream is None:
            raise VoiceServerError(f"user {user_id} is no scripted member here")
        return stream

    async def _tick_for_ever(self) -> None:
        """Send what is due every 20 ms, whatever the number of speakers."""
        loop = asyncio.get_running_loop()
        delivery = self._channel.delivery
        zero = loop.time()
        for number in itertools.count(1):
            now = loop.time()
            self._air.tick(number, now)
            deadline = delivery.deadline()
            if deadline is not None and deadline <= now:
                self._channel.deliver(delivery.on_deadline(now))
            if self._channel.settled:
                self._settled.set()
            await asyncio.sleep(max(0.0, zero + number * FRAME_S - loop.time()))

    async def _disturb(self) -> None:
        """Run the timed faults, counted from the first client's arrival."""
        await self._channel.first_connected.wait()
        zero = asyncio.get_running_loop().time()
        await asyncio.gather(
            *(
                self._close_at(zero + r.at, r.code)
                for r in self._channel.faults.reconnects
            ),
            self._spoil_at(zero),
        )

    async def _close_at(self, when: float, code: int) -> None:
        await asyncio.sleep(when - asyncio.get_running_loop().time())
        for user_id in list(self._channel.clients):
            await self.kick(user_id, code)

    async def _spoil_at(self, zero: float) -> None:
        if self._channel.faults.malformed_proposal_at is not None:
            when = zero + self._channel.faults.malformed_proposal_at
            await asyncio.sleep(when - asyncio.get_running_loop().time())
            self._channel.spoil()
