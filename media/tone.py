"""Soft tones, made: what a room hears when the bot has something to say without words.

Sine waves with a little of their octave, swelling in 30 ms and dying away like a small
bell; 20 dB below full scale, so that they lie under a voice and startle nobody.
Nothing is sampled from anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

RATE_HZ = 48_000
FRAME_SAMPLES = 960
PEAK: Final = 0.1
"""Of full scale: −20 dBFS."""

SWELL_S = 0.03
OCTAVE: Final = 0.15
"""Share of the octave above, which makes the sound round instead of electronic."""


@dataclass(frozen=True, slots=True)
class Note:
    """One strike."""

    at: float
    """Seconds from the beginning."""

    hz: float

    lasts_s: float
    """Until it has died away to a thousandth."""


NUDGE = (Note(0.0, 587.33, 0.6), Note(0.18, 440.0, 0.8))
"""D5 falling to A4: a question put gently."""

TIME = (Note(0.0, 523.25, 0.5), Note(0.25, 523.25, 0.5), Note(0.5, 659.26, 0.8))
"""C5 twice, then E5: the time is up."""


def chime(notes: Sequence[Note]) -> bytes:
    """Return int16 little-endian PCM, 48 kHz mono, whole frames of 20 ms."""
    frames = -(-max(_end(note) for note in notes) // FRAME_SAMPLES)
    mixed = np.zeros(frames * FRAME_SAMPLES)
    for note in notes:
        start = round(note.at * RATE_HZ)
        mixed[start : _end(note)] += _strike(note)
    loudest = float(np.abs(mixed).max())
    return (mixed * (PEAK * 32767 / loudest)).astype("<i2").tobytes()


def _end(note: Note) -> int:
    return round(note.at * RATE_HZ) + round(note.lasts_s * RATE_HZ)


def _strike(note: Note) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    at = np.arange(round(note.lasts_s * RATE_HZ)) / RATE_HZ
    wave = np.sin(2 * np.pi * note.hz * at) + OCTAVE * np.sin(4 * np.pi * note.hz * at)
    swell = np.sin(np.pi / 2 * np.minimum(at / SWELL_S, 1.0)) ** 2
    fade = np.exp(-np.log(1000) * at / note.lasts_s)
    # The last 10 ms to nothing: a cut at a thousandth would still click.
    end = np.minimum((note.lasts_s - at) / 0.01, 1.0)
    return np.asarray(wave * swell * fade * end)
