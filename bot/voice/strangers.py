"""Packets of streams that nobody has named, and how they come to a name.

Discord names the owner of an SSRC late, or never for who was there before the bot. In
a channel with DAVE it can be proved: only its sender's key opens a frame. So packets
wait, still encrypted, for either (``ssrc``), and never for a guess.

No clock and no counters of members: one thread calls, and opens what comes out.
"""

from collections.abc import Iterator
from typing import NamedTuple

from bot.voice import dave
from bot.voice.dave import DaveStatus
from bot.voice.ssrc import SsrcMap, WaitingRoom
from media.rtp import Packet

PROVE_EVERY_S = 0.1
"""Seconds between two attempts to prove whose an SSRC is."""


class Proof(NamedTuple):
    """Whose a stream is, by a frame of it that opened."""

    user_id: int

    sample: Packet
    """The one that opened; its nonce is spent, and davey would refuse it again."""

    opus: bytes
    """What it holds."""

    packets: list[Packet]
    """All that waited, the sample among them."""


class Strangers:
    """What waits for the names of its senders."""

    def __init__(self, ssrcs: SsrcMap) -> None:
        """Wait for ``ssrcs`` to know; proofs are noted there."""
        self._ssrcs = ssrcs
        self._waiting = WaitingRoom()
        self._proved_at = 0.0

    def __len__(self) -> int:
        """Return how many packets wait."""
        return len(self._waiting)

    @property
    def given_up(self) -> int:
        """Return how many packets waited in vain, ever."""
        return self._waiting.given_up

    def add(self, packet: Packet) -> None:
        """Keep a packet of a stream that nobody has named."""
        self._waiting.add(packet)

    def named(self) -> Iterator[tuple[int, list[Packet]]]:
        """Hand over what has an owner by now, a stream at a time."""
        for ssrc in self._waiting:
            user_id = self._ssrcs.user(ssrc)
            if user_id is not None:
                yield user_id, self._waiting.take(ssrc)

    def proved(self, status: DaveStatus, me: int, now: float) -> Iterator[Proof]:
        """Hand over what has an owner by whose key opens it; not ours, ``me``.

        Tried from time to time, however often it is asked.
        """
        if now - self._proved_at < PROVE_EVERY_S:
            return
        self._proved_at = now
        members = [user_id for user_id in dave.members(status) if user_id != me]
        # Whoever has no stream yet is the likeliest owner of a new one.
        members.sort(key=self._ssrcs.present)
        for ssrc in self._waiting:
            for sample in self._waiting.samples(ssrc):
                found = dave.whose(status, sample.frame, members)
                if found is not None:
                    user_id, opus = found
                    self._ssrcs.learn(ssrc, user_id, now)
                    yield Proof(user_id, sample, opus, self._waiting.take(ssrc))
                    break

    def expire(self, now: float) -> None:
        """Drop what waited too long."""
        self._waiting.expire(now)

    def clear(self) -> None:
        """Drop everything: another session counts its streams anew."""
        self._waiting.clear()
