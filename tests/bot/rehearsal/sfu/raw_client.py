"""A voice client of plain JSON and bytes: it says exactly what a test wants said."""

import asyncio
import json
import struct

import aiohttp

from bot.rehearsal.sfu.delivery import Sent
from bot.rehearsal.sfu.opcodes import Op
from bot.rehearsal.sfu.rtp import CIPHERS, Stamp, build, open_packet

GUILD = 77


class RawClient:
    """One websocket and one UDP socket, without any cleverness."""

    def __init__(self, session, endpoint):
        self.session = session
        self.url = f"http://{endpoint}/"
        self.seq = -1
        self.seen = []
        self.socket = None
        self.udp = None
        self.packets = []

    async def open(self, version="8"):
        """Connect and return the hello."""
        self.socket = await self.session.ws_connect(self.url, params={"v": version})
        return await self.next()

    async def next(self):
        """Return the next message as (op, body); a close as ("close", code)."""
        message = await asyncio.wait_for(self.socket.receive(), 5)
        if message.type is aiohttp.WSMsgType.TEXT:
            body = json.loads(message.data)
            self.seq = body.get("seq", self.seq)
            seen = (body["op"], body["d"])
        elif message.type is aiohttp.WSMsgType.BINARY:
            self.seq = int.from_bytes(message.data[:2], "big")
            seen = (message.data[2], message.data[3:])
        elif message.type is aiohttp.WSMsgType.CLOSE:
            seen = ("close", message.data)
        else:
            seen = ("close", self.socket.close_code)
        self.seen.append(seen)
        return seen

    async def until(self, op):
        """Read on to a message of this opcode and return its body."""
        while True:
            seen, body = await self.next()
            if seen == op:
                return body

    async def say(self, op, body):
        """Send a JSON message."""
        await self.socket.send_str(json.dumps({"op": op, "d": body}))

    async def identify(self, user_id, **more):
        """Identify with a ticket."""
        body = {
            "server_id": str(GUILD),
            "user_id": str(user_id),
            "session_id": "session",
            "token": "token",
            "max_dave_protocol_version": 1,
        }
        await self.say(0, body | more)

    async def connect(self, user_id, mode="aead_aes256_gcm_rtpsize", **more):
        """Go through the whole handshake; return the session description."""
        await self.open()
        await self.identify(user_id, **more)
        ready = await self.until(2)
        self.ssrc = ready["ssrc"]
        loop = asyncio.get_running_loop()
        self.udp, _ = await loop.create_datagram_endpoint(
            lambda: _Inbox(self.packets), remote_addr=(ready["ip"], ready["port"])
        )
        self.udp.sendto(struct.pack(">HHI66x", 1, 70, self.ssrc))
        async with asyncio.timeout(30):
            while not self.packets:  # noqa: ASYNC110 (the other side is a socket)
                await asyncio.sleep(0.005)
        answer = self.packets.pop(0)
        address = answer[8:72].rstrip(b"\0").decode()
        port = int.from_bytes(answer[72:], "big")
        data = {"address": address, "port": port, "mode": mode}
        await self.say(1, {"protocol": "udp", "data": data})
        description = await self.until(4)
        self.cipher = CIPHERS[mode](bytes(description["secret_key"]))
        return description

    def last(self, op):
        """Return the body of the last message of this opcode."""
        return next(body for seen, body in reversed(self.seen) if seen == op)

    async def join_group(self, member):
        """Let a DAVE session take and answer messages until it has its keys."""
        while not member.ready:
            op, body = await self.next()
            if op in tuple(Op):
                for reply in member.receive(Sent(member.user_id, Op(op), body)):
                    await self.send_reply(reply)

    async def send_reply(self, reply):
        """Send what a DAVE session answers."""
        if isinstance(reply.body, bytes):
            await self.socket.send_bytes(bytes([reply.op]) + reply.body)
        else:
            await self.say(int(reply.op), reply.body)

    def send_audio(self, count, payload, ssrc=None):
        """Send one packet, numbered `count`."""
        packet = build(Stamp(count, 960 * count, ssrc or self.ssrc), payload)
        nonce = count.to_bytes(4, "big")
        sealed = self.cipher.seal(packet.header, packet.plain, nonce)
        self.udp.sendto(packet.header + sealed + nonce)

    def heard(self):
        """Return the packets received, opened."""
        return [open_packet(self.cipher, data) for data in self.packets]

    async def close(self):
        """Drop both sockets."""
        if self.udp is not None:
            self.udp.close()
        await self.socket.close()


class _Inbox(asyncio.DatagramProtocol):
    def __init__(self, packets):
        self.packets = packets

    def datagram_received(self, data, addr):
        self.packets.append(data)
