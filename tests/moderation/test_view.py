"""The values that others see."""

import dataclasses
import inspect

import pytest

from moderation import view

VIEWS = [
    kind
    for name, kind in inspect.getmembers(view, inspect.isclass)
    if name.endswith("View")
]


@pytest.mark.parametrize("kind", VIEWS)
def test_a_view_is_a_frozen_copy(kind):
    """Whoever shows it cannot change the Space by it."""
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen
