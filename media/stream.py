"""One RTP stream of one speaker: its playout buffer and its timeline together.

Packets in, in order of arrival; out come stretches of packets in order of sequence, and
a ``Gap`` wherever some never came.
"""

from collections.abc import Sequence
from typing import NamedTuple

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
    packets: list[VoicePacket]
    opus: list[bytes]
    """Their Opus; of all of them or of none, where it was withheld."""

    @property
    def is_withheld(self) -> bool:
        """Say whether there is no content, for want of consent."""
        return not self.opus[0]

    def goes_on(self, slot: int, packet: VoicePacket) -> bool:
        """Say whether a packet at ``slot`` belongs to this stretch, at its end."""
        return (
            slot == self.slot + len(self.packets)
            and self.is_withheld != bool(packet.opus)
            and max(frames_of(self.opus[0]), frames_of(packet.opus)) <= 1
        )


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

    def owns(self, packets: Sequence[VoicePacket]) -> bool:
        """Say whether all packets are of this SSRC."""
        ssrc = self.ssrc
        for packet in packets:  # noqa: SIM110 (``all`` costs three times as much)
            if packet[1] != ssrc:
                return False
        return True

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
        if (
            Missed not in map(type, released)
            and min(slots) >= 0
            and self._timeline.next_slot - slots[0] == len(slots)
        ):
            packets: list[VoicePacket] = released  # type: ignore[assignment]  # no Missed in it, as just checked
            opus = [packet[4] for packet in packets]
            if all(opus) or not any(opus):
                return [Stretch(slots[0], packets, opus)]
        return self._place_one_by_one(slots, released)

    def _place_one_by_one(
        self, slots: Sequence[int], released: Sequence[Release]
    ) -> Placed:
        """Do the same with losses, holes and packets without a place among them."""
        placed: Placed = []
        missed: tuple[int, int] | None = None
        open_: Stretch | None = None  # what the next packet may belong to
        for slot, item in zip(slots, released, strict=True):
            if isinstance(item, Missed):
                self.lost += item.packets
                missed = slot, item.packets
                continue
            if slot < 0:
                self.corrupt += slot == OFF_GRID
                self.trimmed += slot != OFF_GRID
                continue
            if missed is not None:
                placed.append(Gap(missed[0], slot, missed[1]))
                missed = open_ = None
            if open_ is not None and open_.goes_on(slot, item):
                open_.packets.append(item)
                open_.opus.append(item.opus)
            else:
                open_ = Stretch(slot, [item], [item.opus])
                placed.append(open_)
        return placed
