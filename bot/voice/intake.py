"""From the socket to the hearing: what has arrived, opened, in order, and heard.

    inbox ─ gathering ─ reception ─ hearing ─► facts

No thread, no clock and no sleep: one thread calls and says what time it is, in seconds
of the Space. ``beat_s`` and ``deadline`` say when it should call again.
"""

from math import inf

from bot.voice.gathering import GATHERED_S, Gathering, Streams
from bot.voice.inbox import Datagram, Inbox
from bot.voice.reception import Reception
from media.heard import FRAME_S
from media.hearing import Heard, Hearing

BEAT_S = 0.02
"""Seconds that datagrams are gathered while there are any."""

BUSY_BEAT_S = 0.1
"""Likewise, while ``BUSY`` members or more send at once.

A batch with five frames of everybody costs a quarter less than such with two, and a
talk spurt's start is told 30 ms later on average."""

BUSY = 20
"""Members who send at once; a stage's floor holds 13."""

TICK_S = 0.04
"""Seconds between ticks of the hearing chain."""


class Intake:
    """What one link hears, over one socket after another."""

    def __init__(self, hearing: Hearing) -> None:
        """Hear by ``hearing``, from no socket yet."""
        self.reception = Reception()
        self.inbox: Inbox | None = None
        """Where datagrams come from at present."""
        self.beat_s = BEAT_S
        """Seconds until ``take`` should be called again."""
        self.deadline = inf
        """When ``take`` should be called at the latest."""
        self.is_behind = False
        """Whether ``take`` should be called again at once, when its facts are told."""
        self._hearing = hearing
        self._gathering = Gathering()
        self._ticked_at = 0.0

    def take(self, now: float, heard: list[Heard]) -> None:
        """Hear what has arrived and need not, or cannot, wait; let time pass.

        What came of it is added to ``heard``, here as in ``catch_up``. What has been
        kept for long enough is left to another call (``is_behind``): in a full room it
        is up to 40 ms of work, and a voice that begins is not told after it.
        """
        arrived = self._drain()
        ready = self._gathering.sift(arrived)
        if self.is_behind:
            ready = {**self._gathering.release(), **ready}
            self.is_behind = False
        else:
            busy = len(arrived) * FRAME_S >= BUSY * self.beat_s
            self.beat_s = BUSY_BEAT_S if busy else BEAT_S
            self.is_behind = self._gathering.is_due(now + self.beat_s)
        self._open(ready, now, heard)
        awaited = self._gathering.awaited
        if not awaited:
            self._expect_talkers(now)
        if now - self._ticked_at >= TICK_S or now >= self.deadline:
            self._ticked_at = now
            heard += self._hearing.tick(now, awaited)
        self.deadline = self._hearing.deadline(awaited)

    def catch_up(self, now: float, heard: list[Heard]) -> None:
        """Hear everything that has come until now.

        Before an order is carried out: what it changes, consent above all, holds for
        what comes after it.
        """
        self.is_behind = False
        rest = self._gathering.sift(self._drain())
        kept = self._gathering.release()
        self._gathering.expect({})  # the order may be about whose a stream is
        self._open({**kept, **rest}, now, heard)

    def _expect_talkers(self, now: float) -> None:
        """Gather streams of those in a talk spurt, of whom they are by now."""
        owner = self.reception.ssrcs.user
        talking = self._hearing.talking(now, GATHERED_S)
        self._gathering.expect({s: u for s, u in talking.items() if owner(s) == u})

    def _drain(self) -> list[Datagram]:
        return [] if self.inbox is None else self.inbox.drain()

    def _open(self, streams: Streams, now: float, heard: list[Heard]) -> None:
        """Hear datagrams, and what was waiting for a key or for its owner."""
        bursts = self.reception.settle(now) + self.reception.receive(streams)
        awaited = self._gathering.awaited
        if awaited and not awaited.isdisjoint(burst.user_id for burst in bursts):
            # Another stream of theirs: what is kept of the former one goes before it.
            bursts = self.reception.receive(self._gathering.release()) + bursts
        if bursts:
            heard += self._hearing.hear(bursts)
