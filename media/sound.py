"""Packets with slots → sound with slots, losses covered where Opus can.

A loss of up to ``_COVERED`` frames is concealed: the last of them from the FEC data of
the packet after it, those before by PLC. Longer losses stay holes. What libopus refuses
is counted and concealed. Sound comes in runs: frames without a hole between them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from media.ports import Decoder, OpusError
from media.stream import Gap, Placed

_COVERED = 5
_FRAME_BYTES = 640


class Run(NamedTuple):
    """Sound without a hole."""

    slot: int
    """Where it begins."""
    pcm: bytes
    """int16 little-endian, 16 kHz, mono; whole 20 ms frames."""


class Sound:
    """One speaker's decoder, and what could not be decoded."""

    __slots__ = ("_decoder", "concealed", "corrupt", "corrupt_in_a_row")

    def __init__(self, decoder: Decoder) -> None:
        """Decode with ``decoder``, which nobody else uses."""
        self._decoder = decoder
        self.concealed = 0
        self.corrupt = 0
        self.corrupt_in_a_row = 0

    def reset(self) -> None:
        """Forget the stream: another one begins."""
        self._decoder.reset()

    def decode(self, placed: Placed) -> list[Run]:
        """Return the sound of what was placed, as runs in order."""
        runs: list[Run] = []
        parts: list[bytes] = []
        begin = until = -1
        gap: Gap | None = None
        for item in placed:
            if isinstance(item, Gap):
                gap = item
                continue
            if item.is_withheld:
                continue  # consent came after the packets did
            covered = [] if gap is None else self._cover(gap, item.opus[0])
            slot, gap = item.slot - len(covered), None
            if slot != until:
                if parts:
                    runs.append(_run(begin, parts))
                begin, parts = slot, []
            sound = self._decode(item.opus)
            parts += (*covered, sound)
            until = item.slot + len(sound) // _FRAME_BYTES
        if parts:
            runs.append(_run(begin, parts))
        return runs

    def _decode(self, packets: Sequence[bytes]) -> bytes:
        """Return the sound of a stretch, with a frame for each packet refused."""
        pcm = self._decoder.decode(packets)
        if pcm:
            self.corrupt_in_a_row = 0
        while (done := len(pcm) // _FRAME_BYTES) < len(packets):
            self.corrupt += 1
            self.corrupt_in_a_row += 1
            pcm += self._decoder.conceal()
            more = self._decoder.decode(packets[done + 1 :])
            if more:
                self.corrupt_in_a_row = 0
            pcm += more
        return pcm

    def _cover(self, gap: Gap, following: bytes) -> list[bytes]:
        """Return sound for a short loss right before ``following``; else nothing."""
        if gap.until - gap.start != gap.frames or gap.frames > _COVERED:
            return []
        covered = [self._decoder.conceal() for _ in range(gap.frames - 1)]
        try:
            covered.append(self._decoder.recover(following))
        except OpusError:
            covered.append(self._decoder.conceal())
        self.concealed += gap.frames
        return covered


def _run(begin: int, parts: list[bytes]) -> Run:
    """Return a run from slot ``begin``."""
    return Run(begin, parts[0] if len(parts) == 1 else b"".join(parts))
