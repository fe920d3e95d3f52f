"""Which frames are talk: speakers kept apart, noise kept out."""

import numpy as np
import pytest

from media.activity import Memory, weigh
from media.sound import Run
from tests.media.voices import voice

RNG = np.random.default_rng(5)
SECOND = 16_000


def run_of(samples, slot=0):
    pcm = np.clip(samples, -32768, 32767).astype(np.int16).tobytes()
    return Run(slot, pcm)


def talk_of(samples, memory=None, verdict=True):
    return weigh([(memory or remembering(verdict), [run_of(samples)])])[0]


def remembering(verdict=True):
    """Return a memory with a detector that always says the same."""
    return Memory(SameVerdict(verdict))


def cells(memory):
    return np.frombuffer(memory.cells, np.float32)


class SameVerdict:
    """Says the same of every frame."""

    def __init__(self, verdict):
        self.verdict = verdict

    def detect(self, frames):
        return [self.verdict] * len(frames)


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


def test_voice_is_talk():
    """A voice out of silence is talk within 0.1 s and until it ends."""
    voiced = np.concatenate([np.zeros(SECOND), voice(2.0), np.zeros(SECOND)])

    talk = talk_of(voiced)

    assert not any(talk[:50])
    assert sum(talk[50:55]) >= 2
    assert sum(talk[50:150]) >= 90
    assert not any(talk[160:])


def rooms(*frames):
    """Return noise of as many frames for as many speakers."""
    return [at(-25, RNG.standard_normal(count * 320)) for count in frames]


def test_batching_changes_nothing():
    """In small batches with others or all at once alone: the memory is the same."""
    sizes = [3, 1, 4, 2]
    noises = rooms(10, 10, 10)
    alone = [remembering() for _ in noises]
    once = [talk_of(noise, m) for noise, m in zip(noises, alone, strict=True)]

    together, start = [remembering() for _ in noises], 0
    talk = [[], [], []]
    for size in sizes:
        parts = [noise[start * 320 : (start + size) * 320] for noise in noises]
        runs = [[run_of(part, slot=start)] for part in parts]
        found = weigh(list(zip(together, runs, strict=True)))
        talk = [had + new for had, new in zip(talk, found, strict=True)]
        start += size

    assert talk == once
    for one, other in zip(alone, together, strict=True):
        assert cells(one) == pytest.approx(cells(other), abs=1e-4)


class Recording:
    """Takes every other frame for speech, and remembers what it was given."""

    def __init__(self):
        self.heard = []

    def detect(self, frames):
        """Judge by how many came before."""
        self.heard += frames
        return [
            number % 2 == 0
            for number in range(len(self.heard) - len(frames), len(self.heard))
        ]


@pytest.mark.parametrize("sizes", [[17], [1] * 17, [3, 5, 2, 4, 3]])
@pytest.mark.parametrize("first", range(8))
def test_the_detector_judges_one_frame_in_eight(first, sizes):
    """Those in slots divisible by eight, whatever the batches; the rest follow them."""
    (noise,) = rooms(17)
    whole, parts = Memory(Recording()), Memory(Recording())

    weigh([(whole, [run_of(noise, slot=first)])])
    at = 0
    for size in sizes:
        part = noise[at * 320 : (at + size) * 320]
        weigh([(parts, [run_of(part, slot=first + at)])])
        at += size

    pcm = run_of(noise).pcm
    judged = [n for n in range(17) if (first + n) % 8 == 0]
    assert whole.vad.heard == [pcm[n * 640 : (n + 1) * 640] for n in judged]
    assert parts.vad.heard == whole.vad.heard
    assert cells(parts) == pytest.approx(cells(whole), abs=1e-4)


def test_the_verdict_counts():
    """The same noise, speech or not by the detector: the scores differ."""
    (noise,) = rooms(40)
    yes, no = remembering(True), remembering(False)

    talk_of(noise, yes)
    talk_of(noise, no)

    assert abs(cells(yes) - cells(no)).max() > 0.01


def test_speakers_with_different_numbers_of_frames():
    """Whoever has fewer frames in a batch keeps the memory of their last one."""
    short, long, single = rooms(4, 9, 1)
    alone = [remembering() for _ in range(3)]
    talk_of(short, alone[0])
    talk_of(long, alone[1])
    together = [remembering() for _ in range(3)]

    talk = weigh(
        [
            (together[0], [run_of(short[:640]), run_of(short[640:], slot=8)]),
            (together[1], [run_of(long)]),
            (together[2], [run_of(single, slot=1)]),
        ]
    )

    assert [len(part) for part in talk] == [2, 2, 9, 1]
    for one, other in zip(alone, together, strict=True):
        assert cells(one) == pytest.approx(cells(other), abs=1e-4)
