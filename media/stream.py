"""One RTP stream of one speaker: its playout buffer and its timeline together.

Packets in, in order of arrival; out come stretches of packets in order of sequence, and
a ``Gap`` wherever some never came.
"""

from collections.abc import Sequence
from typing import NamedTuple

from media.burst import Burst
from media.heard import VoicePacket
from media.jitter import Missed, Playout, Release
from media.timeline import OFF_GRID, Timeline
from media.toc import frames_of


class Stretch(NamedTuple):
    """Packets in neighbouring slots, one frame each; a longer packet stands alone.

    What follows in the chain is done once for a stretch, not once for a packet.
    """

    slot: int
    """Where the first packet lies."""
    opus: Sequence[bytes]
    """What they hold; of all of them or of none, where it was withheld."""
    levels_dbov: Sequence[int | None]
    arrivals: Sequence[float]

    @property
    def is_withheld(self) -> bool:
        """Say whether there is no content, for want of consent."""
        return not self.opus[0]


class Gap(NamedTuple):
    """Packets that were sent between two slots and never came in time."""

    start: int
    """Slot."""
    until: int
    """Slot after the last that can be meant; more than ``frames`` if a pause is in."""
    frames: int
    """How many packets, by sequence number; 0: nobody knows, no connection."""


Placed = list[Stretch | Gap]
"""What lies on the grid, in order."""


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

    @property
    def deadline(self) -> float:
        """Return when ``flush`` will have waited long enough; infinity: never."""
        return self._playout.deadline

    def take(self, burst: Burst) -> Placed:
        """Take packets of this SSRC in order of arrival."""
        if self._playout.pass_on(burst.sequences):
            slot = self._timeline.go_on(burst)
            if slot is not None:
                return [Stretch(slot, burst.opus, burst.levels_dbov, burst.arrivals)]
            return self._place(burst.packets())
        return self._place(self._playout.push(burst.packets()))

    def flush(self, now: float) -> Placed:
        """Give up what has been waited for too long at ``now``."""
        return self._place(self._playout.flush(now))

    def drain(self) -> Placed:
        """Give up all waiting: the stream is over."""
        return self._place(self._playout.drain())

    def _place(self, released: Sequence[Release]) -> Placed:
        """Give what was released its slots, with losses and holes among it."""
        if not released:
            return []
        placed: Placed = []
        missed: tuple[int, int] | None = None
        begin, open_ = 0, list[VoicePacket]()  # what the next packet may belong to
        for slot, item in zip(self._timeline.place(released), released, strict=True):
            if isinstance(item, Missed):
                self.lost += item.packets
                missed = slot, item.packets
                continue
            if slot < 0:
                self.corrupt += slot == OFF_GRID
                self.trimmed += slot != OFF_GRID
                continue
            if open_ and (missed or not _goes_on(begin, open_, slot, item)):
                placed.append(_stretch(begin, open_))
                open_ = []
            if missed is not None:
                placed.append(Gap(missed[0], slot, missed[1]))
                missed = None
            if not open_:
                begin = slot
            open_.append(item)
        if open_:
            placed.append(_stretch(begin, open_))
        return placed


def _stretch(slot: int, packets: Sequence[VoicePacket]) -> Stretch:
    """Return the packets as a stretch that begins at ``slot``."""
    _, _, _, _, opus, levels, arrivals = zip(*packets, strict=True)
    return Stretch(slot, opus, levels, arrivals)


def _goes_on(
    begin: int, packets: Sequence[VoicePacket], slot: int, packet: VoicePacket
) -> bool:
    """Say whether a packet at ``slot`` belongs to those from ``begin`` on."""
    first = packets[0].opus
    return (
        slot == begin + len(packets)
        and bool(first) == bool(packet.opus)
        and max(frames_of(first), frames_of(packet.opus)) <= 1
    )
