"""The voice connection over time: discord.py's handshake, and our own endurance.

discord.py's ``VoiceConnectionState`` keeps what is hard and right in it: matching the
main gateway's two updates, the handshake, the bookkeeping of moves. Replaced is what
cannot serve a receiver:

- its reader thread (``select`` fails from descriptor 1024 on, and blocks a reconnect
  for 30 s): the ``Listener`` reads instead, on its own duplicate of the socket;
- its poller: a resume that can succeed (the sound goes on meanwhile), and otherwise a
  fresh join at once; a move that is followed; an end that is told, never silent;
- five failed handshakes that count as success.

Event loop only. Private names of discord.py 2.7.1 used, checked by
``tests/bot/voice/test_pinned.py``: ``_socket_reader`` (its thread is never started),
``_create_socket``, ``_connect_websocket``, ``_handshake_websocket``,
``_voice_connect``, ``_inner_connect``, ``_connect``, ``_poll_voice_ws``, ``_runner``,
``_connector``, ``_disconnected``, ``_expecting_disconnect``, ``_wait_for_state``.
"""

import asyncio
import logging
import socket
from typing import Any

import aiohttp
import discord
from discord.errors import ConnectionClosed
from discord.gateway import DiscordVoiceWebSocket
from discord.utils import MISSING
from discord.voice_state import ConnectionFlowState, VoiceConnectionState
from typing_extensions import override

from bot.voice.circuit import Circuit, Roster
from bot.voice.errors import CannotJoin, VoiceError
from bot.voice.gateway import VoiceGateway
from bot.voice.group import DaveGroup
from bot.voice.listener import LinkState, Listener

log = logging.getLogger(__name__)

TRIES = 4
"""Handshakes of one join or rejoin."""

HANDSHAKE_S = 10.0
"""Seconds for one handshake, the main gateway's answers included."""

RESUME_S = 3.0
"""Seconds for a resume; then a fresh join is quicker."""

LEAVE_S = 3.0
"""Seconds to wait for the main gateway to confirm that we left."""

LONGEST_PAUSE_S = 30.0
"""Seconds between rejoins, at most."""

RECEIVE_BUFFER_BYTES = 4 << 20
"""The kernel's default holds 0.13 s of 25 speakers."""

SO_RCVBUFFORCE = 33
"""Linux: beyond the system's limit, where the process may."""

KICKED = (4014, 4022)
"""Moved or thrown out; the main gateway says which."""

FINAL = {1000: "closed", 4021: "rate_limited"}
"""Close codes after which nobody should try again."""

NO_RESUME = (4003, 4004, 4006, 4009, 4011, 4012, 4016, 4017, 4020)
"""Close codes that say that the session is gone or was never good."""

TROUBLE = (ConnectionClosed, aiohttp.ClientError, OSError, VoiceError)
"""How a websocket or handshake fails; TimeoutError is an OSError."""


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


