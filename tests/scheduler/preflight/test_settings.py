"""Defaults of the look before a Space."""

from scheduler.preflight.settings import PreflightSettings


def test_the_card_comes_when_something_can_still_be_done():
    """A quarter of an hour: time for a voice check, a permission, a message."""
    assert PreflightSettings().before_min == 15.0
