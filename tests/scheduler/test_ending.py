"""Where a series ends, as people type it."""

from datetime import UTC, date, datetime

import pytest

from scheduler.ending import end_day, last_day
from scheduler.occurrences import LAST, repeating
from scheduler.plans import PlanRefused
from scheduler.when.zones import NotATimeError

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
FIRST = datetime(2026, 11, 26, 19, 0, tzinfo=UTC)
"""A Thursday at eight in the evening in Madrid."""


def ends(text, repeat="weekly"):
    return last_day(text, repeating(repeat, FIRST, "Europe/Madrid"), NOW)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20 December", date(2026, 12, 20)),
        ("20.12.", date(2026, 12, 20)),
        ("20 de diciembre", date(2026, 12, 20)),
        ("2026-12-20", date(2026, 12, 20)),
        ("in 6 weeks", date(2027, 1, 3)),
        ("thursday", date(2026, 11, 26)),
        ("12/1", date(2026, 12, 1)),
        ("6 times", date(2026, 12, 31)),
        ("6", date(2026, 12, 31)),
        ("2 VECES", date(2026, 12, 3)),
        ("1x", date(2026, 11, 26)),
        ("never", None),
        ("nunca", None),
    ],
)
def test_an_end_is_a_day_or_a_number(text, day):
    """Of two days that it may be, the earlier one that is not before the first."""
    assert ends(text) == day


def test_times_are_counted_on_the_days_of_the_rule():
    """Monday to Friday from a Thursday on: the fourth is a Tuesday."""
    assert ends("4 times", "weekdays") == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("25 November", "series.after_its_end"),
        ("0", "series.no_count"),
        ("501 times", "series.no_count"),
        ("soon", "when.unknown"),
        ("20 December at 8", "when.unknown"),
        ("31.2.", "when.no_such_day"),
        ("", "when.unknown"),
    ],
)
def test_what_is_no_end_says_why(text, key):
    """Before the first there is none, and nothing else is guessed."""
    with pytest.raises((PlanRefused, NotATimeError)) as refused:
        ends(text)

    assert refused.value.key == key


def test_an_end_that_is_typed_anew_may_be_none():
    """A series that had an end goes on."""
    assert end_day("never", "UTC", NOW, FIRST.date()) == LAST
    assert end_day("1.12.", "UTC", NOW, FIRST.date()) == date(2026, 12, 1)
