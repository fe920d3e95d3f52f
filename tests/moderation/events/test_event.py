"""What every event has in common."""

import dataclasses

import pytest

from moderation.events import KINDS, ByStaff, Event


@pytest.mark.parametrize("kind", KINDS.values())
def test_events_are_frozen_facts(kind):
    """An event cannot be changed after the fact and carries no other attributes."""
    assert issubclass(kind, Event)
    assert kind.__dataclass_params__.frozen
    assert "__dict__" not in dir(kind)


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if issubclass(kind, ByStaff)]
)
def test_acts_of_staff_name_who_acted_first(kind):
    """``by`` is the first field, so that no act is nobody's."""
    assert dataclasses.fields(kind)[0].name == "by"
