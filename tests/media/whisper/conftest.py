"""The small speech model and a voice that it knows."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MODELS = (
    ROOT / "bot/rehearsal/models/whisper-rehearsal",
    ROOT.parent / "shared/models/whisper-rehearsal",
)


@pytest.fixture(scope="session")
def rehearsal_model():
    """Return the directory of the model that ships with the rehearsal."""
    found = next((path for path in MODELS if path.is_dir()), None)
    if found is None:
        pytest.skip("the small speech model is not in this checkout")
    return found


@pytest.fixture(scope="session")
def say():
    """Return a function: text and voice → int16 PCM at 16 kHz."""
    espeak, ffmpeg = shutil.which("espeak-ng"), shutil.which("ffmpeg")
    if espeak is None or ffmpeg is None:
        pytest.skip("espeak-ng and ffmpeg make the voice of these tests")

    def speech(text, voice="en-us"):
        wave = subprocess.run(
            [espeak, "-v", voice, "-s", "160", "--stdout", text],
            capture_output=True,
            check=True,
        ).stdout
        command = [ffmpeg, "-loglevel", "error", "-i", "-"]
        command += ["-ar", "16000", "-ac", "1", "-f", "s16le", "-"]
        return subprocess.run(
            command, input=wave, capture_output=True, check=True
        ).stdout

    return speech
