"""The voice websocket: discord.py's, made safe against what the network says.

Rules:

1. Only a closed connection leaves ``poll_event`` as an exception. A message outside
   the protocol, or out of its order, is dropped and counted; discord.py's poller would
   end for good.
2. What was learned goes to the ``Listener`` by ``call_soon``: an error there is
   logged by the event loop and never reaches the poller.
3. IP discovery is asked again when the answer does not come: UDP may lose it.

Overridden or used of discord.py's ``DiscordVoiceWebSocket``: ``poll_event``,
``received_message``, ``received_binary_message``, ``discover_ip``, ``close``,
``seq_ack``, ``_keep_alive`` (set at hello), ``_connection`` (the state object, set by
``from_connection_state``), and of that ``_recover_from_invalid_commit`` (op 31).
"""

import asyncio
import logging
import struct
from typing import Any

import aiohttp
from discord.errors import ConnectionClosed
from discord.gateway import DiscordVoiceWebSocket
from typing_extensions import override

from bot.voice import discovery, ops, transport
from bot.voice.circuit import INTRODUCED_S, Circuit
from bot.voice.errors import Barrier, CannotJoin, MalformedMessage, VoiceError
from bot.voice.group import GroupRefused
from bot.voice.listener import Wire

log = logging.getLogger(__name__)

TROUBLE = (ConnectionClosed, aiohttp.ClientError, OSError, VoiceError)
"""How a websocket or handshake fails; TimeoutError is an OSError."""

GOODBYE_S = 1.0
"""Seconds that the server gets to answer a closing; discord.py waits for 30, which a
server that has died would make a reconnect or a move wait, too."""

CATCH_UP_S = 0.5
"""Seconds that an epoch waits at most for what came before it to be opened."""

DISCOVERY_TRIES = 6
DISCOVERY_S = 0.5
"""Seconds until the next try."""

REVOKE = 1
"""First byte of op 27's body: proposals are taken back, not added."""


