"""Which frames are talk: a small recurrent network over sound and webrtcvad's verdict.

webrtcvad alone takes hum, keys, breath and music for speech and is off by a third on
real voices. Here its verdict is one of 18 inputs per 20 ms frame, beside 16 mel bands
and the periodicity (``media.spectrum``), of a gated recurrent unit (Cho et al. 2014)
with 24 cells: about 3,200 weights, trained by ``tests/evaluation/activity_training.py``
and kept in ``media.activity_weights``.

The frames of all speakers go through together, step by step: one matrix product serves
everybody. Each speaker's cells are that speaker's ``Memory``.
"""

import base64
from collections.abc import Sequence

import numpy as np

from media.activity_weights import CELLS, OFF, ON, PACKED
from media.spectrum import FEATURES, Floats

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


def weigh(
    features: Floats,
    verdicts: Sequence[bool],
    memories: Sequence[Memory],
    lengths: Sequence[int],
) -> list[bool]:
    """Say for each frame whether it is talk; the memories go on from there.

    ``features`` and ``verdicts`` hold the frames of every speaker one after the other,
    ``lengths[i]`` of them for ``memories[i]``.
    """
    inputs = np.empty((len(features), _INPUTS), np.float32)
    inputs[:, :FEATURES] = features
    inputs[:, FEATURES] = verdicts
    inputs[:, FEATURES] *= 2
    inputs[:, FEATURES] -= 1
    driven = inputs @ _INTO + _BIAS
    scores = _run(driven, memories, lengths)
    talk: list[bool] = []
    at = 0
    for memory, length in zip(memories, lengths, strict=True):
        talking = memory.talking
        for score in scores[at : at + length]:
            talking = score > (OFF if talking else ON)
            talk.append(talking)
        memory.talking = talking
        at += length
    return talk


def _run(
    driven: Floats, memories: Sequence[Memory], lengths: Sequence[int]
) -> list[float]:
    """Run the recurrence over every speaker's frames; return a score for each frame."""
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
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
