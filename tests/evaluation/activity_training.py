"""Training of ``media.activity``; run by hand, it writes the modules of weights.

    python -m tests.evaluation.activity_training

writes what is shipped, taught on all recordings, and one module per fold of
``tests.evaluation.heldout``, taught without the voices and noises of that fold.

Speech: the recordings beside the project, labelled by Silero on the clean sound: as
they are, as clients with a voice gate send them, louder, softer, faster, filtered, and
mixed with noise at 3 to 32 dB. Fewer than forty voices are there, so speed (with it
pitch) and timbre go far, which makes others of them; and each time that an example is
learned from, it comes through another microphone. Not talk: recorded and made-up noise,
music, crowds. The network is small enough for plain numpy: backpropagation through time
and Adam, four minutes on one core for each. Nothing here runs in the product.
"""

import base64
import sys
from pathlib import Path

import numpy as np
from faster_whisper.vad import get_vad_model

from media.spectrum import (
    FEATURES,
    FRAME_BYTES,
    FRAME_SAMPLES,
    QUIET_POWER,
    SCALE,
    SHIFT,
    features,
)
from media.vad import WebrtcVad
from tests.evaluation.activity_noise import Sound, coloured, made_up, normal
from tests.evaluation.heldout import MODULES, fold_of
from tests.evaluation.rooms import NOISE, load, recordings, speaker
from tests.figures import ROOT

CELLS = 40
ON, OFF = 0.3, -0.3
BANDS = FEATURES - 1
FRAMES = 400
"""Frames of an example: 8 s."""

EXAMPLES, BATCH, STEPS = 4000, 48, 5000
SEED = 7
UNROLLED = 160
LEARNING_RATE = 4e-3
FULL_SCALE = 32768
Weights = dict[str, np.ndarray]


class Corpus:
    """Clips with a label per frame, noises, and examples drawn from them.

    Without the voices and the noises of ``fold``, where one is given.
    """

    def __init__(self, seed: int, fold: int | None) -> None:
        self.rng = np.random.default_rng(seed)
        self.clips = [
            labelled(load(path))
            for path in recordings()
            if fold_of(speaker(path)) != fold
        ]
        self.noises = [
            normal(load(path))
            for path in sorted(NOISE.iterdir())
            if fold_of(path.stem) != fold
        ]
        lengths = np.array([min(len(talk), 750) for _, talk in self.clips], float)
        self._odds = lengths / lengths.sum()

    def example(self) -> tuple[np.ndarray, np.ndarray]:
        """Return inputs and labels of one example, one frame in two."""
        rng = self.rng
        if rng.random() < 0.25:
            level = FULL_SCALE * 10 ** (rng.uniform(-65, -10) / 20)
            sound, talk = self.noise() * level, np.zeros(FRAMES, bool)
        else:
            sound, talk = self.speech()
            if rng.random() < 0.35 and talk.any():
                sound, talk = self.gated(sound, talk)
        pcm = sound.clip(-FULL_SCALE, FULL_SCALE - 1).astype(np.int16).tobytes()
        return inputs_of(pcm), talk[::2]

    def clip(self) -> tuple[Sound, np.ndarray]:
        """Return a random clip, long ones more often."""
        return self.clips[self.rng.choice(len(self.clips), p=self._odds)]

    def speech(self) -> tuple[Sound, np.ndarray]:
        """Return parts of clips with pauses between, at some level, with some noise."""
        rng = self.rng
        sound, talk = np.zeros(FRAMES * FRAME_SAMPLES), np.zeros(FRAMES, bool)
        at = int(rng.uniform(0, 60)) if rng.random() < 0.6 else 0
        while at < FRAMES - 10:
            clip, label = self.clip()
            if rng.random() < 0.6:  # faster is higher, too: voices nobody recorded
                clip, label = hurried(clip, label, rng.uniform(0.8, 1.25))
            first = int(rng.integers(0, max(1, len(label) - 100)))
            first *= int(rng.random() < 0.6)
            count = min(len(label) - first, FRAMES - at, int(rng.uniform(40, 300)))
            part = slice(first * FRAME_SAMPLES, (first + count) * FRAME_SAMPLES)
            start = at * FRAME_SAMPLES
            sound[start : start + count * FRAME_SAMPLES] = clip[part]
            talk[at : at + count] = label[first : first + count]
            at += count + int(rng.exponential(40))
        voiced = np.repeat(talk, FRAME_SAMPLES)
        if rng.random() < 0.6:
            sound = filtered(rng, sound)
        power = sound[voiced].std() if talk.any() else 1.0
        sound *= FULL_SCALE * 10 ** (rng.uniform(-40, -14) / 20) / max(power, 1e-9)
        if rng.random() < 0.7:
            white = rng.standard_normal(len(sound))
            other = self.noise() if rng.random() < 0.75 else white
            power = sound[voiced].std() if talk.any() else 1.0
            sound = sound + other * power * 10 ** (-rng.uniform(3, 32) / 20)
        return sound, talk

    def noise(self) -> Sound:
        """Return recorded, made-up or crowd noise at unit power."""
        rng, count = self.rng, FRAMES * FRAME_SAMPLES
        chance = rng.random()
        if chance < 0.35:
            sound = self._recorded(count)
            if rng.random() < 0.3:
                sound = sound + self._recorded(count) * rng.uniform(0.1, 1)
            return normal(sound)
        if chance < 0.42:
            others = (
                np.resize(np.roll(normal(self.clip()[0]), rng.integers(10**6)), count)
                for _ in range(rng.integers(12, 24))
            )
            crowd = sum(others, start=np.zeros(count))
            return normal(normal(crowd) + coloured(rng, count) * rng.uniform(0.1, 0.7))
        return made_up(rng, count)

    def _recorded(self, count: int) -> Sound:
        """Return a part of a recorded noise, perhaps backwards or filtered."""
        rng = self.rng
        sound = self.noises[rng.integers(len(self.noises))]
        sound = np.resize(np.roll(sound, rng.integers(len(sound))), count)
        if rng.random() < 0.4:
            sound = sound[::-1]
        return filtered(rng, sound) if rng.random() < 0.5 else sound

    def gated(self, sound: Sound, talk: np.ndarray) -> tuple[Sound, np.ndarray]:
        """Return what a client with a voice gate sends: talk only, then silence."""
        lead, hang = int(self.rng.uniform(0, 6)), int(self.rng.uniform(3, 30))
        open_ = np.zeros(FRAMES, bool)
        for frame in np.flatnonzero(talk):
            open_[max(0, frame - lead) : frame + hang] = True
        frames = sound.reshape(FRAMES, FRAME_SAMPLES)
        edges = np.flatnonzero(np.diff(np.r_[0, open_.astype(int), 0]))
        out, label = np.zeros_like(frames), np.zeros(FRAMES, bool)
        at = 0
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            count = min(end - start, FRAMES - at)
            out[at : at + count] = frames[start : start + count]
            label[at : at + count] = talk[start : start + count]
            at = min(FRAMES, at + count + 5)
        return out.reshape(-1), label


