"""The way of sound through a voice server: from speakers to clients, and back.

Packets of somebody who is suppressed or server-muted go no further than here, and who
is server-deafened gets none, as in Discord's own servers.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable

from bot.rehearsal.sfu.channel import Channel
from bot.rehearsal.sfu.client import Client
from bot.rehearsal.sfu.rtp import SILENCE, Opened, Packet, Stamp, build
from bot.rehearsal.sfu.stream import FRAME_S, Frame, Stream
from bot.rehearsal.sfu.udp import UdpPort

NOISE_SHARE = 0.05  # of ticks, per client
UNREAD_FRAMES = 100  # two seconds of one speaker

OnReceived = Callable[[int, bytes], None]


class Air:
    """Sends for scripted members, forwards and reads what real clients send."""

    def __init__(self, channel: Channel, on_received: OnReceived) -> None:
        self.muted: set[int] = set()
        """Users whose packets are not forwarded."""
        self.deafened: set[int] = set()
        """Users to whom no packets are forwarded."""
        self.udp = UdpPort(channel.clients, self._receive)
        self._channel = channel
        self._faults = channel.faults
        self._on_received = on_received
        self._unread: deque[tuple[int, bytes]] = deque(maxlen=UNREAD_FRAMES)
        seed = f"{self._faults.seed}/noise"
        self._chance = random.Random(seed)  # noqa: S311 (a drill)
        self._loop = asyncio.get_running_loop()

    def tick(self, number: int, now: float) -> None:
        """Send what is due by ``now``; ``number`` counts ticks of 20 ms."""
        stall = self._stall(number)
        for stream in list(self._channel.streams.values()):
            for frame in stream.due(now):
                self._send(stream, frame, stall)
        if self._faults.noise:
            for client in self._channel.clients.values():
                if self._chance.random() < NOISE_SHARE:
                    self.udp.send_noise(client, self._chance)

    def read_again(self) -> None:
        """Try unread frames with new keys: a sender may switch before the others."""
        unread = list(self._unread)
        self._unread.clear()
        self._unread.extend(f for f in unread if not self._decrypt(*f))

    def _stall(self, tick: int) -> float:
        """How long packets of this tick wait because the link stalls, in seconds."""
        every = round(self._faults.burst_every_s / FRAME_S)
        length = round(self._faults.burst_ms / 1000 / FRAME_S)
        if every == 0 or tick % every >= length:
            return 0.0
        return (length - tick % every) * FRAME_S

    def _send(self, stream: Stream, frame: Frame, stall: float) -> None:
        """Encrypt one member's frame and send its copies to every client."""
        if stream.user_id in self.muted:
            return
        member = self._channel.members.get(stream.user_id)
        payload = frame.opus if member is None else member.encrypt(frame.opus)
        if payload is None:  # alone, or not in the group yet: nobody could decrypt it
            return
        self._channel.spoke(stream.user_id, stream.ssrc)
        packet = build(
            frame.stamp, payload, extension=frame.extension, padding=frame.padding
        )
        for delay in frame.delays:
            for client in self._channel.clients.values():
                self._forward(client, packet, delay + stall)

    def _forward(self, client: Client, packet: Packet, delay: float) -> None:
        if client.user_id in self.deafened:
            return
        timeout = self._faults.udp_timeout_s
        if timeout is not None and self._loop.time() - client.heard_at > timeout:
            return
        if delay > 0:
            self._loop.call_later(delay, self.udp.send, client, packet)
        else:
            self.udp.send(client, packet)

    def _receive(self, client: Client, opened: Opened) -> None:
        """Take a packet of a real client: read it, and send it to the others."""
        dave = self._channel.dave_version > 0
        fits = client.inspection.take(opened, self._loop.time(), dave=dave)
        if client.user_id in self.muted or not opened.payload or not fits:
            return
        self._hear(client.user_id, opened.payload)
        stamp = Stamp(opened.sequence, opened.timestamp, opened.ssrc)
        packet = build(stamp, opened.payload)
        for other in self._channel.clients.values():
            if other is not client:
                self._forward(other, packet, 0.0)

    def _hear(self, user_id: int, frame: bytes) -> None:
        if self._channel.dave_version == 0 or frame == SILENCE:
            self._on_received(user_id, frame)
        elif not self._decrypt(user_id, frame):
            self._unread.append((user_id, frame))

    def _decrypt(self, user_id: int, frame: bytes) -> bool:
        """Read a frame with the keys of a scripted member who is in the group."""
        for member in self._channel.members.values():
            if member.ready:
                opus = member.decrypt(user_id, frame)
                if opus is not None:
                    self._on_received(user_id, opus)
                return opus is not None
        return False
