"""Something to say for a member without a recording: a buzz with syllables.

A 140 Hz pulse train through a slow envelope: loud and broken up enough that a voice
activity detector takes it for speech.
"""

import functools
from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np

RATE_HZ = 48_000
FRAME_SAMPLES = 960
FRAME_S = 0.02
PITCH_HZ = 140
SYLLABLES_HZ = 4


@functools.cache
def speech(seconds: float) -> tuple[bytes, ...]:
    """Return Opus frames of 20 ms, as many as ``seconds`` holds."""
    return tuple(_encoded(_buzz(round(seconds / FRAME_S) * FRAME_SAMPLES)))


def _buzz(samples: int) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    at = np.arange(samples) / RATE_HZ
    harmonics = range(1, 25)
    voice = sum(np.sin(2 * np.pi * PITCH_HZ * n * at) / n for n in harmonics)
    envelope = 0.55 + 0.45 * np.sin(2 * np.pi * SYLLABLES_HZ * at)
    return np.asarray(voice * envelope * 6000, dtype=np.int16)


def _encoded(pcm: "np.ndarray[tuple[int], np.dtype[np.int16]]") -> Iterator[bytes]:
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate = RATE_HZ
    encoder.layout = "mono"
    encoder.format = "s16"
    encoder.time_base = Fraction(1, RATE_HZ)
    encoder.options = {"frame_duration": "20", "application": "voip"}
    encoder.bit_rate = 32_000
    for start in range(0, len(pcm), FRAME_SAMPLES):
        part = pcm[np.newaxis, start : start + FRAME_SAMPLES]
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE_HZ, start
        for packet in encoder.encode(frame):
            yield bytes(packet)
