"""The errors of the scheduler."""

import pytest

from scheduler.errors import SchedulerError
from scheduler.plans import PlanRefused
from scheduler.when.zones import NotATimeError


@pytest.mark.parametrize("kind", [PlanRefused, NotATimeError])
def test_refusals_carry_a_text_key_and_its_parameters(kind):
    """The edge words them in the reader's language; nothing is worded here."""
    error = kind("some.key", n=3)

    assert isinstance(error, SchedulerError)
    assert (error.key, error.params) == ("some.key", {"n": 3})