def inputs_of(pcm: bytes) -> np.ndarray:
    """Return what the network is given of a sound: one frame in two, one a row."""
    frames = [pcm[at : at + FRAME_BYTES] for at in range(0, len(pcm), 2 * FRAME_BYTES)]
    given = np.empty((FEATURES + 1, len(frames)), np.float32)
    features(b"".join(frames), given[:FEATURES])
    given[:FEATURES] = given[:FEATURES] * SCALE + SHIFT
    given[FEATURES] = np.repeat(WebrtcVad().detect(frames[::2]), 2)[: len(frames)]
    return given.T


def labelled(sound: Sound) -> tuple[Sound, np.ndarray]:
    """Return a clip in whole frames and whether Silero finds talk in each: over 0.5."""
    odds = np.asarray(get_vad_model()(np.pad(sound, (0, -len(sound) % 512)))).ravel()
    count = len(sound) // FRAME_SAMPLES
    middle = ((np.arange(count) + 0.5) * FRAME_SAMPLES // 512).astype(int)
    return sound[: count * FRAME_SAMPLES], (odds > 0.5)[middle]


def hurried(clip: Sound, label: np.ndarray, speed: float) -> tuple[Sound, np.ndarray]:
    """Return a clip played faster or slower, its label with it."""
    count = int(len(label) / speed)
    at = np.arange(count * FRAME_SAMPLES) * speed
    sound = np.interp(at, np.arange(len(clip)), clip)
    frames = np.minimum((np.arange(count) * speed).astype(int), len(label) - 1)
    return sound, label[frames]


def filtered(rng: np.random.Generator, sound: Sound) -> Sound:
    """Return a sound through some microphone or line."""
    hertz = np.maximum(np.fft.rfftfreq(len(sound), 1 / 16_000), 20)
    gain = (hertz / 1000) ** rng.uniform(-0.5, 0.5)
    for _ in range(rng.integers(0, 4)):
        centre = np.exp(rng.uniform(np.log(150), np.log(7000)))
        width = rng.uniform(0.15, 1)
        peak = np.exp(-((np.log(hertz / centre) / width) ** 2))
        gain = gain * 10 ** (rng.uniform(-8, 8) / 20 * peak)
    if rng.random() < 0.3:
        gain = gain / (1 + (rng.uniform(60, 200) / hertz) ** 4)
    if rng.random() < 0.2:
        gain = gain / (1 + (hertz / rng.uniform(3400, 7000)) ** 8)
    return np.fft.irfft(np.fft.rfft(sound) * gain, len(sound))


def elsewhere(rng: np.random.Generator, inputs: np.ndarray) -> np.ndarray:
    """Return sequences as other microphones would hear them: other levels and bands."""
    many = (len(inputs), 1, 1)
    decibels = (
        rng.uniform(-6, 6, many)
        + rng.uniform(-4, 4, many) * np.linspace(-1, 1, BANDS)
        + rng.normal(0, 2, (len(inputs), 1, BANDS))
    )
    scale, shift = SCALE[:BANDS, 0], SHIFT[:BANDS, 0]
    bands = np.exp((inputs[..., :BANDS] - shift) / scale)
    power = np.maximum(bands - QUIET_POWER, 0) * 10 ** (decibels / 10)
    heard = inputs.copy()
    heard[..., :BANDS] = np.log(power + QUIET_POWER) * scale + shift
    return heard


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
