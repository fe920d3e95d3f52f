"""How the bot gets into a voice channel: discord.py's handshake, made to listen.

discord.py's ``VoiceConnectionState`` keeps what is hard and right in it: matching the
main gateway's two updates, the handshake, the bookkeeping of moves. Replaced is

- its reader thread (``select`` fails from descriptor 1024 on, and blocks a reconnect
  for 30 s): the ``Listener`` reads instead, on its own duplicate of the socket;
- its websocket, by ``VoiceGateway``;
- five failed handshakes that count as success.

Event loop only. Private names of discord.py 2.7.1 used, checked by
``tests/bot/voice/test_pinned.py``: ``_socket_reader`` (its thread is never started),
``_create_socket``, ``_connect_websocket``, ``_handshake_websocket``,
``_voice_connect``, ``_inner_connect``, ``_disconnected``, ``_expecting_disconnect``,
``_wait_for_state``, ``_recover_from_invalid_commit``.
"""

import asyncio
import logging
import socket
from typing import Any

import discord
from discord.errors import ConnectionClosed
from discord.voice_state import ConnectionFlowState, VoiceConnectionState
from typing_extensions import override

from bot.voice import buffer
from bot.voice.circuit import Circuit, Roster
from bot.voice.dave import FORMER_S
from bot.voice.errors import Barrier, CannotJoin, NoCommonMode, VoiceError
from bot.voice.gateway import TROUBLE, VoiceGateway
from bot.voice.group import DaveGroup
from bot.voice.listener import LinkState, Listener

log = logging.getLogger(__name__)

TRIES = 4
"""Handshakes of one join or rejoin."""

HANDSHAKE_S = 10.0
"""Seconds for one handshake, the main gateway's answers included."""


class IdleReader:
    """Stands where discord.py's reader thread stood, and never starts one."""

    def start(self) -> None:
        """Do nothing: the Listener reads."""

    def stop(self) -> None:
        """Do nothing."""

    def pause(self) -> None:
        """Do nothing."""

    def resume(self, *, force: bool = False) -> None:
        """Do nothing."""


class Handshake(VoiceConnectionState):
    """Gets one bot into one voice channel of one guild."""

    ws: VoiceGateway

    def __init__(self, voice_client: discord.VoiceClient, listener: Listener) -> None:
        super().__init__(voice_client)
        roster = Roster(self.user.id, self._in_channel, self._is_silenced)
        self.circuit = Circuit(DaveGroup(self, listener.group), listener, roster)
        self.listener = listener
        self._over = False
        """We have left for good."""

    @property  # type: ignore[explicit-override]  # an attribute there, not a method
    def _socket_reader(self) -> Any:
        return IdleReader()

    @_socket_reader.setter
    def _socket_reader(self, reader: Any) -> None:
        """Let go of discord.py's reader before its thread starts."""

    def _in_channel(self) -> list[int]:
        return list(self.voice_client.channel.voice_states)

    def _is_silenced(self, user_id: int) -> bool:
        states = self.voice_client.channel.voice_states
        state, ours = states.get(user_id), states.get(self.user.id)
        if ours is not None and ours.deaf:
            return True
        return state is not None and (state.mute or state.suppress)

    @override
    def _create_socket(self) -> None:
        if self.socket:
            self.socket.close()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        buffer.enlarge(self.socket)

    @override
    async def reinit_dave_session(self) -> None:
        """Make the group's session anew; the former one opens what is in flight."""
        group = self.circuit.group
        former = group.set_aside()
        await super().reinit_dave_session()
        group.renewed()
        if former is not None:
            self.voice_client.loop.call_later(FORMER_S, group.let_go, former)

    async def recover(self) -> None:
        """Ask to be added to the encryption group anew (op 31)."""
        if self.dave_session is None or not self.is_connected():
            return
        group = self.circuit.group
        group.asked(self.voice_client.loop.time())
        try:
            await self._recover_from_invalid_commit(group.last_transition)
        except OSError:
            log.info("voice: the connection closed before a recovery")

    # ------------------------------------------------------------ joining

    @override
    async def _connect_websocket(self, resume: bool) -> VoiceGateway:
        seq_ack = self.ws.seq_ack if resume else -1
        ws = await VoiceGateway.from_connection_state(
            self, resume=resume, seq_ack=seq_ack
        )
        ws.circuit = self.circuit
        if not resume:
            self.state = ConnectionFlowState.websocket_connected
        return ws

    @override
    async def _inner_connect(
        self, reconnect: bool, self_deaf: bool, self_mute: bool, resume: bool
    ) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                async with asyncio.timeout(HANDSHAKE_S):
                    await self._join(self_deaf, self_mute)
                return
            except TROUBLE as trouble:
                self._stop_if_over()
                log.warning("voice: handshake %d failed: %s", attempt, named(trouble))
                if not reconnect:
                    raise
                await self.disconnect(cleanup=False)
                if attempt == TRIES:
                    raise CannotJoin(failure(trouble), barrier(trouble)) from trouble
                await asyncio.sleep(0.25 * 2**attempt)

    async def _join(self, self_deaf: bool, self_mute: bool) -> None:
        self._stop_if_over()
        await self._voice_connect(self_deaf=self_deaf, self_mute=self_mute)
        if self.state is ConnectionFlowState.disconnected:
            self.state = ConnectionFlowState.set_guild_voice_state
        await self._wait_for_state(ConnectionFlowState.got_both_voice_updates)
        self.ws = await self._connect_websocket(False)
        await self._handshake_websocket()
        self._stop_if_over()
        # The answer to our own leaving may have come after the join: it is spent now,
        # or the next move would be taken for a kick.
        self._disconnected.clear()
        self._expecting_disconnect = False
        self.listener.changed(LinkState.CONNECTED, "joined")

    def _stop_if_over(self) -> None:
        """Raise CancelledError where leaving has cancelled this task, but not yet.

        A task that is cancelled may take one more step before it knows, and
        ``asyncio.wait_for`` of Python 3.11 loses a cancellation to whatever ends what
        it waits for at the same moment (python/cpython#86296): here, the websocket that
        leaving closes. The bot would join once more, and nobody would know.
        """
        if self._over:
            raise asyncio.CancelledError


def barrier(trouble: Exception) -> Barrier:
    """Return what kind of trouble keeps us out."""
    match trouble:
        case CannotJoin():
            return trouble.why
        case NoCommonMode() | ConnectionClosed(code=4016 | 4017):
            return Barrier.ENCRYPTION
        case TimeoutError():
            return Barrier.UNANSWERED
        case _:
            return Barrier.OTHER


def failure(trouble: Exception) -> str:
    """Return a line for a person: how the last handshake failed."""
    said = str(trouble) if isinstance(trouble, VoiceError) else named(trouble)
    return f"{TRIES} voice handshakes failed, the last one with: {said}"


def named(trouble: Exception) -> str:
    """Return what is safe to log of an error: never a token or an address."""
    if isinstance(trouble, ConnectionClosed):
        return f"close code {trouble.code}"
    return type(trouble).__name__
