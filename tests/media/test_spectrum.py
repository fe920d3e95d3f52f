"""Numbers of frames: shape, periodicity, no surprises."""

import numpy as np
import pytest

from media.spectrum import (
    FEATURES,
    FRAME_BYTES,
    FRAME_SAMPLES,
    SCALE,
    SHIFT,
    features,
)


def tone(hz, amplitude=8000, frames=3):
    at = np.arange(frames * FRAME_SAMPLES) / 16_000
    return (amplitude * np.sin(2 * np.pi * hz * at)).astype(np.int16).tobytes()


def numbers(pcm):
    """Return a column of numbers for each frame."""
    frames = np.frombuffer(pcm, np.int16).reshape(-1, FRAME_SAMPLES)
    out = np.full((FEATURES, len(frames)), np.nan, np.float32)
    features(frames, out)
    return out


@pytest.mark.parametrize("frames", [0, 1, 300])
def test_many_frames_are_as_each_alone(frames):
    """A column each, however many go through together."""
    pcm = np.random.default_rng(3).integers(-9000, 9000, frames * FRAME_SAMPLES)
    pcm = pcm.astype(np.int16).tobytes()

    together = numbers(pcm)

    for number in range(0, frames, 50):
        alone = numbers(pcm[number * FRAME_BYTES : (number + 1) * FRAME_BYTES])
        assert together[:, number] == pytest.approx(alone[:, 0], abs=1e-4)


def test_scaled_numbers_are_about_one():
    """What the network is given lies where its weights work best."""
    for pcm in (tone(200), bytes(3 * FRAME_BYTES)):
        assert abs(numbers(pcm) * SCALE + SHIFT).max() < 3


def test_digital_silence_is_finite():
    """Zeros have a logarithm here."""
    assert np.isfinite(numbers(bytes(FRAME_BYTES))).all()


@pytest.mark.parametrize(("hz", "band"), [(150, 0), (1000, 5), (6900, 15)])
def test_tone_is_loudest_in_its_band(hz, band):
    """Each band answers to its own frequencies."""
    assert int(numbers(tone(hz))[:-1, 1].argmax()) == band


def test_voiced_sound_is_periodic_and_noise_is_not():
    """The last number tells a vowel from breath."""
    noise = np.random.default_rng(1).integers(-9000, 9000, FRAME_SAMPLES)

    voiced = numbers(tone(150))[-1, 1]
    unvoiced = numbers(noise.astype(np.int16).tobytes())[-1, 0]

    assert voiced > unvoiced + 0.25


def test_periodicity_is_the_highest_correlation_at_the_lags_of_voices():
    """What a transform there and back finds up to 2.5 kHz at even lags of 40 to 280."""
    rng = np.random.default_rng(2)
    frames = rng.integers(-9000, 9000, (70, FRAME_SAMPLES)).astype(np.int16)
    windowed = frames * np.hanning(FRAME_SAMPLES + 1)[:FRAME_SAMPLES]
    power = abs(np.fft.rfft(windowed)) ** 2
    power[:, 51:] = 0  # bins of 50 Hz
    correlation = np.fft.irfft(power)

    peak = correlation[:, 40:281:2].max(axis=1) / (correlation[:, 0] + 1e5)

    assert numbers(frames.tobytes())[-1] == pytest.approx(peak, abs=1e-4)
