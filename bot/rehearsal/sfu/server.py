"""The voice server of one channel: voice gateway v8, UDP, DAVE delivery, speakers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aiohttp import web

from bot.rehearsal.sfu.faults import Faults


class VoiceServer:
    """One channel's voice server on the loopback.

    All methods belong to the event loop that ran :meth:`start`.
    """

    def __init__(
        self,
        channel_id: int,
        *,
        dave: bool,
        faults: Faults,
        on_received: Callable[[int, bytes], None],
        server_id: int | None = None,
    ) -> None: ...

    @property
    def udp_port(self) -> int: ...

    async def start(self) -> None:
        """Bind the UDP port (127.0.0.1) and start the ticker."""

    async def stop(self) -> None:
        """Close every websocket (1001) and the UDP port; unfinished speech ends."""

    async def websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one client's voice websocket (`/?v=8`) until it closes."""

    def expect(self, user_id: int, session_id: str, token: str) -> None:
        """Note the ticket of a real client: the main gateway has issued it."""

    async def add_member(self, user_id: int) -> None:
        """Let a scripted member into the channel (op 11; its own DAVE session)."""

    async def remove_member(self, user_id: int) -> None:
        """Take a scripted member or a real client out (op 13; client closed 4014)."""

    def set_forwarded(self, user_id: int, on: bool) -> None:
        """Forward a user's packets, or drop them (suppressed or server-muted)."""

    async def speak(
        self, user_id: int, frames: Sequence[bytes], *, start: float | None = None
    ) -> None:
        """Send 20 ms Opus frames in real time, then 5 silence frames; return at the end.

        `start`: when, on the event loop's clock (`loop.time()`); None = at once.
        Speech of one member that overlaps an earlier call follows it.
        """

    def hush(self, user_id: int) -> None:
        """End a member's speech now (it left, its microphone was closed)."""

    async def kick(self, user_id: int, code: int) -> None:
        """Close a real client's websocket with this code (4015 may resume)."""

    async def set_dave(self, on: bool) -> None:
        """Downgrade the channel to transport encryption (op 21/22), or upgrade (op 24)."""
