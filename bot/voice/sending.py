"""Our own stream on the wire: one Opus packet in, one sealed datagram out.

What runs where: ``send`` belongs to the player's thread, everything else to the event
loop. A lock guards what both use; it is held for microseconds, and nothing waits on
the network under it (the socket does not block).

Rules:

1. Nothing is sent before op 5 has announced the stream on the present connection:
   Discord closes connections that send unannounced.
2. Where DAVE is in force nothing leaves unencrypted but frames of silence, which every
   client sends so.
3. davey changes its own keys when the commit comes, other members when the transition
   is executed (op 22): between the two is a moment in which nobody could read us, and
   the sender says so instead of sending.
"""

import random
import socket
import threading
from enum import Enum

from bot.voice.dave import DaveStatus
from bot.voice.listener import Wire
from bot.voice.sealing import Sealer, header, sealer
from media.heard import SILENCE
from media.toc import TICKS_PER_FRAME


class Held(Enum):
    """Why a packet cannot go out at this moment."""

    NO_WIRE = "no_wire"
    """There is no connection, or our stream is not announced on it yet."""

    NO_GROUP = "no_group"
    """The encryption group is not formed: nobody else is here, or not yet again."""

    SWITCHING = "switching"
    """The group is changing its keys; others may not have ours yet."""


class Sender:
    """Seals and sends the packets of one link."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wire: Wire | None = None
        self._socket: socket.socket | None = None
        self._sealer: Sealer | None = None
        self._announced = False
        self._status = DaveStatus()
        # Random starts, as RFC 3550, 5.1 asks for; no secret hangs on them.
        self._sequence = random.getrandbits(16)
        self._timestamp = random.getrandbits(32)
        self._nonce = 0
        self.refused = 0
        """Packets that the system did not take: its buffer was full, or the network
        down. They are lost, as they would be on the way."""

    # ------------------------------------------------------------- event loop

    def listen(self, wire: Wire) -> None:
        """Send on this wire from now on, once it is announced; raises OSError."""
        duplicate = wire.socket.dup()
        duplicate.setblocking(False)
        with self._lock:
            former, self._socket = self._socket, duplicate
            self._sealer = sealer(wire.mode, wire.key)
            self._wire, self._announced = wire, False
        if former is not None:
            former.close()

    def deafen(self) -> None:
        """Let go of the present wire."""
        with self._lock:
            former, self._socket = self._socket, None
            self._wire, self._announced = None, False
        if former is not None:
            former.close()

    def group(self, status: DaveStatus) -> None:
        """Encrypt with this from now on."""
        with self._lock:
            self._status = status

    @property
    def wire(self) -> Wire | None:
        """The present wire."""
        return self._wire

    def announced(self, wire: Wire | None) -> None:
        """Note that op 5 went out when this was the wire."""
        with self._lock:
            self._announced = wire is not None and wire is self._wire

    # -------------------------------------------------------- the player's thread

    def send(self, opus: bytes, slot: int, *, hasty: bool = False) -> Held | None:
        """Send one packet whose sound is due in ``slot``, or say why that cannot be.

        ``slot`` counts 20 ms of a steady clock, always the same one. ``hasty``: also
        while the group changes its keys.
        """
        with self._lock:
            wire, sock, seal = self._wire, self._socket, self._sealer
            if wire is None or sock is None or seal is None or not self._announced:
                return Held.NO_WIRE
            frame = self._encrypt(opus, hasty)
            if isinstance(frame, Held):
                return frame
            timestamp = self._timestamp + slot * TICKS_PER_FRAME
            head = header(self._sequence, timestamp, wire.ssrc)
            datagram = seal.seal(head, frame, self._nonce)
            self._sequence += 1
            self._nonce += 1
            try:
                sock.send(datagram)
            except OSError:  # full, or no route: the gateway finds out, if it lasts
                self.refused += 1
        return None

    def _encrypt(self, opus: bytes, hasty: bool) -> bytes | Held:
        """Return the frame as it has to travel."""
        status = self._status
        if status.version == 0 or opus == SILENCE:
            return opus
        session = status.session
        if session is None or not session.ready:
            return Held.NO_GROUP
        if status.switching and not hasty:
            return Held.SWITCHING
        return bytes(session.encrypt_opus(opus))
