"""Training of ``media.activity``; run by hand, it writes the modules of weights.

    python -m tests.evaluation.activity_training

writes what is shipped, taught on all recordings, and one module per fold of
``tests.evaluation.heldout``, taught without the voices and noises of that fold.

What it is taught with is in ``activity_examples``; each time that an example is learned
from, it comes through another microphone. The network is small enough for plain numpy:
backpropagation through time and Adam, four minutes on one core for each. Nothing here
runs in the product.
"""

import base64
import sys
from pathlib import Path

import numpy as np

from media.spectrum import FEATURES
from tests.evaluation.activity_examples import Corpus, elsewhere
from tests.evaluation.heldout import MODULES
from tests.figures import ROOT

CELLS = 40
ON, OFF = 0.3, -0.3
EXAMPLES, BATCH, STEPS = 4000, 48, 5000
SEED = 7
UNROLLED = 160
LEARNING_RATE = 4e-3
Weights = dict[str, np.ndarray]


def sigmoid(values: np.ndarray) -> np.ndarray:
    """Return the logistic function."""
    return 1 / (1 + np.exp(-values))


def start(rng: np.random.Generator) -> Weights:
    """Return random weights."""

    def matrix(rows: int, columns: int) -> np.ndarray:
        return (rng.standard_normal((rows, columns)) / rows**0.5).astype(np.float32)

    return {
        "into": matrix(FEATURES + 1, 2 * CELLS),
        "again": matrix(CELLS, 2 * CELLS) * np.float32(0.7),
        "bias": np.zeros(2 * CELLS, np.float32),
        "out": matrix(CELLS, 1)[:, 0],
        "out_bias": np.zeros(1, np.float32),
    }


def gradients(w: Weights, x: np.ndarray, y: np.ndarray) -> tuple[float, Weights]:
    """Return loss and gradients over sequences: backpropagation through time."""
    x, y = np.ascontiguousarray(x.transpose(1, 0, 2)), y.T  # time first
    steps, count, _ = x.shape
    driven = x @ w["into"] + w["bias"]
    states = np.zeros((steps + 1, count, CELLS), np.float32)
    keep, fresh = np.empty_like(states[1:]), np.empty_like(states[1:])
    for t in range(steps):
        both = driven[t] + states[t] @ w["again"]
        keep[t], fresh[t] = sigmoid(both[:, :CELLS]), np.tanh(both[:, CELLS:])
        states[t + 1] = fresh[t] + keep[t] * (states[t] - fresh[t])
    cells = states[1:]
    odds = sigmoid(cells @ w["out"] + w["out_bias"]).clip(1e-6, 1 - 1e-6)
    loss = -(y * np.log(odds) + (1 - y) * np.log(1 - odds)).mean()
    error = ((odds - y) / y.size).astype(np.float32)
    back = np.empty_like(driven)
    later = np.zeros((count, CELLS), np.float32)
    again = np.ascontiguousarray(w["again"].T)
    for t in reversed(range(steps)):
        later = later + error[t, :, None] * w["out"]
        to_fresh = later * (1 - keep[t])
        back[t, :, :CELLS] = to_fresh * keep[t] * (states[t] - fresh[t])
        back[t, :, CELLS:] = to_fresh * (1 - fresh[t] ** 2)
        later = later * keep[t] + back[t] @ again
    flat = back.reshape(-1, 2 * CELLS)
    return float(loss), {
        "into": x.reshape(-1, x.shape[2]).T @ flat,
        "again": states[:-1].reshape(-1, CELLS).T @ flat,
        "bias": flat.sum(0),
        "out": (cells * error[..., None]).sum((0, 1)),
        "out_bias": error.sum()[None],
    }


def train(fold: int | None = None) -> Weights:
    """Return weights after ``STEPS`` steps of Adam with a cosine schedule."""
    corpus = Corpus(SEED, fold)
    pool = [corpus.example() for _ in range(EXAMPLES)]
    x = np.stack([given for given, _ in pool])
    y = np.stack([talk for _, talk in pool]).astype(np.float32)
    rng = np.random.default_rng(SEED)
    w = start(rng)
    mean = {name: np.zeros_like(value) for name, value in w.items()}
    square = {name: np.zeros_like(value) for name, value in w.items()}
    for step in range(1, STEPS + 1):
        chosen = rng.choice(len(x), BATCH, replace=False)
        at = rng.integers(0, x.shape[1] - UNROLLED)
        part = slice(at, at + UNROLLED)
        inputs = elsewhere(rng, x[chosen, part])
        loss, grad = gradients(w, inputs, y[chosen, part])
        size = float(np.sqrt(sum((g**2).sum() for g in grad.values())))
        schedule = 0.5 * (1 + np.cos(np.pi * step / STEPS)) + 0.02
        rate = LEARNING_RATE * min(1, step / 50) * schedule
        for name in w:
            g = grad[name] * min(1.0, 1 / size)
            mean[name] = 0.9 * mean[name] + 0.1 * g
            square[name] = 0.99 * square[name] + 0.01 * g**2
            tall = np.sqrt(square[name] / (1 - 0.99**step)) + 1e-8
            move = rate * mean[name] / (1 - 0.9**step) / tall
            w[name] = (w[name] - move).astype(np.float32)
        if step % 500 == 0:
            sys.stdout.write(f"step {step}: loss {loss:.3f}\n")
    return w


def write(w: Weights, path: Path) -> None:
    """Write the module of weights."""
    flat = np.concatenate([value.ravel() for value in w.values()]).astype(np.float16)
    text = base64.b85encode(flat.tobytes()).decode()
    lines = "\n".join(f'    r"{text[i : i + 80]}"' for i in range(0, len(text), 80))
    path.write_text(
        '"""The weights of ``media.activity``, made by '
        "``tests/evaluation/activity_training.py``.\n\n"
        "Numbers, not code: 16-bit floats in base 85, in the order input, recurrence, "
        'bias,\noutput, output bias.\n"""\n\n'
        f'CELLS = {CELLS}\n"""Cells of the recurrent unit."""\n\n'
        f'ON = {ON}\n"""Score from which on a frame begins talk."""\n\n'
        f'OFF = {OFF}\n"""Score down to which talk goes on."""\n\n'
        f"PACKED = (\n{lines}\n)\n",
        "utf-8",
    )


if __name__ == "__main__":
    write(train(), ROOT / "media/activity_weights.py")
    for number, module in enumerate(MODULES):
        path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
        write(train(number), path)
