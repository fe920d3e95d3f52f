"""One voice channel: its real clients, its scripted members, their DAVE group.

Real clients and scripted members are equals here: joining and leaving is told to all
others (op 11, 13), changes the epoch, and whoever commits first wins. A scripted member
answers in turn after a short, drawn delay, so that a real client wins now and then.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping

from bot.rehearsal.sfu.client import Client
from bot.rehearsal.sfu.delivery import Delivery, Sent
from bot.rehearsal.sfu.errors import MlsError, SessionClosedError
from bot.rehearsal.sfu.faults import Faults
from bot.rehearsal.sfu.member import DaveMember, Reply
from bot.rehearsal.sfu.opcodes import Close, Op
from bot.rehearsal.sfu.stream import Stream

_log = logging.getLogger(__name__)

COMMIT_DELAY_S = (0.005, 0.025)  # what a commit takes from a person's device to here
FIRST_SSRC, SSRC_STEP = 2001, 3  # audio, video and retransmission have one each
UNREADABLE_PROPOSAL = b"\x00\x10" + b"\x00\x01\x00\x01 no proposal"


class Channel:
    """Everybody in one channel, and the group that they form."""

    def __init__(self, channel_id: int, *, dave: bool, faults: Faults) -> None:
        self.channel_id = channel_id
        self.dave = dave
        self.faults = faults
        self.clients: dict[int, Client] = {}
        self.streams: dict[int, Stream] = {}
        self.delivery = Delivery(channel_id)
        self.switched: Callable[[], None] = lambda: None
        """Called when scripted members have changed their keys."""
        self.first_connected = asyncio.Event()
        """Set when a real client can hear for the first time."""
        self._members: dict[int, DaveMember] = {}
        self._spared: dict[int, list[Sent]] = {}
        self._spoken: dict[int, int] = {}
        self._inbox: asyncio.Queue[Sent] = asyncio.Queue()
        self._chance = random.Random(f"{faults.seed}/commits")  # noqa: S311 (a drill)
        self._next_ssrc = FIRST_SSRC

    @property
    def dave_version(self) -> int:
        """The DAVE version in force; 0 = transport encryption alone."""
        return self.delivery.version if self.dave else 0

    @property
    def members(self) -> Mapping[int, DaveMember]:
        """Scripted members' DAVE sessions; empty in a channel without DAVE."""
        return self._members

    @property
    def settled(self) -> bool:
        """Whether everybody present is in the group and has its keys."""
        if not self._inbox.empty() or not self.delivery.settled:
            return False
        alone = self.dave_version == 0 or len(self.delivery.present) <= 1
        return alone or all(member.ready for member in self._members.values())

    def add_member(self, user_id: int) -> None:
        """Let a scripted member in."""
        if user_id in self.streams:
            return
        self._announce(user_id)
        self.streams[user_id] = Stream(user_id, self._ssrc(), self.faults)
        if self.dave:
            self._members[user_id] = DaveMember(
                user_id, self.channel_id, encrypting=self.delivery.version > 0
            )
            self.deliver(self.delivery.joined(user_id))

    def add_client(self, user_id: int, session_id: str) -> Client:
        """Let a real client in; an earlier session of the same user ends."""
        earlier = self.clients.get(user_id)
        if earlier is not None:
            earlier.end(Close.SESSION_INVALID, "Session is no longer valid.")
            self.remove(user_id)
        self._announce(user_id)
        client = self.clients[user_id] = Client(user_id, session_id, self._ssrc())
        return client

    def remove(self, user_id: int) -> None:
        """Take somebody out; the others are told and the group moves on."""
        stream = self.streams.pop(user_id, None)
        client = self.clients.pop(user_id, None)
        if stream is None and client is None:
            return
        if stream is not None:
            stream.hush()
        self._members.pop(user_id, None)
        self._spared.pop(user_id, None)
        for sent in self._spared.pop(next(iter(self._members), 0), ()):
            self._inbox.put_nowait(sent)  # the founder left, the next one does the work
        self._spoken.pop(user_id, None)
        for other in self.clients.values():
            other.send(Op.CLIENT_DISCONNECT, {"user_id": str(user_id)})
        if self.dave:
            self.deliver(self.delivery.left(user_id))

    def others(self, user_id: int) -> list[int]:
        """Everybody else, in order of arrival."""
        everybody = [*self.streams, *self.clients]
        return [other for other in everybody if other != user_id]

    def introduce(self, client: Client, user_id: int, ssrc: int) -> None:
        """Tell a client whose SSRC this is, once per session (op 5)."""
        if ssrc in client.introduced or not client.selected:
            return
        client.introduced.add(ssrc)
        scripted = user_id in self.streams
        if scripted and self.faults.speaking_never:
            return
        body = {"user_id": str(user_id), "ssrc": ssrc, "speaking": 1}
        if scripted and self.faults.speaking_delay_s:
            loop = asyncio.get_running_loop()
            loop.call_later(
                self.faults.speaking_delay_s, client.send, Op.SPEAKING, body
            )
        else:
            client.send(Op.SPEAKING, body)

    def spoke(self, user_id: int, ssrc: int) -> None:
        """Note that somebody speaks, and introduce them to all others."""
        self._spoken[user_id] = ssrc
        for client in self.clients.values():
            if client.user_id != user_id:
                self.introduce(client, user_id, ssrc)

    def connected(self, client: Client) -> None:
        """Let a client that has chosen its cipher hear, and into the DAVE group."""
        self.first_connected.set()
        if client.speaks_dave and client.user_id not in self.delivery.present:
            self.deliver(self.delivery.joined(client.user_id))
        for user_id, ssrc in self._spoken.items():
            if user_id != client.user_id:
                self.introduce(client, user_id, ssrc)

    def answer(self, user_id: int, reply: Reply) -> None:
        """Take a DAVE message of a client or a scripted member.

        Raises SessionClosedError for one that cannot be read.
        """
        now = asyncio.get_running_loop().time()
        try:
            self.deliver(self._decide(user_id, reply, now))
        except MlsError as error:
            raise SessionClosedError(Close.BAD_REQUEST, str(error)) from error

    def deliver(self, messages: list[Sent]) -> None:
        """Hand messages to clients at once and to scripted members in turn."""
        for sent in messages:
            client = self.clients.get(sent.user_id)
            if client is not None:
                client.send(sent.op, sent.body)
            elif sent.user_id not in self._members:
                continue  # it has left meanwhile
            elif self._spares(sent):
                self._spared.setdefault(sent.user_id, []).append(sent)
            else:
                self._inbox.put_nowait(sent)

    def spoil(self) -> None:
        """Send every client a proposal that nobody can process."""
        for client in self.clients.values():
            if client.speaks_dave:
                client.send(Op.PROPOSALS, UNREADABLE_PROPOSAL)

    async def serve_members(self) -> None:
        """Let scripted members process their messages, one at a time, for ever.

        MLS work takes milliseconds of CPU; packets go out between two messages.
        """
        while True:
            sent = await self._inbox.get()
            member = self._members.get(sent.user_id)
            for reply in member.receive(sent) if member is not None else ():
                self._reply(sent.user_id, reply)
            if sent.op is Op.EXECUTE_TRANSITION:
                self.switched()
            await asyncio.sleep(0)

    def _spares(self, sent: Sent) -> bool:
        """Whether a scripted member need not work on a message.

        Before there is a group every pending member may found it, and all but the
        founder throw their work away. So of the scripted ones only the first works;
        MLS work grows with the square of their number otherwise.
        """
        if self.delivery.epoch:
            self._spared.clear()
            return False
        founder = next(iter(self._members), None)
        return sent.op is Op.PROPOSALS and sent.user_id != founder

    def _reply(self, user_id: int, reply: Reply) -> None:
        if reply.op is not Op.COMMIT_WELCOME:
            self.answer(user_id, reply)
            return
        delay = self._chance.uniform(*COMMIT_DELAY_S)
        asyncio.get_running_loop().call_later(delay, self.answer, user_id, reply)

    def _decide(self, user_id: int, reply: Reply, now: float) -> list[Sent]:
        body = reply.body
        match reply.op, body:
            case Op.KEY_PACKAGE, bytes():
                return self.delivery.offered(user_id, body)
            case Op.COMMIT_WELCOME, bytes():
                return self.delivery.committed(user_id, body, now)
            case Op.TRANSITION_READY, {"transition_id": int(number)}:
                return self.delivery.ready(user_id, number)
            case Op.INVALID_COMMIT_WELCOME, _:
                _log.info("user %s could not follow a commit", user_id)
                return self.delivery.invalid(user_id)
            case _:
                raise SessionClosedError(Close.BAD_REQUEST, "A field is missing.")

    def _announce(self, user_id: int) -> None:
        for client in self.clients.values():
            client.send(Op.CLIENTS_CONNECT, {"user_ids": [str(user_id)]})

    def _ssrc(self) -> int:
        self._next_ssrc += SSRC_STEP
        return self._next_ssrc - SSRC_STEP
