"""Datagrams of people in the middle of a talk spurt, gathered to be opened together.

What a packet costs is less its arithmetic than the caches that went cold since the one
before: a full room's receiver that opens twenty packets of a member in a row spends a
fifth less on each than one that opens five. Nobody waits for any of them: whatever is
in them, no talk spurt begins, and one that ends is told a tenth of a second late at
most. All others are passed on at once, because a voice that begins must be noticed
soon.

Rules:

1. Nothing has to be gathered for longer than ``GATHERED_S``, nor more than ``MOST``:
   ``is_due`` says so in time.
2. Each stream stays in order of arrival.
3. Only streams that ``expect`` named are gathered; it names others only while nothing
   is kept.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.voice.inbox import Datagram
from media.rtp import SSRC

GATHERED_S = 0.4
"""Seconds that a datagram is kept at most. A killed process loses it, beside what the
track keeps in memory (``media.track``): together less than a second."""

MOST = 4096
"""Datagrams that are kept: three seconds of a full room, or a flood."""

Streams = Mapping[bytes, Sequence[Datagram]]
"""Datagrams by the SSRC that they claim, each stream's in order of arrival."""


class Gathering:
    """Datagrams of one connection that wait for more of their stream."""

    def __init__(self) -> None:
        """Expect nobody: everything is passed on."""
        self._piles: dict[bytes, list[Datagram]] = {}
        self._members: dict[bytes, int] = {}

    def expect(self, talking: Mapping[int, int]) -> None:
        """Gather these streams from now on: SSRC → member.

        Whatever comes, no talk spurt of theirs begins within ``GATHERED_S``. While
        something is kept, this changes nothing.
        """
        if any(self._piles.values()):
            return
        self._members = {
            ssrc.to_bytes(4, "big"): user_id for ssrc, user_id in talking.items()
        }
        self._piles = {ssrc: [] for ssrc in self._members}

    @property
    def awaited(self) -> set[int]:
        """Return the members of whom something is kept: they are not silent."""
        return {self._members[ssrc] for ssrc, pile in self._piles.items() if pile}

    def sift(self, datagrams: Sequence[Datagram]) -> Streams:
        """Keep what may wait; return what is to be opened now."""
        rest: defaultdict[bytes, list[Datagram]] = defaultdict(list)
        pile_of = self._piles.get
        for datagram in datagrams:
            ssrc = datagram[0][SSRC]
            pile = pile_of(ssrc)
            if pile is None:
                rest[ssrc].append(datagram)
            else:
                pile.append(datagram)
        return rest

    def is_due(self, until: float) -> bool:
        """Say whether what is kept has to be opened before ``until``.

        The time is that of the datagrams.
        """
        kept = [pile for pile in self._piles.values() if pile]
        if not kept:
            return False
        oldest = min(pile[0].arrived_at for pile in kept)
        return until - oldest > GATHERED_S or sum(map(len, kept)) > MOST

    def release(self) -> Streams:
        """Return everything that is kept, and keep it no more."""
        kept = {ssrc: pile for ssrc, pile in self._piles.items() if pile}
        self._piles = {ssrc: [] for ssrc in self._members}
        return kept
