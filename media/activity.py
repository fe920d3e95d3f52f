"""Which frames are talk: a small recurrent network over sound and webrtcvad's verdict.

webrtcvad alone takes hum, keys, breath and music for speech and is off by a third on
real voices. Here its verdict is one of 18 inputs per 20 ms frame, beside 16 mel bands
and the periodicity (``media.spectrum``), of a recurrent unit with one gate (Collins et
al. 2017) and 40 cells: about 4,800 weights, trained by
``tests/evaluation/activity_training.py`` and kept in ``media.activity_weights``.

It takes one frame in two: steps of 40 ms decide as well and cost half. webrtcvad judges
one in four of those, and its verdict stands for all four: more of them make nothing
better. The frames of all speakers go through together, so that one matrix product
serves everybody. Each speaker's cells are that speaker's ``Memory``.
"""

import base64
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from media.activity_weights import CELLS, OFF, ON, PACKED
from media.ports import Vad
from media.sound import Run
from media.spectrum import (
    FEATURES,
    FRAME_BYTES,
    FRAME_SAMPLES,
    SCALE,
    SHIFT,
    Floats,
    Frames,
    features,
)

_INPUTS = FEATURES + 1

_STEP = 2
"""Frames per step; the first of them is looked at."""

_JUDGED = 8
"""Frames per verdict of webrtcvad; a multiple of ``_STEP``."""

_CELL_BYTES = 4 * CELLS


def _weights() -> tuple[Floats, Floats, Floats, Floats, float]:
    """Unpack the weights: input, recurrence, bias, output, output bias."""
    flat = np.frombuffer(base64.b85decode(PACKED), np.float16)
    shapes = [(_INPUTS, 2 * CELLS), (CELLS, 2 * CELLS), (2 * CELLS,), (CELLS,)]
    parts, at = [], 0
    for shape in shapes:
        size = int(np.prod(shape))
        parts.append(flat[at : at + size].reshape(shape).astype(np.float32).T)
        at += size
    into, again, bias, out = parts
    # Where there are many frames, nothing is scaled or halved: the weights are.
    bias = bias[:, np.newaxis] + into[:, :FEATURES] @ SHIFT
    into[:, :FEATURES] *= SCALE.T
    for part in (into, again, bias):
        part[:CELLS] *= 0.5  # a gate is 1 / (1 + exp(-x)), that is (1 + tanh(x/2)) / 2
    return into, again, bias, out, float(flat[at])


_INTO, _AGAIN, _BIAS, _OUT, _OUT_BIAS = _weights()
_OFF, _ON = OFF - _OUT_BIAS, ON - _OUT_BIAS


class Memory:
    """What is remembered of one speaker, and whether they are heard to talk."""

    __slots__ = ("cells", "speech", "talking", "vad")

    def __init__(self, vad: Vad) -> None:
        """Start with nothing heard; nobody else uses ``vad``."""
        self.vad = vad
        self.speech = False
        """The last verdict of ``vad``."""
        self.cells = bytes(_CELL_BYTES)
        self.talking = False


def weigh(sound: Sequence[tuple[Memory, Sequence[Run]]]) -> list[list[bool]]:
    """Say for each frame of each run, in order, whether it is talk.

    Every second frame is looked at, the one in the even slot; the one after it is the
    same. Each speaker occurs once, with all their runs; the memories go on from there.
    """
    memories = [memory for memory, _ in sound]
    seen = [_look(memory, runs) for memory, runs in sound]
    scores = _score(memories, seen)
    talk: list[list[bool]] = []
    for (memory, runs), scored in zip(sound, scores, strict=True):
        _decide(memory, runs, scored, talk)
    return talk


