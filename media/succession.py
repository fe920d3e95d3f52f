"""One speaker's streams, one after another, and what came of all of them.

Whoever joins again sends another stream (SSRC). What still comes of the former one is a
straggler: its place in time has passed.
"""

from dataclasses import dataclass, replace

from media.burst import Burst
from media.stream import Stream

_STRAGGLE_S = 2.0
"""Seconds in which packets of the stream before the present one are stragglers."""


@dataclass(slots=True)
class Received:
    """Counts of what came and what did not, over all streams of one speaker."""

    packets: int = 0
    lost: int = 0
    late: int = 0
    duplicates: int = 0
    corrupt: int = 0
    trimmed: int = 0
    concealed: int = 0

    def add(self, stream: Stream) -> None:
        """Add the counts of a stream."""
        self.lost += stream.lost
        self.late += stream.late
        self.duplicates += stream.duplicates
        self.corrupt += stream.corrupt
        self.trimmed += stream.trimmed


class Succession:
    """The streams of one speaker."""

    __slots__ = (
        "_past",
        "_reorder_s",
        "_straggling_ssrc",
        "_straggling_until",
        "present",
    )

    def __init__(self, reorder_s: float) -> None:
        """Have none yet; each waits for ``reorder_s`` for a missing packet."""
        self._reorder_s = reorder_s
        self._straggling_ssrc = -1
        self._straggling_until = 0.0
        self._past = Received()
        self.present: Stream | None = None
        """The one that they send now, or sent last."""

    def straggles(self, burst: Burst) -> bool:
        """Say whether packets are of the stream before; they are counted as late."""
        straggles = (
            burst.ssrc == self._straggling_ssrc
            and burst.arrivals[0] < self._straggling_until
        )
        if straggles:
            self._past.late += len(burst.opus)
        return straggles

    def begin(self, burst: Burst) -> Stream:
        """Begin another stream, whose first packets these are.

        Drain ``present`` before. Nothing of the new one lies before where that ended.
        """
        former, not_before = self.present, 0
        if former is not None:
            self._past.add(former)
            self._straggling_ssrc = former.ssrc
            self._straggling_until = burst.arrivals[0] + _STRAGGLE_S
            not_before = former.next_slot
        self.present = Stream(burst.ssrc, self._reorder_s, not_before)
        return self.present

    def keep(self, *, corrupt: int, concealed: int) -> None:
        """Keep the counts of a decoder that is given up."""
        self._past.corrupt += corrupt
        self._past.concealed += concealed

    def received(self) -> Received:
        """Count what came and what did not, but for what a decoder counts now."""
        total = replace(self._past)
        if self.present is not None:
            total.add(self.present)
        return total
