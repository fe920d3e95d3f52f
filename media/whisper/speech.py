"""The speech gate in front of the model: whether there is a voice at all.

Silero's detector, which faster-whisper carries, gives a probability per 32 ms. It
costs 2.5 ms per second of sound and is what keeps silence, music and typing away
from a model that would write something for them.
"""

from collections.abc import Sequence

import numpy as np
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray

from media.whisper.jobs import SAMPLE_RATE_HZ

FRAME = 512
FRAME_S = FRAME / SAMPLE_RATE_HZ
VOICE = 0.5
VOICE_FRAMES = 3
NO_VOICE = 0.1
AROUND_S = 0.3

Sound = NDArray[np.float32]


class SpeechGate:
    """Silero's probabilities over one window."""

    def __init__(self, sound: Sound) -> None:
        padded = np.pad(sound, (0, -len(sound) % FRAME))
        self._voice = np.asarray(get_vad_model()(padded)).ravel()

    @property
    def voiced_s(self) -> float:
        """Seconds of voice in the whole window."""
        return int((self._voice > VOICE).sum()) * FRAME_S

    def has_voice(self, start: float, end: float) -> bool:
        """Say whether at least a tenth of a second of voice lies in the stretch."""
        return int((self._frames(start, end) > VOICE).sum()) >= VOICE_FRAMES

    def is_silent(self, start: float, end: float) -> bool:
        """Say whether nothing like a voice lies near the stretch, seconds."""
        near = self._frames(start - AROUND_S, end + AROUND_S)
        return len(near) == 0 or float(near.max()) < NO_VOICE

    def _frames(self, start: float, end: float) -> NDArray[np.float32]:
        first = max(0, int(start / FRAME_S))
        return self._voice[first : int(np.ceil(max(end, 0.0) / FRAME_S))]


def silenced(sound: Sound, stretches: Sequence[tuple[float, float]]) -> Sound:
    """Return a copy in which the given stretches, in seconds, are digital silence."""
    copy = sound.copy()
    for start, end in stretches:
        copy[int(start * SAMPLE_RATE_HZ) : int(end * SAMPLE_RATE_HZ)] = 0.0
    return copy
