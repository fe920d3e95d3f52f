"""Which frames are talk: a small recurrent network over sound and webrtcvad's verdict.

webrtcvad alone takes hum, keys, breath and music for speech and is off by a third on
real voices. Here its verdict is one of 18 inputs per 20 ms frame, beside 16 mel bands
and the periodicity (``media.spectrum``), of a gated recurrent unit (Cho et al. 2014)
with 32 cells: about 4,900 weights, trained by ``tests/evaluation/activity_training.py``
and kept in ``media.activity_weights``.

It takes one frame in two: steps of 40 ms decide as well and cost half. The frames of
all speakers go through together, so that one matrix product serves everybody. Each
speaker's cells are that speaker's ``Memory``.
"""

import base64
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest

import numpy as np

from media.activity_weights import CELLS, OFF, ON, PACKED
from media.ports import Vad
from media.sound import Run
from media.spectrum import FEATURES, FRAME_BYTES, Floats, features

_INPUTS = FEATURES + 1
_GATES = 2 * CELLS


def _weights() -> tuple[Floats, Floats, Floats, Floats, float]:
    """Unpack the weights: input, recurrence, bias, output, output bias."""
    flat = np.frombuffer(base64.b85decode(PACKED), np.float16)
    shapes = [(_INPUTS, 3 * CELLS), (CELLS, 3 * CELLS), (3 * CELLS,), (CELLS,)]
    parts, at = [], 0
    for shape in shapes:
        size = int(np.prod(shape))
        parts.append(flat[at : at + size].reshape(shape).astype(np.float32))
        at += size
    into, again, bias, out = parts
    return into, again, bias, out, float(flat[at])


_INTO, _AGAIN, _BIAS, _OUT, _OUT_BIAS = _weights()
_OFF, _ON = OFF - _OUT_BIAS, ON - _OUT_BIAS
# A gate is 1 / (1 + exp(-x)): the minus is in the weights already.
for _part in (_INTO, _AGAIN, _BIAS):
    _part[..., :_GATES] *= -1


class Memory:
    """What is remembered of one speaker, and whether they are heard to talk."""

    __slots__ = ("cells", "talking", "vad")

    def __init__(self, vad: Vad) -> None:
        """Start with nothing heard; nobody else uses ``vad``."""
        self.vad = vad
        self.cells: Floats = np.zeros(CELLS, np.float32)
        self.talking = False


def weigh(sound: Sequence[tuple[Memory, Sequence[Run]]]) -> list[list[bool]]:
    """Say for each frame of each run, in order, whether it is talk.

    Every second frame is looked at, the one in the even slot; the one after it is the
    same. Each speaker occurs once, with all their runs; the memories go on from there.
    """
    memories = [memory for memory, _ in sound]
    verdicts: list[bool] = []
    looked_at: list[list[int]] = []
    parts: list[bytes] = []
    for memory, runs in sound:
        rows: list[int] = []
        for slot, pcm in runs:
            at = len(verdicts) + (slot & 1)
            verdicts += memory.vad.detect(pcm)
            parts.append(pcm)
            rows += range(at, len(verdicts), 2)
        looked_at.append(rows)
    scores = _score(b"".join(parts), verdicts, memories, looked_at)
    return [
        _decide(memory, run, scored)
        for (memory, runs), scored in zip(sound, map(iter, scores), strict=True)
        for run in runs
    ]


def _decide(memory: Memory, run: Run, scores: Iterator[float]) -> list[bool]:
    """Turn the scores of a run's even slots into a decision per frame."""
    talking = memory.talking
    odd, frames = run.slot & 1, len(run.pcm) // FRAME_BYTES
    talk = [talking] * odd
    for score in islice(scores, (frames - odd + 1) // 2):
        talking = score > (_OFF if talking else _ON)
        talk += (talking, talking)
    memory.talking = talking
    return talk[:frames]


def _score(
    pcm: bytes,
    verdicts: Sequence[bool],
    memories: Sequence[Memory],
    looked_at: Sequence[list[int]],
) -> list[list[float]]:
    """Return a score for each frame that each speaker's list has, in order.

    Step by step: everybody's first frame, then everybody's second, and so on.
    """
    # Whoever has the most comes first, so that each step is of the first so many.
    order = sorted(range(len(looked_at)), key=lambda who: -len(looked_at[who]))
    steps = list(zip_longest(*[looked_at[who] for who in order]))
    counts = [len(rows) - rows.count(None) for rows in steps]
    if not steps:
        return [[] for _ in looked_at]
    driven = _drive(
        pcm, verdicts, [row for rows in steps for row in rows if row is not None]
    )
    cells = np.array([memories[who].cells for who in order])
    scores: list[list[float]] = []
    at = 0
    for count in counts:
        still = cells[:count]
        still[:] = _recur(driven[at : at + count], still)
        scores.append((still @ _OUT).tolist())
        at += count
    theirs: list[list[float]] = [[] for _ in looked_at]
    for place, who in enumerate(order):
        memories[who].cells = cells[place]
        theirs[who] = [step[place] for step in scores[: len(looked_at[who])]]
    return theirs


def _drive(pcm: bytes, verdicts: Sequence[bool], rows: Sequence[int]) -> Floats:
    """Return what some frames feed into gates and cells."""
    inputs = np.empty((len(rows), _INPUTS), np.float32)
    inputs[:, :FEATURES] = features(pcm, rows)
    inputs[:, FEATURES] = [2 * verdicts[row] - 1 for row in rows]
    driven: Floats = inputs @ _INTO
    driven += _BIAS
    return driven


def _recur(driven: Floats, before: Floats) -> Floats:
    """Go on one step with one row of cells per speaker; return the cells after it."""
    again = before @ _AGAIN
    gates = driven[:, :_GATES] + again[:, :_GATES]
    np.exp(gates, out=gates)
    gates += 1
    np.reciprocal(gates, out=gates)
    keep, reset = gates[:, :CELLS], gates[:, CELLS:]
    new = reset * again[:, _GATES:]
    new += driven[:, _GATES:]
    np.tanh(new, out=new)
    after: Floats = before - new
    after *= keep
    after += new
    return after
