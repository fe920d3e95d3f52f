"""One real client's voice session, which outlives its websocket.

Messages that a client may not miss are numbered and kept until it acknowledges them in
a heartbeat; a resume sends again what came after the number it names.
"""

from __future__ import annotations

import json
import secrets
from collections import deque
from collections.abc import Mapping

from bot.rehearsal.sfu.delivery import Body
from bot.rehearsal.sfu.inspection import Inspection
from bot.rehearsal.sfu.opcodes import BUFFERED, Op
from bot.rehearsal.sfu.outbox import Message, Outbox
from bot.rehearsal.sfu.rtp import CIPHERS, Cipher, Packet

KEPT_MESSAGES = 512

Address = tuple[str, int]


class Client:
    """State of one voice session, whether its websocket is open or not."""

    def __init__(self, user_id: int, session_id: str, ssrc: int) -> None:
        self.user_id = user_id
        self.session_id = session_id
        self.ssrc = ssrc
        self.key = secrets.token_bytes(32)
        self.cipher: Cipher | None = None
        self.address: Address | None = None
        self.heard_at = 0.0
        """When its last datagram came, on the event loop's clock."""
        self.inspection = Inspection()
        """What was wrong with what it sent."""
        self.speaks_dave = False
        self.introduced: set[int] = set()
        """SSRCs that an op 5 has told it."""
        self._outbox: Outbox | None = None
        self._kept: deque[tuple[int, Message]] = deque(maxlen=KEPT_MESSAGES)
        self._number = -1
        self._nonce = 0

    @property
    def selected(self) -> bool:
        """Whether the client has chosen a cipher and so can receive."""
        return self.cipher is not None

    @property
    def attached(self) -> bool:
        """Whether a websocket serves the session now."""
        return self._outbox is not None

    def attach(self, outbox: Outbox) -> None:
        """Send what comes from now on to a websocket's outbox."""
        self._outbox = outbox

    def detach(self, outbox: Outbox) -> None:
        """Keep messages until a resume, unless another websocket has taken over."""
        if self._outbox is outbox:
            self._outbox = None

    def choose(self, mode: str) -> None:
        """Encrypt with this mode (one of CIPHERS)."""
        self.cipher = CIPHERS[mode](self.key)

    def send(self, op: Op, body: Body | Mapping[str, object] | None) -> None:
        """Send a message, numbered if it may not be missed."""
        message = self._encode(op, body)
        if self._outbox is not None:
            self._outbox.put(message)

    def inject(self, message: Message) -> None:
        """Send a message as it is, without a number of its own."""
        if self._outbox is not None:
            self._outbox.put(message)

    def end(self, code: int, reason: str = "") -> None:
        """Close the client's websocket, if it has one."""
        if self._outbox is not None:
            self._outbox.end(code, reason)
            self._outbox = None

    def acknowledge(self, number: int) -> None:
        """Forget messages up to this 16-bit number."""
        last = self._widen(number)
        while self._kept and self._kept[0][0] <= last:
            self._kept.popleft()

    def can_resume_from(self, number: int) -> bool:
        """Whether every message after this number is still here."""
        last = self._widen(number)
        first = self._kept[0][0] if self._kept else self._number + 1
        return last >= first - 1

    def resend(self, number: int) -> None:
        """Send again what came after this number."""
        last = self._widen(number)
        for kept, message in self._kept:
            if kept > last and self._outbox is not None:
                self._outbox.put(message)

    def seal(self, packet: Packet) -> bytes:
        """Encrypt a packet for this client; it must have chosen a cipher."""
        assert self.cipher is not None  # noqa: S101 (callers ask ``selected`` first)
        self._nonce += 1
        nonce = self._nonce.to_bytes(4, "big")
        return (
            packet.header + self.cipher.seal(packet.header, packet.plain, nonce) + nonce
        )

    def _encode(self, op: Op, body: Body | Mapping[str, object] | None) -> Message:
        kept = op in BUFFERED
        if kept:
            self._number += 1
        number = self._number & 0xFFFF
        message: Message
        if isinstance(body, bytes):
            message = number.to_bytes(2, "big") + bytes([op]) + body
        elif kept:
            message = json.dumps({"op": int(op), "d": body, "seq": number})
        else:
            message = json.dumps({"op": int(op), "d": body})
        if kept:
            self._kept.append((self._number, message))
        return message

    def _widen(self, number: int) -> int:
        """Find the full number behind a 16-bit one; -1 stands for nothing seen."""
        if number < 0:
            return -1
        return self._number - ((self._number - number) & 0xFFFF)
