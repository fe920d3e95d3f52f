"""What 20 ms frames sound like, in numbers: many frames of many speakers in one go.

Arithmetic on arrays, no I/O. Per frame: the logarithms of 16 mel bands, and how
periodic the frame is (vowels are, noise is not). Scaled to about -1 to 1, as
``media.activity`` was trained on; changing anything here asks for new weights.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FRAME_SAMPLES = 320
"""16 kHz samples of 20 ms."""

FRAME_BYTES = 2 * FRAME_SAMPLES
"""Bytes of 20 ms of int16 mono."""

FEATURES = 17
"""Numbers per frame: 16 bands and the periodicity."""

Floats = NDArray[np.float32]

_BANDS = FEATURES - 1
_LOWEST_HZ, _HIGHEST_HZ = 90.0, 7600.0
_BIN_HZ = 50.0
_PITCH_LAGS = slice(40, 161)
"""Samples: 400 to 100 Hz. The correlation is circular and even, so that lags of up to
280 (57 Hz), where the lowest voices are, are among these."""

_QUIET_POWER = 1e4
_QUIET_ENERGY = 1e5
"""Added before logarithm and division: digital silence is quiet, not minus infinity."""


def _mel_bands() -> Floats:
    """Return the weights of each spectral bin (161) in each band: triangles in mel."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (_LOWEST_HZ, _HIGHEST_HZ))
    edges = 700 * (10 ** (np.linspace(low, high, _BANDS + 2) / 2595) - 1)
    bins = np.arange(FRAME_SAMPLES // 2 + 1) * _BIN_HZ
    weights = np.zeros((len(bins), _BANDS), np.float32)
    for band in range(_BANDS):
        left, centre, right = edges[band : band + 3]
        rising = (bins - left) / (centre - left)
        falling = (right - bins) / (right - centre)
        weights[:, band] = np.maximum(0, np.minimum(rising, falling))
        if not weights[:, band].any():  # narrower than a bin: take the nearest
            weights[np.argmin(abs(bins - centre)), band] = 1
    return weights


def _correlations() -> Floats:
    """Return what each bin (161) adds to the correlation at lag 0 and at the lags."""
    lags = np.arange(FRAME_SAMPLES)[_PITCH_LAGS]
    bins = np.arange(FRAME_SAMPLES // 2 + 1)
    cosines = np.cos(2 * np.pi / FRAME_SAMPLES * np.outer(bins, [0, *lags]))
    # All bins but the first and the last stand for two of the transform.
    cosines[1:-1] *= 2
    return (cosines / FRAME_SAMPLES).astype(np.float32)


_WINDOW = np.hanning(FRAME_SAMPLES + 1)[:FRAME_SAMPLES].astype(np.float32)
_BASIS = np.concatenate([_mel_bands(), _correlations()], axis=1)
"""Power spectrum → bands, correlation at lag 0, correlation at the lags."""

_ROWS_AT_ONCE = 32
"""Rows that go through together: their spectra fit the nearest caches, and below a
million multiplications OpenBLAS wakes no threads, which cost more than they bring."""


def features(pcm: bytes, rows: Sequence[int]) -> Floats:
    """Return (len(rows), FEATURES) numbers for some frames of int16 16 kHz mono.

    ``rows`` are the numbers of the frames wanted, from 0.
    """
    frames = np.frombuffer(pcm, np.int16).reshape(-1, FRAME_SAMPLES)
    seen = np.empty((len(rows), _BASIS.shape[1]), np.float32)
    for at in range(0, len(rows), _ROWS_AT_ONCE):
        some = slice(at, at + _ROWS_AT_ONCE)
        spectrum = np.fft.rfft(frames[rows[some]] * _WINDOW)
        power = np.square(spectrum.real)
        power += np.square(spectrum.imag)
        np.matmul(power, _BASIS, out=seen[some])
    peak = seen[:, FEATURES:].max(axis=1)
    out = np.empty((len(rows), FEATURES), np.float32)
    out[:, :_BANDS] = (np.log(seen[:, :_BANDS] + _QUIET_POWER) - 16) / 4
    out[:, _BANDS] = 4 * peak / (seen[:, _BANDS] + _QUIET_ENERGY) - 1
    return out
