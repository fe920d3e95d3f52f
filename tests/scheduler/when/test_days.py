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
        ("5/6", [date(2027, 6, 5), date(2027, 5, 6)]),
        ("5/5", [date(2027, 5, 5)]),
        ("5/13", [date(2027, 5, 13)]),
        ("5/6/28", [date(2028, 6, 5), date(2028, 5, 6)]),
        ("5.6.", [date(2027, 6, 5)]),
        ("20.12.2026", [date(2026, 12, 20)]),
        ("2026/12/20", [date(2026, 12, 20)]),
        ("20-dic", [date(2026, 12, 20)]),
        ("dec. 20", [date(2026, 12, 20)]),
        ("tmrw", [date(2026, 11, 23)]),
        ("el 30", [date(2026, 11, 30)]),
        ("on the 1st", [date(2026, 12, 1)]),
        ("dia 31", [date(2026, 12, 31)]),
        ("sabado 28", [date(2026, 11, 28)]),
        ("saturday, november 28, 2026", [date(2026, 11, 28)]),
        ("sat 28/11", [date(2026, 11, 28)]),
        ("tuesday 1/12", [date(2026, 12, 1), date(2027, 1, 12)]),
        ("sunday 12/6", [date(2026, 12, 6)]),
        ("in 3 days", [date(2026, 11, 25)]),
        ("dentro de dos semanas", [date(2026, 12, 6)]),
        ("manana", [date(2026, 11, 23)]),
        ("pasado manana", [date(2026, 11, 24)]),
    ],
)
def test_day_has_its_meanings(text, days):
    """Without a year the next one; *next sunday* is two."""
    assert list(find(text, SUNDAY).days) == days


@pytest.mark.parametrize(
    "text", ["30/2", "0001-01-01", "2026-13-01", "32 de enero", "dia 32", "30.2."]
)
def test_day_that_no_calendar_has(text):
    """It is refused with what was typed."""
    with pytest.raises(NotATimeError) as caught:
        find(text, SUNDAY)

    assert caught.value.params["text"] == text


def test_text_without_a_day():
    """Nothing is found where there is nothing."""
    assert find("a las 8", SUNDAY) is None


@pytest.mark.parametrize("text", ["friday 28/11", "friday 28", "nov 28 friday"])
def test_a_weekday_that_does_not_fit_its_date_is_refused(text):
    """One of the two is wrong, and nobody can know which."""
    with pytest.raises(NotATimeError) as caught:
        find(text, SUNDAY)

    assert caught.value.key == "when.other_weekday"
    assert caught.value.params == {"text": "friday", "date": "2026-11-28"}
