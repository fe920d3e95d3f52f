"""Packets with slots → sound with slots, losses covered where Opus can.

A loss of up to ``_COVERED`` frames is concealed: the last of them from the FEC data of
the packet after it, those before by PLC. Longer losses stay holes. What libopus refuses
is counted and concealed. Sound comes in runs: frames without a hole between them.
"""

from typing import NamedTuple

from media.ports import Decoder, OpusError, Vad
from media.stream import Gap, Placed

_COVERED = 5
_FRAME_BYTES = 640


class Run(NamedTuple):
    """Sound without a hole."""

    slot: int
    """Where it begins."""
    pcm: bytes
    """int16 little-endian, 16 kHz, mono; whole 20 ms frames."""
    verdicts: list[bool]
    """What the detector said of each frame."""


class Sound:
    """One speaker's decoder and detector, and what could not be decoded."""

    __slots__ = ("_decoder", "_vad", "concealed", "corrupt", "corrupt_in_a_row")

    def __init__(self, decoder: Decoder, vad: Vad) -> None:
        """Decode with ``decoder`` and detect with ``vad``, which nobody else uses."""
        self._decoder = decoder
        self._vad = vad
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
        begin = expected = -1
        gap: Gap | None = None
        decode = self._decoder.decode
        for slot, item in placed:
            if isinstance(item, Gap):
                gap = item
                continue
            opus = item[4]
            if not opus:
                continue  # withheld: consent came after the packet did
            covered: list[bytes] = []
            if gap is not None:
                covered, gap = self._cover(gap, opus), None
            if slot - len(covered) != expected:
                if parts:
                    runs.append(self._run(begin, parts))
                begin, parts = slot - len(covered), []
            parts += covered
            try:
                pcm = decode(opus)
                self.corrupt_in_a_row = 0
            except OpusError:
                pcm = self._refused()
            parts.append(pcm)
            expected = slot + len(pcm) // _FRAME_BYTES
        if parts:
            runs.append(self._run(begin, parts))
        return runs

    def _run(self, begin: int, parts: list[bytes]) -> Run:
        """Return a run from slot ``begin`` with the detector's verdicts."""
        pcm = b"".join(parts)
        return Run(begin, pcm, self._vad.detect(pcm))

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

    def _refused(self) -> bytes:
        """Count a packet that is not Opus and return a frame in its place."""
        self.corrupt += 1
        self.corrupt_in_a_row += 1
        return self._decoder.conceal()
