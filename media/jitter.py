"""The playout buffer of one RTP stream: sequence order out of order of arrival.

The policy:

- A packet that is next in sequence is released at once: order costs no delay.
- A packet ahead of its turn is held until the missing ones come, at most ``wait_s``
  from its arrival; then they are ``Missed``, once, and playing goes on.
- The first packets of a stream are held for ``wait_s`` too: nothing yet says which of
  them is the first.
- A packet behind its turn is *late* if it had been given up and a *duplicate* if it
  had been played; both are counted and dropped.
- At most ``MAX_HELD`` packets are held; one more and the wait ends early.
- A jump of more than ``MAX_JUMP`` either way is another run of the stream
  (RFC 3550 A.1): a second packet right behind it proves it, whatever still comes of
  the former run between them, and none of the two is lost; a lone one is dropped as a
  stray.

Pure: time is the packets' ``arrived_at`` and the ``now`` of ``flush``.
"""

from collections.abc import Iterable
from math import inf
from typing import NamedTuple

from media.heard import VoicePacket

MAX_HELD = 64
"""Packets held per stream: 1.3 s, six times what any wait needs."""

MAX_JUMP = 1500
"""Sequence numbers (30 s) beyond which a packet is not of the same run."""

_GIVEN_UP_KEPT = 256
"""Given-up sequence numbers remembered, to tell late packets from duplicates."""

_STARTING = -1
"""In place of the next sequence number while the first packets are held."""


class Missed(NamedTuple):
    """Packets that were sent and did not come in time: loss, not silence."""

    packets: int
    """How many, by sequence number."""


Release = VoicePacket | Missed


class Playout:
    """One stream's packets, put in order."""

    __slots__ = (
        "_given_up",
        "_held",
        "_next",
        "_stray",
        "_wait_s",
        "duplicates",
        "late",
        "strays",
    )

    def __init__(self, wait_s: float) -> None:
        """Start with the first packet that comes; wait ``wait_s`` for missing ones."""
        self._wait_s = wait_s
        self._next = _STARTING
        self._held: dict[int, VoicePacket] = {}
        self._given_up: dict[int, None] = {}
        self._stray: VoicePacket | None = None
        self.late = 0
        self.duplicates = 0
        self.strays = 0

    def push(self, packets: Iterable[VoicePacket]) -> list[Release]:
        """Take packets in order of arrival and return what can be played, in order."""
        out: list[Release] = []
        held = self._held
        expected = self._next
        for packet in packets:
            if packet[2] == expected and not held:
                out.append(packet)
                expected = (expected + 1) & 0xFFFF
            else:
                self._next = expected
                self._sort_in(packet, out)
                expected = self._next
        self._next = expected
        return out

    def pass_on(self, sequences: tuple[int, ...]) -> bool:
        """Play packets at once if they are the next ones, and say whether they are.

        It says no to what only ``push`` can tell, the numbers' wrap-around among it.
        """
        expected = self._next
        after = expected + len(sequences)
        if self._held or sequences != tuple(range(expected, after)) or after > 0xFFFF:
            return False
        self._next = after
        return True

    def flush(self, now: float) -> list[Release]:
        """Give up what has been waited for too long; return what that sets free."""
        out: list[Release] = []
        while now >= self.deadline:
            self._give_up(out)
        return out

    def drain(self) -> list[Release]:
        """Give up all waiting: the stream is over. The next packet starts anew."""
        out: list[Release] = []
        while self._held:
            self._give_up(out)
        self._next = _STARTING
        self._stray = None
        self._given_up.clear()
        return out

    @property
    def is_waiting(self) -> bool:
        """Say whether packets are held."""
        return bool(self._held)

    @property
    def deadline(self) -> float:
        """Return when ``flush`` will set something free; infinity: nothing is held."""
        return self._oldest() + self._wait_s if self._held else inf

    def _sort_in(self, packet: VoicePacket, out: list[Release]) -> None:
        """Place a packet that is not plainly the next one."""
        ahead = self._ahead(packet.sequence)
        if abs(ahead) > MAX_JUMP:
            self._jump(packet, out)
            return
        self._stray = None
        if packet.sequence in self._held:
            self.duplicates += 1
        elif ahead < 0 and self._next != _STARTING:
            self._count_past(packet.sequence)
        else:
            self._held[packet.sequence] = packet
            if self._next != _STARTING:
                self._play(out)
            self._give_up_old(packet.arrived_at, out)

    def _ahead(self, sequence: int) -> int:
        """Return how far ahead of its turn a sequence number is; negative: behind."""
        origin = self._next
        if origin == _STARTING:
            origin = next(iter(self._held), sequence)
        return (sequence - origin + 0x8000 & 0xFFFF) - 0x8000

    def _give_up_old(self, now: float, out: list[Release]) -> None:
        """End the waits that are too long, or for too many."""
        while self._held and (len(self._held) > MAX_HELD or now >= self.deadline):
            self._give_up(out)

    def _jump(self, packet: VoicePacket, out: list[Release]) -> None:
        """Re-start the sequence at the second packet in a row after a jump."""
        stray = self._stray
        if stray is None or packet.sequence != (stray.sequence + 1) & 0xFFFF:
            self._stray = packet
            self.strays += 1
            return
        self.strays -= 1
        out.extend(self.drain())
        out.append(stray)
        out.append(packet)
        self._next = (packet.sequence + 1) & 0xFFFF

    def _count_past(self, sequence: int) -> None:
        """Count a packet whose turn is over: late, or played before."""
        if sequence in self._given_up:
            del self._given_up[sequence]
            self.late += 1
        else:
            self.duplicates += 1

    def _play(self, out: list[Release]) -> None:
        """Release held packets while the next one is there."""
        while (packet := self._held.pop(self._next, None)) is not None:
            out.append(packet)
            self._next = (self._next + 1) & 0xFFFF

    def _give_up(self, out: list[Release]) -> None:
        """Miss the packets before the first held one, then play on."""
        first = min(self._held, key=self._ahead)
        if self._next != _STARTING:
            out.append(Missed((first - self._next) & 0xFFFF))
            for missing in range(self._next, self._next + out[-1][0]):
                self._given_up[missing & 0xFFFF] = None
            while len(self._given_up) > _GIVEN_UP_KEPT:
                del self._given_up[next(iter(self._given_up))]
        self._next = first
        self._play(out)

    def _oldest(self) -> float:
        """Return when the first of the held packets came."""
        return min(packet.arrived_at for packet in self._held.values())
