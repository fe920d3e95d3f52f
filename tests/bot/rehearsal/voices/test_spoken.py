"""When somebody speaks in a clean recording."""

import numpy as np
import pytest

from bot.rehearsal.voices.spoken import spoken

RATE = 16_000


def sound(*parts):
    """Make samples of (seconds, loudness) parts."""
    rng = np.random.default_rng(1)
    pieces = [rng.normal(0, level, round(RATE * s)) for s, level in parts]
    return np.concatenate(pieces).astype(np.int16)


@pytest.mark.parametrize(
    ("parts", "spans"),
    [
        ([(1.0, 0)], []),
        ([(0.5, 0), (1.0, 4000), (0.5, 0)], [(0.5, 1.5)]),
        ([(1.0, 4000), (0.2, 0), (1.0, 4000)], [(0.0, 2.2)]),
        ([(1.0, 4000), (0.3, 0), (1.0, 4000)], [(0.0, 1.0), (1.3, 2.3)]),
        ([(1.0, 4000), (1.0, 10), (1.0, 400)], [(0.0, 1.0), (2.0, 3.0)]),
        ([(0.02, 4000), (1.0, 0), (0.5, 4000)], [(1.02, 1.52)]),
        ([(1.0, 4000), (1.0, 80), (1.0, 4000)], [(0.0, 1.0), (2.0, 3.0)]),
        ([(3.0, 4000)], [(0.0, 3.0)]),
    ],
    ids=[
        "silence",
        "one",
        "short pause",
        "long pause",
        "quiet",
        "click",
        "noise",
        "no pause",
    ],
)
def test_spans(parts, spans):
    """Pauses up to 0.2 s belong to speech; clicks and noise far below do not."""
    assert spoken(sound(*parts), RATE) == spans


def test_nothing_at_all():
    """An empty recording has no speech."""
    assert spoken(np.zeros(0, dtype=np.int16), RATE) == []