class VoiceConnection(VoiceConnectionState):
    """One bot's voice connection in one guild."""

    ws: VoiceGateway

    def __init__(self, voice_client: discord.VoiceClient, listener: Listener) -> None:
        super().__init__(voice_client)
        roster = Roster(self.user.id, self._in_channel)
        self.circuit = Circuit(DaveGroup(self, listener.group), listener, roster)
        self.listener = listener
        self._why = ""

    @property  # type: ignore[explicit-override]  # an attribute there, not a method
    def _socket_reader(self) -> Any:
        return IdleReader()

    @_socket_reader.setter
    def _socket_reader(self, reader: Any) -> None:
        """Let go of discord.py's reader before its thread starts."""

    def _in_channel(self) -> list[int]:
        return list(self.voice_client.channel.voice_states)

    @override
    def _create_socket(self) -> None:
        if self.socket:
            self.socket.close()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        for option in (socket.SO_RCVBUF, SO_RCVBUFFORCE):
            try:
                self.socket.setsockopt(socket.SOL_SOCKET, option, RECEIVE_BUFFER_BYTES)
            except OSError:  # not allowed, or not Linux: the first one has to do
                break

    @override
    async def reinit_dave_session(self) -> None:
        """Make or renew the group's session, and say so."""
        await super().reinit_dave_session()
        self.circuit.group.changed()

    async def recover(self) -> None:
        """Ask to be added to the encryption group anew (op 31)."""
        if self.dave_session is None or not self.is_connected():
            return
        try:
            await self._recover_from_invalid_commit(self.circuit.group.last_transition)
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
        for attempt in range(TRIES):
            try:
                async with asyncio.timeout(HANDSHAKE_S):
                    await self._join(self_deaf, self_mute)
                return
            except TROUBLE as trouble:
                log.warning(
                    "voice: handshake %d failed: %s", attempt + 1, named(trouble)
                )
                if not reconnect:
                    raise
                await self.disconnect(cleanup=False)
                await asyncio.sleep(0.5 * 2**attempt)
        raise CannotJoin(f"{TRIES} voice handshakes failed")

    async def _join(self, self_deaf: bool, self_mute: bool) -> None:
        await self._voice_connect(self_deaf=self_deaf, self_mute=self_mute)
        if self.state is ConnectionFlowState.disconnected:
            self.state = ConnectionFlowState.set_guild_voice_state
        await self._wait_for_state(ConnectionFlowState.got_both_voice_updates)
        self.ws = await self._connect_websocket(False)
        await self._handshake_websocket()
        # The answer to our own leaving may have come after the join: it is spent now,
        # or the next move would be taken for a kick.
        self._disconnected.clear()
        self._expecting_disconnect = False
        self.listener.changed(LinkState.CONNECTED, "joined")

    # ------------------------------------------------------------ staying

    @override
    async def _poll_voice_ws(self, reconnect: bool) -> None:
        while True:
            try:
                await self.ws.poll_event()
            except TROUBLE as trouble:
                if not await self._carry_on(close_code(trouble), reconnect):
                    return

    async def _carry_on(self, code: int, reconnect: bool) -> bool:
        """Get over a closed websocket; False = it is over."""
        if code == 1000 and self._expecting_disconnect:
            return False
        log.info("voice: the websocket closed with %d", code)
        if code in KICKED:
            return await self._follow()
        if code in FINAL or not reconnect:
            return await self._give_up(FINAL.get(code, f"close_{code}"))
        self.listener.changed(LinkState.RECONNECTING, f"close_{code}")
        if code not in NO_RESUME and await self._resume():
            self.listener.changed(LinkState.CONNECTED, "resumed")
            return True
        return await self._rejoin()

    async def _resume(self) -> bool:
        """Take up the same session on a new websocket; UDP and keys stay."""
        former = self.ws
        await former.close()
        try:
            async with asyncio.timeout(RESUME_S):
                self.ws = await self._connect_websocket(True)
                self.ws.secret_key = former.secret_key
                while not self.ws.resumed:
                    await self.ws.poll_event()
        except TROUBLE as trouble:
            log.info("voice: no resume: %s", named(trouble))
            return False
        return True

    async def _rejoin(self) -> bool:
        """Leave and join the channel until it works or the room leaves."""
        pause = 0.0
        while True:
            await asyncio.sleep(pause)
            await self.disconnect(cleanup=False)
            flags = self.self_voice_state or self
            try:
                await self._connect(
                    True, self.timeout, flags.self_deaf, flags.self_mute, False
                )
            except TROUBLE as trouble:
                log.warning("voice: rejoin failed: %s", named(trouble))
                pause = min(LONGEST_PAUSE_S, 2 * pause or 1.0)
            else:
                return True

    async def _follow(self) -> bool:
        """Find out whether we were moved or thrown out, and act on it."""
        if self._disconnected.is_set():
            return await self._give_up("kicked")
        self.listener.changed(LinkState.RECONNECTING, "moved")
        try:
            async with asyncio.timeout(HANDSHAKE_S):
                await self._wait_for_state(
                    ConnectionFlowState.got_voice_server_update,
                    ConnectionFlowState.got_both_voice_updates,
                    ConnectionFlowState.disconnected,
                )
        except TimeoutError:
            return await self._give_up("dropped")
        if self.state is ConnectionFlowState.disconnected:
            return False
        former = self.ws
        self.ip = MISSING
        self._create_socket()
        try:
            async with asyncio.timeout(HANDSHAKE_S):
                self.ws = await self._connect_websocket(False)
                await self._handshake_websocket()
        except TROUBLE as trouble:
            log.warning("voice: move failed: %s", named(trouble))
            return await self._rejoin()
        finally:
            await former.close()
        self.listener.changed(LinkState.CONNECTED, "moved")
        return True

    @override
    async def voice_server_update(self, data: Any) -> None:
        """Take the main gateway's word on where the voice server is."""
        former = self.ws
        await super().voice_server_update(data)
        await self._hang_up(former)

    @override
    async def voice_state_update(self, data: Any) -> None:
        """Take the main gateway's word on where we are."""
        former = self.ws
        await super().voice_state_update(data)
        await self._hang_up(former)

    async def _hang_up(self, former: DiscordVoiceWebSocket) -> None:
        """Close the websocket of the channel that we moved out of.

        Discord does so too, but the poller must not depend on when.
        """
        moved = self.state is ConnectionFlowState.got_both_voice_updates
        if moved and self._runner is not None and former:
            await former.close(4014)

    # ------------------------------------------------------------ ending

    async def _give_up(self, why: str) -> bool:
        self._why = why
        await self.disconnect()
        return False

    @override
    async def soft_disconnect(
        self,
        *,
        with_state: ConnectionFlowState = ConnectionFlowState.got_both_voice_updates,
    ) -> None:
        """Close the websocket for another handshake."""
        self.listener.deafen()
        await super().soft_disconnect(with_state=with_state)

    @override
    async def disconnect(
        self, *, force: bool = True, cleanup: bool = True, wait: bool = False
    ) -> None:
        """Leave the channel; with ``cleanup`` for good."""
        self.listener.deafen()
        if cleanup:
            self._stop_trying()
            self.timeout = min(self.timeout, LEAVE_S)
        await super().disconnect(force=force, cleanup=cleanup, wait=wait)
        if cleanup:
            kicked = self._disconnected.is_set() and not self._expecting_disconnect
            self.listener.changed(
                LinkState.LOST, self._why or ("kicked" if kicked else "left")
            )

    def _stop_trying(self) -> None:
        """End a reconnect that is under way, unless it is what calls us."""
        for task in (self._runner, self._connector):
            if task is not None and task is not asyncio.current_task():
                task.cancel()


def close_code(trouble: Exception) -> int:
    """Return the close code of a failed websocket; -1 where it had none."""
    return trouble.code if isinstance(trouble, ConnectionClosed) else -1


def named(trouble: Exception) -> str:
    """Return what is safe to log of an error: never a token or an address."""
    if isinstance(trouble, ConnectionClosed):
        return f"close code {trouble.code}"
    return type(trouble).__name__
