"""The small speech model and a voice that it knows."""

from pathlib import Path

import pytest

from tests.evaluation.spoken import sentences

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
    """Return a function: language and sentence → int16 PCM at 16 kHz."""
    said = {
        (one.language, one.text): (one.sound * 32768).astype("<i2").tobytes()
        for language in ("en", "es")
        for one in sentences(language)
    }
    return lambda language, text: said[language, text]
