"""Numbers of frames: shape, periodicity, no surprises."""

import numpy as np
import pytest

from media.spectrum import FEATURES, FRAME_BYTES, FRAME_SAMPLES, features


def tone(hz, amplitude=8000, frames=3):
    at = np.arange(frames * FRAME_SAMPLES) / 16_000
    return (amplitude * np.sin(2 * np.pi * hz * at)).astype(np.int16).tobytes()


def test_one_row_per_frame():
    """Only the frames that are asked for."""
    assert features(bytes(5 * FRAME_BYTES), [0, 2, 4]).shape == (3, FEATURES)


def test_digital_silence_is_finite():
    """Zeros have a logarithm here."""
    numbers = features(bytes(FRAME_BYTES), [0])

    assert np.isfinite(numbers).all()


@pytest.mark.parametrize(("hz", "band"), [(150, 0), (1000, 5), (6900, 15)])
def test_tone_is_loudest_in_its_band(hz, band):
    """Each band answers to its own frequencies."""
    assert int(features(tone(hz), [1])[0, :-1].argmax()) == band


def test_voiced_sound_is_periodic_and_noise_is_not():
    """The last number tells a vowel from breath."""
    noise = np.random.default_rng(1).integers(-9000, 9000, FRAME_SAMPLES)

    voiced = features(tone(150), [1])[0, -1]
    unvoiced = features(noise.astype(np.int16).tobytes(), [0])[0, -1]

    assert voiced > unvoiced + 1


def test_periodicity_is_the_highest_correlation_at_the_lags_of_voices():
    """What a transform there and back finds at lags of 40 to 280 samples."""
    rng = np.random.default_rng(2)
    frames = rng.integers(-9000, 9000, (70, FRAME_SAMPLES)).astype(np.int16)
    windowed = frames * np.hanning(FRAME_SAMPLES + 1)[:FRAME_SAMPLES]
    correlation = np.fft.irfft(abs(np.fft.rfft(windowed)) ** 2)

    peak = correlation[:, 40:281].max(axis=1) / (correlation[:, 0] + 1e5)

    found = features(frames.tobytes(), range(70))[:, -1]
    assert found == pytest.approx(4 * peak - 1, abs=1e-4)
