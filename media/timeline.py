"""RTP ticks of one stream → slots of the Space: the 20 ms grid all tracks share.

Slot ``n`` begins at ``n * FRAME_S`` seconds of the Space. The rules:

- The first packets anchor the stream: the earliest of them, by arrival, decides.
- In speech, slots follow the RTP timestamp, whatever the network's jitter.
- A pause is a jump of the timestamp, or, where the sender's timestamp stands still in
  pauses, an arrival much later than the timestamp says: after a silence frame, or after
  ``_STILL_S`` without packets.
- The smallest delay of arrival behind the slot, over a window, is the truth about the
  sender's clock. Beyond half a slot it moves the stream by one: at the next pause, else
  at the window's end by an empty slot, or by trimming one packet.
- A timestamp that makes no sense against arrival (backwards, far ahead) re-anchors.
- A sender faster than time itself is trimmed: nobody gets ahead of the Space.
- Slots only grow: nothing is ever placed where something has been.

So a stream is never further from its arrival than half a slot and what its clock drifts
in one window.
"""

from collections.abc import Sequence
from math import inf
from operator import itemgetter

from media.burst import Burst
from media.heard import FRAME_S, SILENCE, VoicePacket
from media.jitter import MAX_HELD, Missed, Release
from media.toc import FRAMES, TICKS_PER_FRAME, frames_of

TRIMMED = -1
"""In place of a slot: the sender's clock runs ahead; this packet has no place."""

OFF_GRID = -2
"""In place of a slot: not Opus in whole 20 ms frames."""

_TICKS_PER_S = 48_000
_WINDOW_S = 10.0
"""Seconds over which the smallest delay is taken."""

_PATIENCE_S = 0.014
"""Deviation of the clock that is not left to the next pause."""

_LATE_S = 0.06
"""Delay behind the slot that may mean a pause in which the timestamp stood still."""

_STILL_S = 1.0
"""Seconds without packets that are taken for a pause without a silence frame."""

_AHEAD_S = 0.5
"""How far before its slot a packet may arrive: beyond, its timestamp is wrong."""

_PAUSE_FRAMES = 5
"""Jumps shorter than this are losses: no place to correct a clock."""

_TOC = itemgetter(0)
_ONE_FRAME = frozenset(toc for toc, frames in enumerate(FRAMES) if frames == 1)
"""First bytes of packets of 20 ms."""