def _look(memory: Memory, runs: Sequence[Run]) -> tuple[list[Frames], list[bool]]:
    """Return the frames in even slots of each run, and what webrtcvad says of each.

    It is asked of those in slots divisible by eight; what it says stands until then.
    """
    frames: list[Frames] = []
    verdicts: list[bool] = []
    looked = 0
    for slot, pcm in runs:
        first = -slot % _STEP
        some = np.frombuffer(pcm, np.int16).reshape(-1, FRAME_SAMPLES)[first::_STEP]
        frames.append(some)
        looked += len(some)
        skip = -(slot + first) % _JUDGED // _STEP
        verdicts += [memory.speech] * skip
        sound, start = memoryview(pcm), (first + _STEP * skip) * FRAME_BYTES
        asked = [
            sound[at : at + FRAME_BYTES]
            for at in range(start, len(pcm), _JUDGED * FRAME_BYTES)
        ]
        for verdict in memory.vad.detect(asked):
            memory.speech = verdict
            verdicts += [verdict] * (_JUDGED // _STEP)
        del verdicts[looked:]
    return frames, verdicts


def _decide(
    memory: Memory,
    runs: Sequence[Run],
    scores: Sequence[float],
    talk: list[list[bool]],
) -> None:
    """Turn the scores of the even slots of some runs into a decision per frame."""
    talking = memory.talking
    at = 0
    for slot, pcm in runs:
        first, frames = -slot % _STEP, len(pcm) // FRAME_BYTES
        found = [talking] * first
        until = at + (frames - first + _STEP - 1) // _STEP
        for score in scores[at:until]:
            talking = score > (_OFF if talking else _ON)
            found += [talking] * _STEP
        at = until
        talk.append(found[:frames])
    memory.talking = talking


def _score(
    memories: Sequence[Memory], seen: Sequence[tuple[list[Frames], list[bool]]]
) -> list[list[float]]:
    """Return the scores of each speaker's frames, in order, and perhaps more.

    Step by step: everybody's first frame, then everybody's second, and so on.
    """
    # Whoever has the most comes first, so that each step is of the first so many.
    given = [len(verdicts) for _, verdicts in seen]
    order = sorted(range(len(given)), key=given.__getitem__, reverse=True)
    counts = [given[who] for who in order]
    driven = _drive(
        np.concatenate([some for who in order for some in seen[who][0]]),
        [verdict for who in order for verdict in seen[who][1]],
    )
    steps, still = counts[0], len(order)
    cells = np.empty((steps + 1, CELLS, still), np.float32)
    before = b"".join([memories[who].cells for who in order])
    cells[0] = np.frombuffer(before, np.float32).reshape(-1, CELLS).T
    starts = np.array([0, *accumulate(counts[:-1])])
    for step in range(steps):
        while counts[still - 1] <= step:
            still -= 1
        if still < len(order):
            cells[step + 1, :, still:] = cells[step, :, still:]
        _recur(
            driven[:, starts[:still] + step],
            cells[step, :, :still],
            cells[step + 1, :, :still],
        )
    after = cells[-1].T.tobytes()
    scores: list[list[float]] = [[] for _ in order]
    for place, theirs in enumerate((_OUT @ cells[1:]).T.tolist()):
        who = order[place]
        scores[who] = theirs
        memories[who].cells = after[place * _CELL_BYTES : (place + 1) * _CELL_BYTES]
    return scores


def _drive(frames: Frames, verdicts: Sequence[bool]) -> Floats:
    """Return what the frames feed into gates and cells."""
    inputs = np.empty((_INPUTS, len(verdicts)), np.float32)
    inputs[FEATURES] = verdicts
    features(frames, inputs[:FEATURES])
    driven: Floats = _INTO @ inputs
    driven += _BIAS
    return driven


def _recur(driven: Floats, before: Floats, after: Floats) -> None:
    """Go on one step with one column of cells per speaker."""
    both = _AGAIN @ before
    both += driven
    np.tanh(both, out=both)
    keep, new = both[:CELLS], both[CELLS:]
    keep += 1
    keep *= 0.5
    np.subtract(before, new, out=after)
    after *= keep
    after += new
