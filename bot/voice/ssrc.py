"""Whose stream is it: SSRC → member, and the packets that wait for the answer.

Discord names the owner of an SSRC in op 5 (once per member) and op 12; op 13 says
who left. Op 5 may come after the first packets, or never for those who were there
before the bot. So:

Rule 1: a packet of an unknown SSRC waits, still encrypted, for up to ``WAIT_S``.
Rule 2: an SSRC belongs to one member at a time; the newest word wins.
Rule 3: who left keeps the SSRC for ``WAIT_S``: their last packets are still in flight.
Rule 4: everything is bounded, whatever the network sends.
"""

import itertools
from collections import deque
from collections.abc import Iterator

from media.rtp import Packet

WAIT_S = 2.0
"""Seconds that packets without an owner, or without a key, are kept."""

WAITING_PER_SSRC = 128
"""Packets kept per unknown SSRC: 2.5 s of speech."""

WAITING_SSRCS = 128
"""Unknown SSRCs with waiting packets: more than a channel holds people."""

MOST_SSRCS = 4096
"""SSRCs with an owner at a time."""

SAMPLES = 4
"""Old packets of an SSRC on which keys are tried at a time."""


class SsrcMap:
    """SSRC → member for one voice connection."""

    def __init__(self) -> None:
        self._users: dict[int, int] = {}
        self._leaving: dict[int, float] = {}

    def user(self, ssrc: int) -> int | None:
        """Return the member whose stream this is, None while nobody has said."""
        return self._users.get(ssrc)

    def ssrcs(self, user_id: int) -> list[int]:
        """Return every SSRC that is this member's at the moment."""
        return [ssrc for ssrc, owner in self._users.items() if owner == user_id]

    def learn(self, ssrc: int, user_id: int, now: float) -> None:
        """Note the owner of an SSRC; the member's former ones are on their way out."""
        if self._users.get(ssrc) == user_id and ssrc not in self._leaving:
            return
        for former in self.ssrcs(user_id):
            self._leaving.setdefault(former, now)
        if ssrc not in self._users and len(self._users) >= MOST_SSRCS:
            oldest = next(iter(self._leaving), next(iter(self._users)))
            self._leaving.pop(oldest, None)
            del self._users[oldest]
        self._users[ssrc] = user_id
        self._leaving.pop(ssrc, None)

    def leave(self, user_id: int, now: float) -> None:
        """Note that a member left the channel."""
        for ssrc in self.ssrcs(user_id):
            self._leaving.setdefault(ssrc, now)

    def expire(self, now: float) -> None:
        """Forget the streams of those who left ``WAIT_S`` ago."""
        gone = [s for s, since in self._leaving.items() if now - since > WAIT_S]
        for ssrc in gone:
            del self._leaving[ssrc]
            self._users.pop(ssrc, None)

    def present(self, user_id: int) -> bool:
        """Say whether a stream of this member is known and not on its way out."""
        return any(
            owner == user_id and ssrc not in self._leaving
            for ssrc, owner in self._users.items()
        )

    def clear(self) -> None:
        """Forget everything: another voice server counts anew."""
        self._users.clear()
        self._leaving.clear()


class WaitingRoom:
    """Packets that wait for an owner or for a key, by SSRC, in order of arrival."""

    def __init__(self) -> None:
        self._packets: dict[int, deque[Packet]] = {}
        self.given_up = 0
        """Packets dropped because they waited too long, or too many did."""

    def __len__(self) -> int:
        """Return how many packets wait."""
        return sum(len(queue) for queue in self._packets.values())

    def __contains__(self, ssrc: int) -> bool:
        """Say whether packets of an SSRC wait."""
        return ssrc in self._packets

    def __iter__(self) -> Iterator[int]:
        """Go through the SSRCs that wait."""
        return iter(list(self._packets))

    def first(self, ssrc: int) -> Packet:
        """Return the packet of an SSRC that has waited longest."""
        return self._packets[ssrc][0]

    def add(self, packet: Packet) -> list[Packet]:
        """Keep a packet; return what had to make room for it."""
        queue = self._packets.get(packet.ssrc)
        if queue is None:
            if len(self._packets) >= WAITING_SSRCS:
                self.given_up += 1
                return [packet]
            queue = self._packets[packet.ssrc] = deque()
        queue.append(packet)
        if len(queue) <= WAITING_PER_SSRC:
            return []
        self.given_up += 1
        return [queue.popleft()]

    def samples(self, ssrc: int) -> list[Packet]:
        """Return a few packets to try keys on, the oldest first.

        davey takes whatever precedes the first frame it opened for a replay, so the
        oldest one that opens has to be the first; the newest is of the present epoch.
        """
        queue = self._packets[ssrc]
        return [*itertools.islice(queue, SAMPLES), queue[-1]]

    def take(self, ssrc: int) -> list[Packet]:
        """Hand over the packets of an SSRC whose owner is known now."""
        return list(self._packets.pop(ssrc, ()))

    def expire(self, now: float) -> list[Packet]:
        """Drop and return what waited longer than ``WAIT_S``."""
        dropped = []
        for ssrc in list(self._packets):
            queue = self._packets[ssrc]
            while queue and now - queue[0].arrived_at > WAIT_S:
                dropped.append(queue.popleft())
            if not queue:
                del self._packets[ssrc]
        self.given_up += len(dropped)
        return dropped

    def clear(self) -> list[Packet]:
        """Drop and return everything."""
        dropped = [packet for queue in self._packets.values() for packet in queue]
        self.given_up += len(dropped)
        self._packets.clear()
        return dropped
