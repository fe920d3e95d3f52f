"""Something to say for a member without a recording: a buzz with syllables.

A 140 Hz pulse train through a slow envelope: loud and broken up enough that a voice
activity detector takes it for speech.
"""

import array
import functools
import math
from collections.abc import Iterator
from fractions import Fraction

import av

RATE_HZ = 48_000
FRAME_SAMPLES = 960
FRAME_S = 0.02
PITCH_HZ = 140
SYLLABLES_HZ = 4


@functools.cache
def speech(seconds: float) -> tuple[bytes, ...]:
    """Return Opus frames of 20 ms, as many as ``seconds`` holds."""
    return tuple(_encoded(round(seconds / FRAME_S)))


def _encoded(frames: int) -> Iterator[bytes]:
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate = RATE_HZ
    encoder.layout = "mono"
    encoder.format = "s16"
    encoder.time_base = Fraction(1, RATE_HZ)
    encoder.options = {"frame_duration": "20", "application": "voip"}
    encoder.bit_rate = 32_000
    for number in range(frames):
        start = number * FRAME_SAMPLES
        frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME_SAMPLES)
        frame.planes[0].update(_buzz(start))
        frame.sample_rate, frame.pts = RATE_HZ, start
        for packet in encoder.encode(frame):
            yield bytes(packet)


def _buzz(start: int) -> bytes:
    """Return the 20 ms from a sample on, as int16."""
    loudness = 0.55 + 0.45 * math.sin(2 * math.pi * SYLLABLES_HZ * start / RATE_HZ)
    samples = array.array("h")
    for at in range(start, start + FRAME_SAMPLES):
        phase = PITCH_HZ * at / RATE_HZ % 1.0
        # A sawtooth has all harmonics, as the glottis does.
        samples.append(int(loudness * 9000 * (2 * phase - 1)))
    return samples.tobytes()
