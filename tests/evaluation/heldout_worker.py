"""Inside the process of one fold: its weights first, the product's code after them.

Nothing of ``media`` is imported before its weights are exchanged.
"""

import importlib
import sys

import numpy as np


def stand_in(module: str) -> None:
    """Put a fold's weights in the place of the shipped ones."""
    sys.modules["media.activity_weights"] = importlib.import_module(module)


def listened(sound: np.ndarray) -> tuple[tuple[float, float], ...]:
    """Return the talk found in a mono 16 kHz sound, in seconds."""
    from tests.evaluation import rooms

    return rooms.listened(sound)