class VoiceGateway(DiscordVoiceWebSocket):
    """One websocket to the voice gateway, v8."""

    circuit: Circuit
    """Set right after construction, before the first message is read."""

    ready = False
    """The server has said where UDP goes (op 2), or resumed the former session."""

    resumed = False
    """The server has taken up the former session again (op 9)."""

    @override
    async def poll_event(self) -> None:
        """Wait for one message and act on it; raises when the connection is over."""
        try:
            await super().poll_event()
        except (ValueError, RecursionError):
            # No JSON, or a number of more digits than Python reads.
            self._drop("json")

    @override
    async def received_message(self, msg: Any) -> None:
        """Act on a JSON message; what is malformed is dropped."""
        try:
            message = ops.read(msg)
            self._check(message)
        except MalformedMessage as malformed:
            log.debug("voice: %s", malformed)
            self._drop("json")
            return
        try:
            await self._act(msg, message)
        except TROUBLE:
            raise
        except Exception:
            # Whatever it is: without the poller nobody new would ever be heard.
            log.exception("voice: a message could not be acted on")
            self._drop("error")

    async def _act(self, msg: Any, message: ops.Message) -> None:
        match message:
            case ops.PrepareTransition() | ops.ExecuteTransition() | ops.PrepareEpoch():
                self.seq_ack = msg.get("seq", self.seq_ack)
                await self._transition(message)
            case ops.Ready(modes):
                self.ready = True
                ready = msg["d"] | {"modes": [transport.pick(modes)]}
                self.loop.call_soon(self.circuit.listener.renew)
                self.circuit.roster.clear()
                self.circuit.group.restart()
                await super().received_message(msg | {"d": ready})
            case ops.Described():
                await self._describe(msg, message)
            case _:
                await super().received_message(msg)
                self._learn(message)

    def _check(self, message: ops.Message) -> None:
        """Raise MalformedMessage for what may not be said, or not now."""
        match message:
            case ops.Described(mode) if mode not in transport.MODES:
                raise MalformedMessage(f"mode {mode} was not asked for")
            case ops.Described() if not self.ready:
                raise MalformedMessage("a key before the server is ready")
            case ops.Ready() if self.ready:
                raise MalformedMessage("ready once more")
            case ops.Hello() if self._keep_alive is not None:
                raise MalformedMessage("hello once more")  # another heartbeat thread
            case _:
                pass

    async def _describe(self, msg: Any, message: ops.Described) -> None:
        """Take the transport key; the voice thread starts with it."""
        group = self.circuit.group
        group.describe(message.dave_version)
        described = msg["d"] | {"dave_protocol_version": message.dave_version}
        await super().received_message(msg | {"d": described})
        group.described()
        state = self._connection
        channel_id = state.voice_client.channel.id
        wire = Wire(
            state.socket,
            message.mode,
            message.key,
            channel_id,
            state.user.id,
            state.ssrc,
            (state.ip, state.port) if state.ip and state.port else None,
        )
        self.loop.call_soon(self.circuit.listener.listen, wire)

    def _learn(self, message: ops.Message) -> None:
        """Tell the listener who is who."""
        listener, roster = self.circuit.listener, self.circuit.roster
        soon = self.loop.call_soon
        match message:
            case ops.Speaking(user_id, ssrc, speaking):
                roster.joined([user_id])
                if ssrc:
                    soon(listener.identify, user_id, ssrc)
                if speaking and roster.is_forwarded(user_id):
                    soon(listener.speaking, user_id)
            case ops.Streams(user_id, ssrc):
                roster.joined([user_id])
                if ssrc:
                    soon(listener.identify, user_id, ssrc)
            case ops.Connected(user_ids):
                roster.joined(user_ids)
            case ops.Disconnected(user_id):
                roster.left(user_id)
                soon(listener.departed, user_id)
            case ops.Resumed():
                self.ready = self.resumed = True
            case _:
                pass

    async def _transition(
        self, message: ops.PrepareTransition | ops.ExecuteTransition | ops.PrepareEpoch
    ) -> None:
        group = self.circuit.group
        match message:
            case ops.PrepareTransition(transition_id, version):
                if group.prepare(transition_id, version):
                    await self.send_transition_ready(transition_id)
            case ops.ExecuteTransition(transition_id):
                group.execute(transition_id)
            case ops.PrepareEpoch(1, version):
                # Epoch 1 is a new group: for whoever was left alone, for an upgrade.
                self._connection.dave_protocol_version = version
                await self._connection.reinit_dave_session()
            case ops.PrepareEpoch():
                pass

    @override
    async def received_binary_message(self, msg: bytes) -> None:
        """Act on an MLS message; what the group refuses is dropped or recovered."""
        if len(msg) < 3:
            self._drop("binary")
            return
        self.seq_ack, op = struct.unpack_from(">HB", msg)
        body = msg[3:]
        try:
            if op == self.MLS_EXTERNAL_SENDER:
                self.circuit.group.external_sender(body)
            elif op == self.MLS_PROPOSALS:
                await self._proposals(body)
            elif op in (self.MLS_ANNOUNCE_COMMIT_TRANSITION, self.MLS_WELCOME):
                await self._enter(op, body)
        except GroupRefused as refused:
            # Whoever missed a proposal finds out at the commit, and recovers there.
            log.warning("voice: the group refused %s", refused)
            self._drop(str(refused))
        except TROUBLE:
            raise
        except Exception:
            # As above: the poller goes on.
            log.exception("voice: a message of the group could not be acted on")
            self._drop("error")

    async def _proposals(self, body: bytes) -> None:
        if not body:
            raise GroupRefused("proposals")
        expected = self.circuit.roster.expected()
        answer = self.circuit.group.proposals(body[0] == REVOKE, body[1:], expected)
        if answer is not None:
            await self.send_binary(self.MLS_COMMIT_WELCOME, answer)

    async def _enter(self, op: int, body: bytes) -> None:
        """Enter an epoch by its commit or a welcome, or ask to be added anew."""
        if len(body) < 2:
            raise GroupRefused("commit")
        (transition_id,) = struct.unpack_from(">H", body)
        group = self.circuit.group
        welcomed = op == self.MLS_WELCOME
        enter = group.welcome if welcomed else group.commit
        group.entering(transition_id)
        await self._catch_up()
        try:
            enter(transition_id, body[2:])
        except GroupRefused:
            group.entering(0)
            if group.astray(welcomed, self.loop.time()):
                group.asked(self.loop.time())
                await self._connection._recover_from_invalid_commit(transition_id)
            raise
        circuit = self.circuit
        soon = self.loop.call_later
        soon(INTRODUCED_S, circuit.still_strangers, circuit.strangers())
        if transition_id:
            await self.send_transition_ready(transition_id)

    async def _catch_up(self) -> None:
        """Let frames be opened that have come: the next epoch has no key of who left.

        They may have been gathered for a while (``gathering``), and op 13, which would
        have them opened, may come later.
        """
        try:
            async with asyncio.timeout(CATCH_UP_S):
                await self.circuit.listener.catch_up()
        except TimeoutError:
            log.info("voice: the voice thread is busy; an epoch does not wait for it")

    @override
    async def close(self, code: int = 1000) -> None:
        """Close, with or without an answer."""
        try:
            async with asyncio.timeout(GOODBYE_S):
                await super().close(code)
        except TimeoutError:
            log.info("voice: the server does not answer a closing")

    def _drop(self, kind: str) -> None:
        self.circuit.dropped[kind] += 1
        log.debug("voice: dropped a message (%s)", kind)

    @override
    async def discover_ip(self) -> tuple[str, int]:
        """Return our address as the voice server sees it; raise CannotJoin."""
        state = self._connection
        question = discovery.question(state.ssrc)
        for _ in range(DISCOVERY_TRIES):
            try:
                async with asyncio.timeout(DISCOVERY_S):
                    await self.loop.sock_sendall(state.socket, question)
                    while True:
                        answer = await self.loop.sock_recv(state.socket, 2048)
                        if address := discovery.address(answer):
                            return address
            except TimeoutError:
                continue
            except ConnectionRefusedError:
                # ICMP: nobody listens there at the moment.
                await asyncio.sleep(DISCOVERY_S)
        raise CannotJoin(
            "the voice server does not answer by UDP: is it blocked?", Barrier.UDP
        )
