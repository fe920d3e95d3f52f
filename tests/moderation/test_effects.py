"""What every effect has in common."""

import dataclasses
import inspect

import pytest

from moderation import effects
from moderation.effects import Effect, Tell

EFFECTS = [
    kind
    for _, kind in inspect.getmembers(effects, inspect.isclass)
    if issubclass(kind, Effect) and not kind.__name__.startswith("_")
]


@pytest.mark.parametrize("kind", EFFECTS)
def test_effects_are_frozen_values(kind):
    """They may be queued, compared and repeated."""
    assert kind.__dataclass_params__.frozen
    assert kind.__doc__


@pytest.mark.parametrize("kind", EFFECTS)
def test_words_are_a_key_and_parameters(kind):
    """Whatever has a key can be worded in any language."""
    names = {field.name for field in dataclasses.fields(kind)}

    assert ("key" in names) is ("params" in names)


def test_a_text_without_parameters_needs_none():
    """An effect says as little as it can."""
    assert Tell("done", user_id=1).params == {}
