"""webrtcvad behind the port."""

import numpy as np

from media.vad import WebrtcVad
from tests.media.voices import voice


def frames_of(pcm):
    return [pcm[at : at + 640] for at in range(0, len(pcm), 640)]


def test_one_verdict_per_frame():
    """Voice is speech, digital silence is not."""
    detector = WebrtcVad()

    speaking = detector.detect(frames_of(voice(1.0).tobytes()))
    silent = detector.detect(frames_of(bytes(640 * 50)))

    assert len(speaking) == len(silent) == 50
    assert np.mean(speaking) > 0.9
    assert np.mean(silent) < 0.2


def test_nothing_to_detect():
    """No frames, no verdicts."""
    assert WebrtcVad().detect([]) == []
