"""One RTP stream of one speaker: its playout buffer and its timeline together.

Packets in, in order of arrival; out come packets in order of sequence with a slot each,
and a ``Gap`` wherever some never came.
"""

from collections.abc import Sequence
from typing import NamedTuple

from media.heard import VoicePacket
from media.jitter import Missed, Playout, Release
from media.timeline import OFF_GRID, Timeline


class Gap(NamedTuple):
    """Packets that were sent between two slots and never came in time."""

    start: int
    """Slot."""
    until: int
    """Slot after the last that can be meant; more than ``frames`` if a pause is in."""
    frames: int
    """How many packets, by sequence number."""


Placed = list[tuple[int, VoicePacket | Gap]]
"""Slot and what lies there, in order."""


class Stream:
    """One SSRC."""

    __slots__ = ("_playout", "_timeline", "corrupt", "lost", "ssrc", "trimmed")

    def __init__(self, ssrc: int, wait_s: float, not_before: int) -> None:
        """Start with the first packet; place nothing before slot ``not_before``."""
        self.ssrc = ssrc
        self._playout = Playout(wait_s)
        self._timeline = Timeline(not_before)
        self.lost = 0
        self.corrupt = 0
        self.trimmed = 0

    @property
    def late(self) -> int:
        """Return how many packets came after they had been given up."""
        return self._playout.late

    @property
    def duplicates(self) -> int:
        """Return how many packets came again."""
        return self._playout.duplicates

    @property
    def next_slot(self) -> int:
        """Return the first slot with nothing in it or behind it."""
        return self._timeline.next_slot

    @property
    def is_waiting(self) -> bool:
        """Say whether packets are held for missing ones."""
        return self._playout.is_waiting

    def take(self, packets: Sequence[VoicePacket]) -> Placed:
        """Take packets of this SSRC in order of arrival."""
        return self._place(self._playout.push(packets))

    def flush(self, now: float) -> Placed:
        """Give up what has been waited for too long at ``now``."""
        return self._place(self._playout.flush(now))

    def drain(self) -> Placed:
        """Give up all waiting: the stream is over."""
        return self._place(self._playout.drain())

    def _place(self, released: list[Release]) -> Placed:
        """Give what was released its slots."""
        if not released:
            return []
        slots = self._timeline.place(released)
        if min(slots) >= 0 and not any(isinstance(item, Missed) for item in released):
            return list(zip(slots, released, strict=True))  # type: ignore[arg-type]  # no Missed in it, as just checked
        placed: Placed = []
        missed: tuple[int, int] | None = None
        for slot, item in zip(slots, released, strict=True):
            if isinstance(item, Missed):
                self.lost += item.packets
                missed = slot, item.packets
            elif slot < 0:
                self.corrupt += slot == OFF_GRID
                self.trimmed += slot != OFF_GRID
            else:
                if missed is not None:
                    placed.append((missed[0], Gap(missed[0], slot, missed[1])))
                    missed = None
                placed.append((slot, item))
        return placed