class Timeline:
    """Where one stream's packets lie on the Space's grid."""

    __slots__ = (
        "_arrived",
        "_last_low",
        "_late_s",
        "_low",
        "_next_slot",
        "_next_ticks",
        "_silent",
        "_window_end",
    )

    def __init__(self, not_before: int = 0) -> None:
        """Place nothing before slot ``not_before``: what came earlier is written."""
        self._next_slot = not_before
        self._next_ticks = -1
        self._arrived = 0.0
        self._low = self._last_low = inf
        self._late_s = _LATE_S
        self._window_end = 0.0
        self._silent = False

    @property
    def next_slot(self) -> int:
        """Return the first slot with nothing in it or behind it."""
        return self._next_slot

    def place(self, released: Sequence[Release]) -> list[int]:
        """Return the slot of each packet, or TRIMMED, or OFF_GRID.

        For ``Missed`` it is the slot where the loss begins; it ends at the next one's.
        """
        slots: list[int] = []
        last = None
        for index, item in enumerate(released):
            slot = self._next_slot
            if not isinstance(item, VoicePacket):
                slots.append(slot)
                continue
            _, _, _, ticks, opus, _, arrived = item
            # Content withheld for want of consent: Discord's clients send 20 ms.
            frames = (FRAMES[opus[0]] or frames_of(opus)) if opus else 1
            if not frames:
                slots.append(OFF_GRID)
                continue
            delay = arrived - slot * FRAME_S
            if ticks != self._next_ticks or not -_AHEAD_S < delay <= self._late_s:
                self._note(last)
                slot = self._bridge(item, released[index + 1 : index + MAX_HELD])
                delay = arrived - slot * FRAME_S
            self._next_ticks = (ticks + frames * TICKS_PER_FRAME) & 0xFFFFFFFF
            last = item
            slots.append(slot)
            if slot >= 0:
                self._next_slot = slot + frames
                if delay < self._low:
                    self._low = delay
        self._note(last)
        if self._arrived >= self._window_end:
            self._close_window()
        return slots

    def go_on(self, burst: Burst) -> int | None:
        """Place packets that simply follow what was placed; return the first's slot.

        None where anything about one of them needs ``place``, and then none is placed.
        """
        slot, ticks = self._next_slot, self._next_ticks
        _, _, _, timestamps, opus, _, arrivals = burst
        count = len(opus)
        end = ticks + count * TICKS_PER_FRAME
        if timestamps != tuple(range(ticks, end, TICKS_PER_FRAME)) or end > 0xFFFFFFFF:
            return None
        if not (_ONE_FRAME.issuperset(map(_TOC, opus)) if all(opus) else not any(opus)):
            return None
        delays = [
            arrived - at * FRAME_S for at, arrived in enumerate(arrivals, start=slot)
        ]
        least = min(delays)
        if not -_AHEAD_S < least <= max(delays) <= self._late_s:
            return None
        self._next_slot, self._next_ticks = slot + count, end
        self._low = min(self._low, least)
        self._arrived, self._silent = arrivals[-1], opus[-1] == SILENCE
        if self._arrived >= self._window_end:
            self._close_window()
        return slot

    def _note(self, last: VoicePacket | None) -> None:
        """Note the last packet that has been placed."""
        if last is not None:
            self._arrived = last.arrived_at
            self._silent = last.opus == SILENCE

    def _bridge(self, packet: VoicePacket, following: Sequence[Release]) -> int:
        """Return the slot of a packet that does not simply follow the last one."""
        if self._late_s < 0:
            self._late_s = _LATE_S
            self._shift(-1)
            return TRIMMED
        delay = self._least_delay(packet, following)
        if self._next_ticks < 0:
            return self._anchor(delay, packet.arrived_at)
        ahead = _signed(packet.timestamp - self._next_ticks)
        frames = round(ahead / TICKS_PER_FRAME)
        if ahead == 0:
            if delay <= -_AHEAD_S:
                return TRIMMED
            still = self._silent or packet.arrived_at - self._arrived >= _STILL_S
            # Otherwise the network stalled, and the packets' own time is right.
            if still and delay > _LATE_S:
                return self._anchor(delay, packet.arrived_at)
            return self._next_slot
        if ahead < 0 or not -_AHEAD_S < delay - frames * FRAME_S < _STILL_S:
            return self._anchor(delay, packet.arrived_at)
        slot = self._next_slot + frames
        if frames >= _PAUSE_FRAMES:
            least = min(self._low, self._last_low, delay - frames * FRAME_S)
            slot += self._shift(round(least / FRAME_S))
        return max(slot, self._next_slot)

    def _least_delay(self, packet: VoicePacket, following: Sequence[Release]) -> float:
        """Return the least delay behind the next slot, by what has come with it.

        By as many packets as are ever held for their order: a flood of timestamps
        without sense must not have each looked at with all others.
        """
        origin = self._next_slot * FRAME_S
        least = packet.arrived_at - origin
        for other in following:
            if not isinstance(other, Missed):
                since = _signed(other.timestamp - packet.timestamp) / _TICKS_PER_S
                least = min(least, other.arrived_at - origin - since)
        return least

    def _anchor(self, delay: float, arrived_at: float) -> int:
        """Begin anew at the slot ``delay`` from the next one, by arrival."""
        self._low = self._last_low = inf
        self._window_end = arrived_at + _WINDOW_S
        return max(self._next_slot, self._next_slot + round(delay / FRAME_S))

    def _shift(self, slots: int) -> int:
        """Account for moving the stream by ``slots``, and return it."""
        self._low -= slots * FRAME_S
        self._last_low -= slots * FRAME_S
        return slots

    def _close_window(self) -> None:
        """Correct the clock in the midst of speech, if no pause has done so."""
        if self._low < inf:
            if self._low > _PATIENCE_S:
                self._next_slot += self._shift(round(self._low / FRAME_S))
            elif self._low < -_PATIENCE_S:
                self._late_s = -inf  # so that the next packet is looked at, and trimmed
        self._last_low, self._low = self._low, inf
        self._window_end = self._arrived + _WINDOW_S


def _signed(ticks: int) -> int:
    """Return a difference of 32-bit timestamps as a signed number."""
    return (ticks + 0x80000000 & 0xFFFFFFFF) - 0x80000000
