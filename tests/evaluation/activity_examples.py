"""What ``activity_training`` teaches with: sound, and which frames of it are talk.

Speech: the recordings beside the project, labelled by Silero on the clean sound: as
they are, as clients with a voice gate send them, louder, softer, faster, filtered, and
mixed with noise at 3 to 32 dB. Fewer than forty voices are there, so speed (with it
pitch) and timbre go far, which makes others of them. Not talk: recorded and made-up
noise, music, crowds.
"""

import numpy as np
from faster_whisper.vad import get_vad_model

from media.spectrum import (
    FEATURES,
    FRAME_SAMPLES,
    QUIET_POWER,
    SCALE,
    SHIFT,
    features,
)
from media.vad import WebrtcVad
from tests.evaluation.activity_noise import Sound, coloured, made_up, normal
from tests.evaluation.heldout import fold_of
from tests.evaluation.rooms import NOISE, load, recordings, speaker

BANDS = FEATURES - 1
FRAMES = 400
"""Frames of an example: 8 s."""

FULL_SCALE = 32768


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
    """Return what the network is given of a sound: one frame in two, one a row.

    webrtcvad judges twice as often as it does in the product.
    """
    frames = np.frombuffer(pcm, np.int16).reshape(-1, FRAME_SAMPLES)[::2]
    given = np.empty((FEATURES + 1, len(frames)), np.float32)
    features(frames, given[:FEATURES])
    given[:FEATURES] = given[:FEATURES] * SCALE + SHIFT
    verdicts = WebrtcVad().detect([frame.tobytes() for frame in frames[::2]])
    given[FEATURES] = np.repeat(verdicts, 2)[: len(frames)]
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
