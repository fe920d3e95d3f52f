"""Which frames are talk: a small recurrent network over sound and webrtcvad's verdict.

webrtcvad alone takes hum, keys, breath and music for speech and is off by a third on
real voices. Here its verdict is one of 18 inputs per 20 ms frame, beside 16 mel bands
and the periodicity (``media.spectrum``), of a gated recurrent unit (Cho et al. 2014)
with 24 cells: about 3,200 weights, trained by ``tests/evaluation/activity_training.py``
and kept in ``media.activity_weights``.

It takes one frame in two: steps of 40 ms decide as well and cost half. The frames of
all speakers go through together, so that one matrix product serves everybody. Each
speaker's cells are that speaker's ``Memory``.
"""

import base64
from collections.abc import Iterator, Sequence

import numpy as np

from media.activity_weights import CELLS, OFF, ON, PACKED
from media.sound import Run
from media.spectrum import FEATURES, Floats, features

_INPUTS = FEATURES + 1


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
_AGAIN_GATES = np.ascontiguousarray(_AGAIN[:, : 2 * CELLS])
_AGAIN_CELLS = np.ascontiguousarray(_AGAIN[:, 2 * CELLS :])


class Memory:
    """What the network remembers of one speaker, and whether it hears them talk."""

    __slots__ = ("cells", "talking")

    def __init__(self) -> None:
        """Start with nothing heard."""
        self.cells: Floats = np.zeros(CELLS, np.float32)
        self.talking = False


def weigh(sound: Sequence[tuple[Memory, Sequence[Run]]]) -> list[list[bool]]:
    """Say for each frame of each run, in order, whether it is talk.

    Every second frame is looked at, the one in the even slot; the one after it is the
    same. Each speaker occurs once, with all their runs; the memories go on from there.
    """
    rows: list[int] = []
    verdicts: list[bool] = []
    lengths: list[int] = []
    for _, runs in sound:
        before = len(rows)
        for run in runs:
            at = len(verdicts)
            verdicts += run.verdicts
            rows += range(at + (run.slot & 1), len(verdicts), 2)
        lengths.append(len(rows) - before)
    memories = [memory for memory, _ in sound]
    scores: list[float] = []
    if rows:
        pcm = b"".join([run.pcm for _, runs in sound for run in runs])
        inputs = np.empty((len(rows), _INPUTS), np.float32)
        inputs[:, :FEATURES] = features(pcm, rows)
        inputs[:, FEATURES] = [2 * verdicts[row] - 1 for row in rows]
        scores = _run(inputs @ _INTO + _BIAS, memories, lengths)
    left = iter(scores)
    return [_decide(memory, run, left) for memory, runs in sound for run in runs]


def _decide(memory: Memory, run: Run, scores: Iterator[float]) -> list[bool]:
    """Turn the scores of a run's even slots into a decision per frame."""
    talking = memory.talking
    talk = []
    for slot in range(run.slot, run.slot + len(run.verdicts)):
        if not slot & 1:
            talking = next(scores) > (OFF if talking else ON)
        talk.append(talking)
    memory.talking = talking
    return talk


def _run(
    driven: Floats, memories: Sequence[Memory], lengths: Sequence[int]
) -> list[float]:
    """Run the recurrence over every speaker's frames; return a score for each frame."""
    order = sorted((i for i, n in enumerate(lengths) if n), key=lambda i: -lengths[i])
    starts = np.cumsum([0, *lengths])[order]
    left = np.array([lengths[i] for i in order])
    cells = np.stack([memories[i].cells for i in order])
    states = np.empty((len(driven), CELLS), np.float32)
    for step in range(left[0]):
        still = int(np.searchsorted(-left, -step))  # speakers with a frame left
        rows = starts[:still] + step
        now, before = driven[rows], cells[:still]
        gates = 1 / (1 + np.exp(-(now[:, : 2 * CELLS] + before @ _AGAIN_GATES)))
        keep, reset = gates[:, :CELLS], gates[:, CELLS:]
        new = np.tanh(now[:, 2 * CELLS :] + reset * (before @ _AGAIN_CELLS))
        cells[:still] = states[rows] = new + keep * (before - new)
    for row, i in enumerate(order):
        memories[i].cells = cells[row].copy()
    scores: list[float] = (states @ _OUT + _OUT_BIAS).tolist()
    return scores
