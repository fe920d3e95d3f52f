"""The voice connection over time: what it outlives, and how it ends.

discord.py's poller is replaced: it resumes so that it cannot succeed, stalls, takes a
move after a reconnect for a kick, and dies of messages. Here

- a broken websocket is resumed, and the sound goes on meanwhile; where that cannot be,
  a fresh join follows at once, until it works or the room leaves;
- a move is followed; a kick is obeyed; being deafened by a moderator is noticed;
- an end is told to the ``Listener``, never silent.

Event loop only. Private names of discord.py 2.7.1 used, beside those of ``handshake``:
``_poll_voice_ws``, ``_connect``, ``_runner``, ``_connector``.
"""

import asyncio
import logging
from typing import Any

import discord
from discord.errors import ConnectionClosed
from discord.gateway import DiscordVoiceWebSocket
from discord.utils import MISSING
from discord.voice_state import ConnectionFlowState
from typing_extensions import override

from bot.voice.gateway import TROUBLE
from bot.voice.handshake import HANDSHAKE_S, Handshake, named
from bot.voice.listener import LinkState, Listener

log = logging.getLogger(__name__)

RESUME_S = 3.0
"""Seconds for a resume; then a fresh join is quicker."""

LEAVE_S = 1.0
"""Seconds to wait for the main gateway to confirm that we left.

None comes when the whole bot shuts down, and a shutdown must not wait for it."""

LONGEST_PAUSE_S = 30.0
"""Seconds between rejoins, at most."""

STEADY_S = 60.0
"""Seconds after which a connection that broke had been a good one."""

KICKED = (4014, 4022)
"""Moved or thrown out; the main gateway says which."""

FINAL = {1000: "closed", 4021: "rate_limited"}
"""Close codes after which nobody should try again."""

NO_RESUME = (4003, 4004, 4006, 4009, 4011, 4012, 4016, 4017, 4020)
"""Close codes that say that the session is gone or was never good."""


class Backoff:
    """How long to wait before the next attempt: not at all for the first.

    A server that lets us in and closes at once would otherwise be joined as fast as
    the network goes, and the main gateway takes 120 messages a minute.
    """

    def __init__(self) -> None:
        self._pause = 0.0
        self._last = -STEADY_S

    def pause(self, now: float) -> float:
        """Return the seconds to wait before an attempt; ``now``: any steady seconds."""
        again = now - self._last < STEADY_S
        self._pause = min(LONGEST_PAUSE_S, 2 * self._pause or 1.0) if again else 0.0
        self._last = now + self._pause
        return self._pause


class VoiceConnection(Handshake):
    """One bot's voice connection in one guild."""

    def __init__(self, voice_client: discord.VoiceClient, listener: Listener) -> None:
        super().__init__(voice_client, listener)
        self._why = ""
        self._resumes = Backoff()
        self._rejoins = Backoff()
        self._admitted = False
        """Discord has said that we are in the channel, and we have not left since."""

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
        leaving = self.state is ConnectionFlowState.disconnected
        if code == 1000 and (leaving or self._expecting_disconnect):
            return False  # closed by ourselves: whoever did so says why
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
        await self._wait(self._resumes)
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
        while True:
            self._stop_if_over()
            await self._wait(self._rejoins)
            await self.disconnect(cleanup=False)
            flags = self.self_voice_state or self
            try:
                await self._connect(
                    True, self.timeout, flags.self_deaf, flags.self_mute, False
                )
            except TROUBLE as trouble:
                log.warning("voice: rejoin failed: %s", named(trouble))
            else:
                return True

    async def _wait(self, backoff: Backoff) -> None:
        await asyncio.sleep(backoff.pause(self.voice_client.loop.time()))

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
        if data["channel_id"] is not None:
            self._admitted = True
            self.listener.server_deaf(bool(data.get("deaf")))
        elif not self._expecting_disconnect:
            if not self._admitted:
                # Nobody is thrown out who is not in: a former connection's leaving.
                log.debug("voice: told late of a leaving")
                return
            self._why = self._why or "kicked"
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
        self._why = self._why or why
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
        self._admitted = False
        if cleanup:
            self._over = True
            kicked = self._disconnected.is_set() and not self._expecting_disconnect
            self._why = self._why or ("kicked" if kicked else "left")
            self._stop_trying()
            self.timeout = min(self.timeout, LEAVE_S)
        await super().disconnect(force=force, cleanup=cleanup, wait=wait)
        if cleanup:
            self.listener.changed(LinkState.LOST, self._why)

    def _stop_trying(self) -> None:
        """End a reconnect that is under way, unless it is what calls us."""
        for task in (self._runner, self._connector):
            if task is not None and task is not asyncio.current_task():
                task.cancel()


def close_code(trouble: Exception) -> int:
    """Return the close code of a failed websocket; -1 where it had none."""
    return trouble.code if isinstance(trouble, ConnectionClosed) else -1
