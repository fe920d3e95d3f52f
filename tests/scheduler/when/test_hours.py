"""Hours in a text, and their meanings."""

from datetime import timedelta

import pytest

from scheduler.when.hours import find
from scheduler.when.zones import NotATimeError


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("a las 8", "20:00 8:00"),
        ("a las 10", "10:00 22:00"),
        ("at 12", "12:00"),
        ("08:00", "8:00"),
        ("8:00", "20:00 8:00"),
        ("12 am", "0:00"),
        ("12pm", "12:00"),
        ("a la una y 10", "13:10 1:10"),
        ("a la una menos cuarto", "12:45"),
        ("20.15", "20:15"),
        ("20h15", "20:15"),
        ("20hs", "20:00"),
        ("19 uhr", "19:00"),
        ("half past eight", "20:30 8:30"),
        ("quarter to nine pm", "20:45"),
        ("a quarter past 10", "10:15 22:15"),
        ("10 to 8", "19:50 7:50"),
        ("quarter to one", "12:45"),
        ("eight pm", "20:00"),
        ("evening at 8", "20:00"),
        ("morning 9", "9:00"),
        ("noche a las 9", "21:00"),
    ],
)
def test_hour_has_its_meanings(text, times):
    """Bare hours mean two things, the evening first; clear ones mean one."""
    assert shown(find(text)) == times


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("midnight", "0:00 24:00"),
        ("medianoche", "0:00 24:00"),
        ("tonight at midnight", "24:00 0:00"),
        ("24:00", "24:00"),
        ("a las 24 h", "24:00"),
        ("a las 12 de la noche", "24:00 0:00"),
        ("12 at night", "24:00 0:00"),
        ("a la 1 de la noche", "25:00 1:00"),
        ("a las 12 y media de la noche", "24:30 0:30"),
        ("a la 1 de la madrugada", "1:00"),
        ("a las 12 de la manana", "12:00 0:00"),
        ("12 noon", "12:00"),
        ("12 del mediodia", "12:00"),
        ("12 midnight", "0:00 24:00"),
    ],
)
def test_night_is_after_its_day(text, times):
    """Twelve *at night* is the end of a day: it was read as noon."""
    assert shown(find(text)) == times


def test_a_half_of_the_day_that_names_a_day_is_left_for_it():
    """*9 tonight* is over at ten, and not tomorrow."""
    assert find("9 tonight").rest.split() == ["tonight"]
    assert find("esta noche a las 9").rest.split() == ["esta", "noche"]
    assert find("9 at night").rest.split() == []


def shown(found):
    minutes = [since // timedelta(minutes=1) for since in found.times]
    return " ".join(f"{one // 60}:{one % 60:02}" for one in minutes)


def test_rest_is_what_was_not_read():
    """What is left is for the day."""
    assert find("el jueves a las 8 de la tarde").rest.split() == ["el", "jueves"]
    assert find("a la una y diez").rest.split() == ["y", "diez"]
    assert find("el jueves") is None
    assert find("el 30") is None


@pytest.mark.parametrize("text", ["25:00", "at 13:61", "a las 99", "24:30"])
def test_hour_that_no_clock_shows(text):
    """It is refused, not wrapped."""
    with pytest.raises(NotATimeError):
        find(text)
