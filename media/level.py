"""How loud 20 ms frames are: many frames of many speakers in one go.

Arithmetic on arrays, no I/O. Levels are dBov as in RFC 6464: 0 is a full-scale square
wave, -127 is digital silence.
"""

import numpy as np

FRAME_SAMPLES = 320
"""16 kHz samples of 20 ms."""

FRAME_BYTES = 2 * FRAME_SAMPLES
"""Bytes of 20 ms of int16 mono."""

SILENCE_DBOV = -127.0
"""The level of digital silence."""

_FULL_SCALE_SQUARED = 32768.0**2


def levels(pcm: bytes) -> list[float]:
    """Return the level in dBov of each 20 ms of int16 16 kHz mono ``pcm``."""
    frames = np.frombuffer(pcm, np.int16).reshape(-1, FRAME_SAMPLES)
    wide = frames.astype(np.float32)
    power = np.einsum("ij,ij->i", wide, wide) / (FRAME_SAMPLES * _FULL_SCALE_SQUARED)
    decibels = 10.0 * np.log10(np.maximum(power, 10 ** (SILENCE_DBOV / 10)))
    result: list[float] = decibels.tolist()
    return result
