"""webrtcvad behind the port."""

import numpy as np

from media.vad import WebrtcVad
from tests.media.voices import voice


def test_one_verdict_per_frame():
    """Voice is speech, digital silence is not."""
    detector = WebrtcVad()

    speaking = detector.detect(voice(1.0).tobytes())
    silent = detector.detect(bytes(640 * 50))

    assert len(speaking) == len(silent) == 50
    assert np.mean(speaking) > 0.9
    assert np.mean(silent) < 0.2


def test_nothing_to_detect():
    """No frames, no verdicts."""
    assert WebrtcVad().detect(b"") == []
