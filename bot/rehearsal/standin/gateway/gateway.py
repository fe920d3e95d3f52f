"""The main gateway: all sessions, and what they ask of voice."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from bot.rehearsal.standin.gateway.connection import Connection
from bot.rehearsal.standin.gateway.session import Session
from bot.rehearsal.standin.gateway.settings import GatewaySettings
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import Refusal
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import voice
from bot.rehearsal.standin.world.state import (
    Dispatch,
    Notice,
    VoiceState,
    World,
)

IN_CHANNEL = ("MESSAGE_", "TYPING_", "THREAD_", "CHANNEL_PINS_")
"""How dispatches begin that reach only who sees the channel."""

VoiceTicket = Callable[[Session, int], None]
"""Issue a voice ticket to a session for the channel that its bot is in."""


class Gateway:
    """Every client's way to hear what happens."""

    def __init__(
        self, world: World, token: str, settings: GatewaySettings, ticket: VoiceTicket
    ) -> None:
        self.world = world
        self.token = token
        self.settings = settings
        self.sessions: dict[str, Session] = {}
        self.connections: list[Connection] = []
        self._ticket = ticket
        world.watch(self._pass_on)

    @property
    def online(self) -> bool:
        """Say whether a client is connected and identified."""
        return any(one.session is not None for one in self.connections)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one client."""
        connection = Connection(self, request)
        self.connections.append(connection)
        try:
            return await connection.serve()
        finally:
            self.connections.remove(connection)

    async def close(self, code: int) -> None:
        """Hang up on every client; their sessions can be resumed."""
        for connection in list(self.connections):
            await connection.close(code)

    def end(self, session: Session) -> None:
        """Forget a session for good; its bot leaves voice."""
        self.sessions.pop(session.id, None)
        state = self.world.voice.get(self.world.bot.id)
        if state is not None and state.session_id == session.id:
            voice.leave(self.world, self.world.bot.id)

    def expire(self, now: float) -> None:
        """End the sessions that nobody has resumed in time."""
        for session in list(self.sessions.values()):
            left_at = session.left_at
            if left_at is not None and now >= left_at + self.settings.resumable_s:
                self.end(session)

    def join_voice(self, session: Session, request: Json) -> None:
        """Move the bot in voice, as its client asks, after a moment."""
        loop = asyncio.get_running_loop()
        loop.call_later(self.settings.voice_delay_s, self._join, session, request)

    def _join(self, session: Session, request: Json) -> None:
        """Join or leave; who is not let in is refused in silence, as by Discord."""
        own_id, channel = self.world.bot.id, request.get("channel_id")
        before = self.world.voice.get(own_id)
        if channel is None:
            voice.leave(self.world, own_id)
            return
        old = None if before is None else _wanted(before)
        joined = voice.join(
            self.world,
            own_id,
            int(channel),
            session_id=session.id,
            self_mute=bool(request.get("self_mute")),
            self_deaf=bool(request.get("self_deaf")),
        )
        if not joined:
            return
        now = self.world.voice[own_id]
        # Who asks for the channel it is in, changing nothing, wants a new ticket;
        # for a channel that is new to it, it gets one anyway.
        if old == _wanted(now):
            self._ticket(session, now.channel_id)

    def _pass_on(self, notice: Notice) -> None:
        if isinstance(notice, Dispatch) and self._sees(notice):
            for session in self.sessions.values():
                session.dispatch(notice.name, notice.data)

    def _sees(self, notice: Dispatch) -> bool:
        """Say whether the bot sees the channel that something is said in."""
        if not notice.name.startswith(IN_CHANNEL):
            return True
        where = notice.data.get("channel_id") or notice.data["id"]
        try:
            channel = self.world.channel(int(where))
        except Refusal:
            return True  # it went with what is told of it
        return Permission.VIEW_CHANNEL in self.world.granted(self.world.bot.id, channel)


def _wanted(state: VoiceState) -> tuple[int, str, bool, bool]:
    return state.channel_id, state.session_id, state.self_mute, state.self_deaf
