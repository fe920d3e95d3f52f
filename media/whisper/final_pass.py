"""The better pass: a Space's tracks once more, when there is time for it.

Rule 1: what has a line is recognised again under the line's own times, so that the
new words come under the same id and replace it. Whether they may (a human's edit
stands) is for whoever keeps the lines.
Rule 2: talk that has no line yet is recognised too: what was missed live is not lost
where there is a track.
Rule 3: a track is read once, from front to back, and never held in memory.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from media.decode.sound import RATE_HZ, SAMPLE_BYTES, blocks
from media.intervals import Interval, Intervals, intersection, joined, seconds
from media.utterance import Grade
from media.whisper.jobs import SpurtAudio
from media.whisper.transcriber import Transcriber

PAUSE_S = 0.6
LEAD_S = 0.3
LEAST_S = 0.3
WAITING_S = 120.0
"""Sound that may wait for the recogniser before reading pauses, seconds."""


@dataclass(frozen=True, slots=True)
class Part:
    """One speaker's part of a finished Space."""

    user_id: int
    track: Path
    """Their recording; second 0.0 is second 0.0 of the Space."""
    spans: tuple[Interval, ...]
    """What to recognise, in time order: see ``spans``."""
    language: str
    """ISO 639-1."""


def spans(lines: Iterable[Interval], talk: Intervals) -> tuple[Interval, ...]:
    """Return a speaker's lines, and the talk beside them that has no line."""
    kept = sorted(lines)
    unsaid = [
        stretch
        for stretch in joined(talk, PAUSE_S)
        if seconds([stretch]) >= LEAST_S and not intersection([stretch], kept)
    ]
    return tuple(sorted([*kept, *unsaid]))


async def at_once(user_id: int) -> bool:
    """Wait for nothing: the machine is free, and everybody agrees."""
    return True


async def final_pass(
    transcriber: Transcriber,
    space_id: int,
    parts: Iterable[Part],
    hotwords: str = "",
    *,
    free: Callable[[int], Awaitable[bool]] = at_once,
) -> None:
    """Submit every part's sound and wait until it is answered.

    Answers come through the Space's subscription, graded FINAL. ``free`` is awaited
    before each piece: it returns when nothing more urgent needs the machine, and says
    whether its speaker may still be heard; if not, their part is over. Raise
    SoundError for a track that cannot be read; what was submitted until then is still
    answered.
    """
    for part in parts:
        cut = _cut(part)
        while (piece := await asyncio.to_thread(next, cut, None)) is not None:
            if not await free(part.user_id):
                break
            (start, end), pcm_start, pcm = piece
            transcriber.submit(
                SpurtAudio(
                    space_id=space_id,
                    user_id=part.user_id,
                    start=start,
                    end=end,
                    pcm=pcm,
                    language=part.language,
                    hotwords=hotwords,
                    grade=Grade.FINAL,
                    pcm_start=pcm_start,
                )
            )
            if transcriber.status(space_id).queued_s > WAITING_S:
                await transcriber.drain(space_id)
    await transcriber.drain(space_id)


def _cut(part: Part) -> Iterator[tuple[Interval, float, bytes]]:
    """Yield each span with where its sound begins and the sound itself."""
    if not part.spans:
        return
    sound = blocks(part.track)
    held, held_from = bytearray(), 0
    for start, end in part.spans:
        first, last = _bytes(max(0.0, start - LEAD_S)), _bytes(end + LEAD_S)
        while held_from + len(held) < last and (block := next(sound, b"")):
            held += block
            held_from += _drop(held, first - held_from)
        held_from += _drop(held, first - held_from)
        pcm = bytes(held[first - held_from : last - held_from])
        if pcm:
            yield (start, end), first / (RATE_HZ * SAMPLE_BYTES), pcm


def _drop(held: bytearray, size: int) -> int:
    """Forget up to ``size`` of the oldest bytes; return how many it was."""
    dropped = max(0, min(size, len(held)))
    del held[:dropped]
    return dropped


def _bytes(moment: float) -> int:
    return round(moment * RATE_HZ) * SAMPLE_BYTES
