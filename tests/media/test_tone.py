"""Soft tones, looked at as sound."""

import numpy as np
import pytest

from media import tone
from media.tone import FRAME_SAMPLES, RATE_HZ, Note, chime

each_tone = pytest.mark.parametrize("notes", [tone.NUDGE, tone.TIME])


def samples(notes):
    return np.frombuffer(chime(notes), "<i2") / 32768


@each_tone
def test_it_is_soft_and_short(notes):
    """At most a tenth of full scale, within a second and a half, whole frames."""
    sound = samples(notes)

    assert np.abs(sound).max() == pytest.approx(0.1, abs=0.001)
    assert len(sound) <= 1.5 * RATE_HZ
    assert len(sound) % FRAME_SAMPLES == 0


@each_tone
def test_it_does_not_click(notes):
    """It begins and ends in silence and never jumps between two samples."""
    sound = samples(notes)

    assert np.abs(sound[[0, -1]]).max() < 0.0005
    assert np.abs(np.diff(sound)).max() < 0.02


def test_a_note_has_its_pitch():
    """What is loudest is the note itself, not its octave."""
    sound = samples([Note(0.0, 440.0, 0.5)])

    spectrum = np.abs(np.fft.rfft(sound))
    assert np.fft.rfftfreq(len(sound), 1 / RATE_HZ)[spectrum.argmax()] == pytest.approx(
        440, abs=2
    )


def test_two_notes_overlap():
    """The second is struck while the first still sounds."""
    sound = samples([Note(0.0, 440.0, 0.5), Note(0.2, 660.0, 0.5)])

    assert len(sound) == round(0.7 * RATE_HZ)
    assert np.abs(sound[: RATE_HZ // 10]).max() > 0.05
    assert np.abs(sound[-RATE_HZ // 10 :]).max() < 0.01
