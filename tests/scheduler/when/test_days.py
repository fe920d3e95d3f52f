"""Days in a text, and their meanings."""

from datetime import date

import pytest

from scheduler.when.days import find
from scheduler.when.zones import NotATimeError

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("sunday", [date(2026, 11, 22)]),
        ("next sunday", [date(2026, 11, 29), date(2026, 12, 6)]),
        ("este jueves", [date(2026, 11, 26)]),
        ("29 de febrero", [date(2028, 2, 29)]),
        ("5/6", [date(2027, 6, 5)]),
        ("5/13", [date(2027, 5, 13)]),
        ("5/6/28", [date(2028, 6, 5)]),
        ("manana", [date(2026, 11, 23)]),
        ("pasado manana", [date(2026, 11, 24)]),
    ],
)
def test_day_has_its_meanings(text, days):
    """Without a year the next one; *next sunday* is two."""
    assert list(find(text, SUNDAY).days) == days


@pytest.mark.parametrize("text", ["30/2", "0001-01-01", "2026-13-01", "32 de enero"])
def test_day_that_no_calendar_has(text):
    """It is refused with what was typed."""
    with pytest.raises(NotATimeError) as caught:
        find(text, SUNDAY)

    assert caught.value.params["text"] == text


def test_text_without_a_day():
    """Nothing is found where there is nothing."""
    assert find("a las 8", SUNDAY) is None
