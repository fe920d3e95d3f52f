"""Hours in a text, and their meanings."""

from datetime import time

import pytest

from scheduler.when.hours import find
from scheduler.when.zones import NotATimeError


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("a las 8", [time(20), time(8)]),
        ("a las 10", [time(10), time(22)]),
        ("at 12", [time(12)]),
        ("08:00", [time(8)]),
        ("8:00", [time(20), time(8)]),
        ("12 am", [time(0)]),
        ("12pm", [time(12)]),
        ("a la una y diez", None),
        ("a la una y 10", [time(13, 10), time(1, 10)]),
        ("24:00", [time(0)]),
        ("20.15", [time(20, 15)]),
        ("20h15", [time(20, 15)]),
    ],
)
def test_hour_has_its_meanings(text, times):
    """Bare hours mean two things, the evening first; clear ones mean one."""
    found = find(text)

    if times is not None:
        assert list(found.times) == times
    else:
        assert found.rest.split() == ["y", "diez"]


def test_rest_is_what_was_not_read():
    """What is left is for the day."""
    assert find("el jueves a las 8 de la tarde").rest.split() == ["el", "jueves"]
    assert find("el jueves") is None


@pytest.mark.parametrize("text", ["25:00", "at 13:61", "a las 99"])
def test_hour_that_no_clock_shows(text):
    """It is refused, not wrapped."""
    with pytest.raises(NotATimeError):
        find(text)
