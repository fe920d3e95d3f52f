"""Which frames are talk: speakers kept apart, noise kept out."""

import numpy as np
import pytest

from media.activity import Memory, weigh
from media.spectrum import features

RNG = np.random.default_rng(5)
SECOND = 16_000


def talk_of(samples, memory=None, verdict=True):
    pcm = np.clip(samples, -32768, 32767).astype(np.int16).tobytes()
    numbers = features(pcm)
    return weigh(
        numbers, [verdict] * len(numbers), [memory or Memory()], [len(numbers)]
    )


def at(dbov, samples):
    return samples / samples.std() * 32768 * 10 ** (dbov / 20)


def hum(hz):
    t = np.arange(30 * SECOND) / SECOND
    return sum(np.sin(2 * np.pi * hz * k * t) / k for k in (1, 2, 3, 5))


def keys():
    out = RNG.standard_normal(30 * SECOND) * 0.01
    for start in RNG.integers(0, len(out) - 500, 120):
        out[start : start + 320] += RNG.standard_normal(320) * np.geomspace(
            1, 0.02, 320
        )
    return out


NOISES = {
    "white noise": lambda: RNG.standard_normal(30 * SECOND),
    "50 Hz hum": lambda: hum(50),
    "120 Hz hum": lambda: hum(120),
    "keyboard": keys,
}


@pytest.mark.parametrize("dbov", [-60, -40, -25])
@pytest.mark.parametrize("kind", NOISES)
def test_noise_is_not_talk(kind, dbov):
    """Even when the detector says speech throughout: 1 s per minute at most."""
    talk = talk_of(at(dbov, NOISES[kind]()))

    assert sum(talk) / len(talk) <= 1 / 60


def test_digital_silence_is_not_talk():
    """Nothing is nothing."""
    assert not any(talk_of(np.zeros(5 * SECOND), verdict=False))


def batches(sizes):
    """Return sound of three speakers and each one's talk, heard alone."""
    total = sum(sizes)
    return [at(-25, RNG.standard_normal(total * 320)) for _ in range(3)]


def test_batching_changes_nothing():
    """Frame by frame, in batches, alone or with others: the memory is the same."""
    sizes = [3, 1, 4]
    voices = batches(sizes)
    alone = [Memory() for _ in voices]
    for voice, memory in zip(voices, alone, strict=True):
        talk_of(voice, memory)

    together = [Memory() for _ in voices]
    start = 0
    for size in sizes:
        # The second speaker sends nothing in the second batch: others go on.
        parts = [voice[start * 320 : (start + size) * 320] for voice in voices]
        pcm = np.concatenate(parts).astype(np.int16).tobytes()
        weigh(features(pcm), [True] * 3 * size, together, [size] * 3)
        start += size

    for one, other in zip(alone, together, strict=True):
        assert one.cells == pytest.approx(other.cells, abs=1e-4)


def test_speakers_with_different_numbers_of_frames():
    """Whoever has fewer frames in a batch keeps the memory of their last one."""
    long, short = batches([5])[:2]
    pcm = np.concatenate([short[:640], long]).astype(np.int16).tobytes()
    together = [Memory(), Memory()]

    talk = weigh(features(pcm), [True] * 7, together, [2, 5])

    alone = Memory()
    talk_of(short[:640], alone)
    assert len(talk) == 7
    assert together[0].cells == pytest.approx(alone.cells, abs=1e-4)
