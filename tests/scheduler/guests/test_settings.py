"""Defaults of guests fit a floor."""

from moderation.settings import CAP_HIGHEST
from scheduler.guests.settings import GuestSettings


def test_guests_and_host_fit_on_the_floor():
    """Nobody is invited who could not be seated."""
    assert GuestSettings().most + 1 == CAP_HIGHEST
