"""What 20 ms frames sound like, in numbers: many frames of many speakers in one go.

Arithmetic on arrays, no I/O. Per frame: the logarithms of 16 mel bands, and how
periodic the frame is (vowels are, noise is not). ``media.activity`` was trained on
them; changing anything here asks for new weights.

The numbers of a frame stand in a column: what is done to one number of all frames is
done to neighbours.
"""

import numpy as np
from numpy.typing import NDArray

FRAME_SAMPLES = 320
"""16 kHz samples of 20 ms."""

FRAME_BYTES = 2 * FRAME_SAMPLES
"""Bytes of 20 ms of int16 mono."""

FEATURES = 17
"""Numbers per frame: 16 bands and the periodicity."""

Floats = NDArray[np.float32]

Frames = NDArray[np.int16]
"""Sound, (frames, FRAME_SAMPLES), 16 kHz mono."""

_BANDS = FEATURES - 1
_LOWEST_HZ, _HIGHEST_HZ = 90.0, 7600.0
_BIN_HZ = 50.0
_PITCH_BINS = 51
"""Bins up to 2.5 kHz: the harmonics that tell pitch."""

_PITCH_LAGS = slice(40, 161, 2)
"""Samples: 400 to 100 Hz. The correlation is circular and even, so that lags of up to
280 (57 Hz), where the lowest voices are, are among these. Below 2.5 kHz it does not
change much from one lag to the next: every second will do."""

QUIET_POWER = 1e4
_QUIET_ENERGY = 1e5
"""Added before logarithm and division: digital silence is quiet, not minus infinity."""

_POWER = FRAME_SAMPLES**2
"""By which power is less in a transform whose norm is ``forward``."""


def _mel_bands() -> Floats:
    """Return the weights in each band of each spectral bin (161): triangles in mel."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (_LOWEST_HZ, _HIGHEST_HZ))
    edges = 700 * (10 ** (np.linspace(low, high, _BANDS + 2) / 2595) - 1)
    bins = np.arange(FRAME_SAMPLES // 2 + 1) * _BIN_HZ
    weights = np.zeros((_BANDS, len(bins)), np.float32)
    for band in range(_BANDS):
        left, centre, right = edges[band : band + 3]
        rising = (bins - left) / (centre - left)
        falling = (right - bins) / (right - centre)
        weights[band] = np.maximum(0, np.minimum(rising, falling))
        if not weights[band].any():  # narrower than a bin: take the nearest
            weights[band, np.argmin(abs(bins - centre))] = 1
    return weights * np.float32(_POWER)


def _correlations() -> Floats:
    """Return what each low bin adds to the correlation at lag 0 and at the lags."""
    lags = np.arange(FRAME_SAMPLES)[_PITCH_LAGS]
    cosines = np.cos(
        2 * np.pi / FRAME_SAMPLES * np.outer([0, *lags], np.arange(_PITCH_BINS))
    )
    cosines[:, 1:] *= 2  # all bins but the first stand for two of the transform
    return (cosines * (_POWER / FRAME_SAMPLES)).astype(np.float32)


_WINDOW = np.hanning(FRAME_SAMPLES + 1)[:FRAME_SAMPLES].astype(np.float32)
_MEL = _mel_bands()
_CORRELATIONS = _correlations()

SCALE = np.array([[0.25]] * _BANDS + [[4.0]], np.float32)
SHIFT = np.array([[-4.0]] * _BANDS + [[-1.0]], np.float32)
"""What the features are multiplied by and then moved by to be about -1 to 1."""

_FRAMES_AT_ONCE = 128
"""Frames that go through together: their spectra fit the second cache."""


def features(frames: Frames, out: Floats) -> None:
    """Put the numbers of frames into ``out``, which is (FEATURES, frames)."""
    for at in range(0, len(frames), _FRAMES_AT_ONCE):
        some = slice(at, at + _FRAMES_AT_ONCE)
        _measure(frames[some], out[:_BANDS, some], out[_BANDS, some])


def _measure(frames: Frames, bands: Floats, periodicity: Floats) -> None:
    """Put the logarithms of the bands and the periodicity into their places."""
    # With the norm that is the default, NumPy transforms in double precision.
    spectrum = np.fft.rfft(frames * _WINDOW, norm="forward")
    power = np.square(spectrum.real)
    power += np.square(spectrum.imag)
    power = power.T
    np.matmul(_MEL, power, out=bands)
    bands += QUIET_POWER
    np.log(bands, out=bands)
    correlation = _CORRELATIONS @ power[:_PITCH_BINS]
    energy = correlation[0]
    energy += _QUIET_ENERGY
    np.maximum.reduce(correlation[1:], out=periodicity)
    periodicity /= energy
