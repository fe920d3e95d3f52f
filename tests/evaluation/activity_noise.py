"""Sounds that are not talk, made up: for training what tells talk from them."""

from collections.abc import Callable

import numpy as np

RATE_HZ = 16_000
Sound = np.ndarray


def coloured(rng: np.random.Generator, count: int) -> Sound:
    """Return noise of a random slope with a few random resonances."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.maximum(np.fft.rfftfreq(count, 1 / RATE_HZ), 20)
    gain = (hertz / 1000) ** -rng.uniform(-0.3, 1.2)
    for _ in range(rng.integers(0, 4)):
        centre = np.exp(rng.uniform(np.log(100), np.log(7000)))
        width = rng.uniform(0.1, 1.0)
        peak = np.exp(-((np.log(hertz / centre) / width) ** 2))
        gain = gain * (1 + rng.uniform(0, 8) * peak)
    return normal(np.fft.irfft(spectrum * gain, count))


def normal(sound: Sound) -> Sound:
    """Return a sound at unit power."""
    return sound / max(float(sound.std()), 1e-9)


def swelling(rng: np.random.Generator, count: int, rate_hz: float) -> Sound:
    """Return a random envelope that changes ``rate_hz`` times a second."""
    points = max(3, int(count / RATE_HZ * rate_hz))
    steps = np.exp(rng.standard_normal(points) * rng.uniform(0.3, 1.5))
    return np.interp(np.arange(count), np.linspace(0, count, points), steps)


def modulated(rng: np.random.Generator, count: int) -> Sound:
    """Return noise that comes and goes."""
    return coloured(rng, count) * swelling(rng, count, rng.uniform(0.5, 20))


def hum(rng: np.random.Generator, count: int) -> Sound:
    """Return mains hum, a fan, a motor."""
    at = np.arange(count) / RATE_HZ
    hertz = rng.choice([50, 60, 100, 120, rng.uniform(40, 400)])
    tone = sum(
        np.sin(2 * np.pi * hertz * k * at + rng.uniform(0, 6)) * rng.uniform(0.1, 1) / k
        for k in range(1, rng.integers(2, 14))
    )
    return tone + coloured(rng, count) * rng.uniform(0, 0.5)


def _events(
    rng: np.random.Generator,
    count: int,
    gap_s: tuple[float, float],
    length_s: tuple[float, float],
    one: Callable[[int], Sound],
) -> Sound:
    """Return random events over a faint floor."""
    out = coloured(rng, count) * rng.uniform(0.001, 0.1)
    at = 0
    while True:
        at += int(RATE_HZ * rng.uniform(*gap_s))
        length = int(RATE_HZ * np.exp(rng.uniform(*np.log(length_s))))
        if at + length >= count:
            return out
        out[at : at + length] += one(length) * rng.uniform(0.2, 1)


def keys(rng: np.random.Generator, count: int) -> Sound:
    """Return clicks and knocks."""

    def one(length: int) -> Sound:
        sound = coloured(rng, length + 64)[:length]
        if rng.random() < 0.4:
            at = np.arange(length) / RATE_HZ
            sound = sound * 0.4 + np.sin(2 * np.pi * rng.uniform(200, 3000) * at)
        return sound * np.exp(-np.arange(length) / length * rng.uniform(2, 6))

    return _events(rng, count, (0.04, 0.6), (0.004, 0.12), one)


def breath(rng: np.random.Generator, count: int) -> Sound:
    """Return slow swells of noise."""

    def one(length: int) -> Sound:
        swell = np.sin(np.pi * np.arange(length) / length) ** rng.uniform(0.5, 2)
        return coloured(rng, length) * swell

    return _events(rng, count, (0.2, 2.0), (0.2, 1.5), one)


def barks(rng: np.random.Generator, count: int) -> Sound:
    """Return barks, squeaks, chairs: short, tonal, gliding."""

    def one(length: int) -> Sound:
        start = np.exp(rng.uniform(np.log(150), np.log(1500)))
        glide = np.exp(np.linspace(0, rng.uniform(-0.7, 0.7), length))
        phase = 2 * np.pi * np.cumsum(start * glide) / RATE_HZ
        tone = sum(
            np.sin(k * phase) * rng.uniform(0.1, 1) / k**0.7
            for k in range(1, rng.integers(2, 12))
        )
        tone = tone + rng.standard_normal(length) * rng.uniform(0, 1.5)
        return tone * np.sin(np.pi * np.arange(length) / length)

    return _events(rng, count, (0.1, 1.2), (0.05, 0.4), one)


def music(rng: np.random.Generator, count: int) -> Sound:
    """Return notes, chords and a beat."""
    out = np.zeros(count)
    step = int(RATE_HZ * rng.uniform(0.1, 0.6))
    base, decay = rng.uniform(80, 500), rng.uniform(2000, 16000)
    harmonics, voices = rng.integers(1, 10), rng.integers(1, 4)
    for start in range(0, count, step):
        for _ in range(voices):
            hertz = base * 2 ** (rng.integers(0, 20) / 12)
            at = np.arange(min(count - start, int(step * rng.uniform(0.8, 3))))
            tone = sum(
                np.sin(2 * np.pi * hertz * k * at / RATE_HZ)
                / k ** rng.uniform(0.5, 1.5)
                for k in range(1, harmonics + 1)
            )
            out[start : start + len(at)] += tone * np.exp(-at / decay)
        if rng.random() < 0.4:
            at = np.arange(min(count - start, 1500))
            beat = rng.standard_normal(len(at)) * np.exp(-at / 300)
            out[start : start + len(at)] += beat * rng.uniform(0.2, 2)
    return out


def organ(rng: np.random.Generator, count: int) -> Sound:
    """Return held tones and chords that are switched on and off."""
    at = np.arange(count) / RATE_HZ
    base = rng.uniform(80, 600)
    chord = sum(
        np.sin(2 * np.pi * base * 2 ** (step / 12) * at) * rng.uniform(0.3, 1)
        for step in rng.choice(25, rng.integers(1, 6), replace=False)
    )
    beat = np.sin(2 * np.pi * rng.uniform(0.3, 5) * at + rng.uniform(0, 6))
    held = beat > rng.uniform(-0.9, 0.7)
    faint = coloured(rng, count) * 10 ** rng.uniform(-5, -1)
    return chord * held + faint * (rng.random() < 0.7)


def sirens(rng: np.random.Generator, count: int) -> Sound:
    """Return chirps, sirens and beeps."""
    at = np.arange(count) / RATE_HZ
    sway = 1 + rng.uniform(0, 0.5) * np.sin(2 * np.pi * rng.uniform(0.1, 6) * at)
    tone = np.sin(2 * np.pi * np.cumsum(rng.uniform(200, 3000) * sway) / RATE_HZ)
    if rng.random() < 0.6:
        tone = tone * swelling(rng, count, rng.uniform(0.5, 10))
    else:
        tone = tone * (np.sin(2 * np.pi * rng.uniform(0.5, 5) * at) > 0)
    return tone + coloured(rng, count) * rng.uniform(0.001, 0.3)


KINDS = (coloured, modulated, hum, keys, breath, barks, music, organ, sirens)


def made_up(rng: np.random.Generator, count: int) -> Sound:
    """Return ``count`` samples of something that is not talk, at unit power."""
    sound = normal(KINDS[rng.integers(len(KINDS))](rng, count))
    if rng.random() < 0.25:
        other = normal(KINDS[rng.integers(len(KINDS))](rng, count))
        sound = normal(sound + other * rng.uniform(0.2, 1))
    return sound
