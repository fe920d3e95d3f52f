"""What one scripted member sends: its RTP counters and the frames that are due.

Rule 1: the RTP timestamp follows the clock through pauses, the sequence number counts
packets (RFC 3550, 5.1), as Discord's clients do.
Rule 2: speech ends with five frames of silence.
Rule 3: every random choice is drawn here, per frame and always in the same number, so
that a run with the same seed makes the same packets in every channel.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from bot.rehearsal.sfu.faults import Faults
from bot.rehearsal.sfu.rtp import FRAME_TICKS, SILENCE, Stamp, level_extension

FRAME_S = 0.02
TRAILING_SILENCE = 5
REORDER_S = 0.03  # later than the successor, which follows after 0.02 s
VOICE_LEVEL_DBOV, SILENCE_LEVEL_DBOV = 25, 127


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame that is due, with everything that was drawn for it."""

    opus: bytes
    stamp: Stamp
    extension: bytes | None
    padding: int
    delays: tuple[float, ...]
    """Extra delay in seconds of every copy to send; empty = lost."""


@dataclass(slots=True)
class _Speech:
    frames: Sequence[bytes]
    start: float
    """When the first frame is due, on the event loop's clock."""
    done: asyncio.Future[None]
    next: int = 0

    @property
    def total(self) -> int:
        return len(self.frames) + TRAILING_SILENCE

    @property
    def due(self) -> float:
        return self.start + FRAME_S * self.next


class Stream:
    """One member's packets."""

    def __init__(self, user_id: int, ssrc: int, faults: Faults) -> None:
        self.user_id = user_id
        self.ssrc = ssrc
        self._faults = faults
        self._chance = random.Random(f"{faults.seed}/{user_id}")  # noqa: S311 (a drill)
        self._sequence = self._chance.randrange(1 << 16)
        self._timestamp = self._chance.randrange(1 << 32)
        self._zero: float | None = None
        self._speeches: deque[_Speech] = deque()

    @property
    def speaking(self) -> bool:
        """Whether frames are left to send, now or later."""
        return bool(self._speeches)

    def add(
        self, frames: Sequence[bytes], start: float, done: asyncio.Future[None]
    ) -> None:
        """Queue speech from ``start``, or from the end of what is queued already."""
        if self._speeches:
            last = self._speeches[-1]
            start = max(start, last.start + FRAME_S * last.total)
        self._speeches.append(_Speech(frames, start, done))

    def hush(self) -> None:
        """End all speech now; those who wait for its end go on."""
        while self._speeches:
            _finish(self._speeches.popleft())

    def due(self, now: float) -> list[Frame]:
        """Take the frames due by ``now`` (seconds on the event loop's clock)."""
        frames: list[Frame] = []
        while self._speeches and self._speeches[0].due <= now:
            speech = self._speeches[0]
            spoken = speech.next < len(speech.frames)
            opus = speech.frames[speech.next] if spoken else SILENCE
            frames.append(self._frame(opus, speech.due))
            speech.next += 1
            if speech.next == speech.total:
                _finish(self._speeches.popleft())
        return frames

    def _frame(self, opus: bytes, due: float) -> Frame:
        if self._zero is None:
            self._zero = due
        ticks = round((due - self._zero) / FRAME_S) * FRAME_TICKS
        self._sequence = (self._sequence + 1) & 0xFFFF
        stamp = Stamp(
            self._sequence, (self._timestamp + ticks) & 0xFFFF_FFFF, self.ssrc
        )
        chance = self._chance
        padded, words, extra = chance.random(), chance.randint(0, 3), chance.random()
        padding = 1 + int(extra * 16) if padded < self._faults.padding_share else 0
        level = SILENCE_LEVEL_DBOV if opus == SILENCE else VOICE_LEVEL_DBOV
        extension = None
        if self._faults.extension:
            extension = level_extension(level, words) if words else b""
        return Frame(opus, stamp, extension, padding, self._delays())

    def _delays(self) -> tuple[float, ...]:
        faults, chance = self._faults, self._chance
        lost, late, twice, jitter = (chance.random() for _ in range(4))
        if lost < faults.loss:
            return ()
        delay = jitter * faults.jitter_ms / 1000
        if late < faults.reorder:
            delay += REORDER_S
        return (delay, delay) if twice < faults.duplicate else (delay,)


def _finish(speech: _Speech) -> None:
    if not speech.done.done():
        speech.done.set_result(None)
