"""A small helping of ``tests.fuzz.media`` in every test run."""

import random

import pytest

from tests.fuzz import media


@pytest.mark.parametrize("name", media.targets())
def test_nothing_breaks(name):
    """Two thousand mutated inputs of each kind have an outcome."""
    chance = random.Random(2)
    target = media.targets()[name]

    for _ in range(2000):
        target(chance)
