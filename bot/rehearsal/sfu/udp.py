"""The UDP side of a voice server: discovery, keepalives, packets in and out.

Datagrams that are no audio of a known client are ignored, as the real server does.
"""

from __future__ import annotations

import asyncio
import random
import struct
from collections.abc import Callable
from typing import cast

from typing_extensions import override

from bot.rehearsal.sfu.client import Address, Client
from bot.rehearsal.sfu.errors import RtpError
from bot.rehearsal.sfu.rtp import Opened, Packet, open_packet

DISCOVERY_SIZE, KEEPALIVE_SIZE = 74, 8
DISCOVERY_REQUEST, DISCOVERY_ANSWER = 1, 2
_SENDER_REPORT, _RECEIVER_REPORT, _VIDEO = 200, 201, 101


class UdpPort(asyncio.DatagramProtocol):
    """One bound port, shared by all clients of a channel."""

    def __init__(
        self,
        clients: dict[int, Client],
        on_packet: Callable[[Client, Opened], None],
    ) -> None:
        self._clients = clients
        self._on_packet = on_packet
        self._transport: asyncio.DatagramTransport | None = None
        self._loop = asyncio.get_running_loop()

    @property
    def port(self) -> int:
        """The port it is bound to, on 127.0.0.1."""
        assert self._transport is not None  # noqa: S101 (only after open)
        address = cast(Address, self._transport.get_extra_info("sockname"))
        return address[1]

    async def open(self) -> None:
        """Bind a free port of the loopback."""
        await self._loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", 0)
        )

    def close(self) -> None:
        """Release the port."""
        if self._transport is not None:
            self._transport.close()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (asyncio calls this)."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    @override
    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Answer or pass on one datagram (asyncio calls this)."""
        if len(data) == DISCOVERY_SIZE and data[:2] == b"\x00\x01":
            self._discover(data, addr)
            return
        client = self._find(addr)
        if client is None:
            return
        client.heard_at = self._loop.time()
        if len(data) == KEEPALIVE_SIZE:
            self._send(data, addr)
        elif client.cipher is not None:
            try:
                opened = open_packet(client.cipher, data)
            except RtpError:
                return
            if opened.ssrc == client.ssrc:
                self._on_packet(client, opened)

    def send(self, client: Client, packet: Packet) -> None:
        """Seal a packet for a client and send it, if it can receive."""
        if client.cipher is not None and client.address is not None:
            self._send(client.seal(packet), client.address)

    def send_noise(self, client: Client, chance: random.Random) -> None:
        """Send one datagram that is no audio: RTCP, video, or a late keepalive."""
        if client.address is None:
            return
        body = chance.randbytes(40)
        kind = chance.choice((_SENDER_REPORT, _RECEIVER_REPORT, _VIDEO, 0))
        if kind == 0:
            self._send(body[:KEEPALIVE_SIZE], client.address)
        elif kind == _VIDEO:
            head = struct.pack(">BBHII", 0x80, kind, 1, 1, client.ssrc + 1)
            self._send(head + body, client.address)
        else:
            head = struct.pack(">BBHI", 0x81, kind, 12, client.ssrc + 1)
            self._send(head + body, client.address)

    def _discover(self, data: bytes, address: Address) -> None:
        """Answer IP discovery with the address that the client has from here."""
        _, _, ssrc = struct.unpack_from(">HHI", data)
        for client in self._clients.values():
            if client.ssrc == ssrc:
                client.address = address
                client.heard_at = self._loop.time()
                host = address[0].encode().ljust(64, b"\x00")
                head = struct.pack(">HHI", DISCOVERY_ANSWER, 70, ssrc)
                self._send(head + host + struct.pack(">H", address[1]), address)

    def _find(self, address: Address) -> Client | None:
        for client in self._clients.values():
            if client.address == address:
                return client
        return None

    def _send(self, data: bytes, address: Address) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, address)
