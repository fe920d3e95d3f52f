"""Series: days, changes of the clock, and what is done to one occurrence."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.occurrences import (
    REPEATS,
    Frequency,
    Recurrence,
    Series,
    repeat_of,
    repeating,
)

MADRID = ZoneInfo("Europe/Madrid")


def rule(frequency=Frequency.WEEKLY, first=date(2027, 3, 18), at=time(20), **changes):
    return Recurrence(frequency, at, "Europe/Madrid", first, **changes)


def starts(series, start=date(2027, 3, 1), days=60):
    begin = datetime.combine(start, time(), MADRID)
    found = series.between(begin, begin + timedelta(days=days))
    return [f"{one.starts_at:%m-%d %H:%M %z}" for one in found]


def test_week_is_the_same_hour_on_the_wall_over_summer_time():
    """Eight in the evening stays eight in the evening; the offset changes."""
    assert starts(Series(rule()), days=40) == [
        "03-18 20:00 +0100",
        "03-25 20:00 +0100",
        "04-01 20:00 +0200",
        "04-08 20:00 +0200",
    ]


def test_a_day_is_one_of_the_series_or_not():
    """Neither before its first day nor between two."""
    fortnightly = rule(interval=2)

    days = [date(2027, 3, 4), date(2027, 3, 18), date(2027, 3, 25), date(2027, 4, 1)]
    assert [fortnightly.falls_on(day) for day in days] == [False, True, False, True]
    assert f"{fortnightly.start_on(days[3]):%m-%d %H:%M %z}" == "04-01 20:00 +0200"


def test_hour_that_spring_skips_moves_behind_the_gap_that_day_only():
    """Half past two does not show on the 28th of March."""
    daily = Series(rule(Frequency.DAILY, date(2027, 3, 27), time(2, 30)))

    assert starts(daily, date(2027, 3, 27), days=3) == [
        "03-27 02:30 +0100",
        "03-28 03:00 +0200",
        "03-29 02:30 +0200",
    ]


def test_hour_that_autumn_repeats_comes_once():
    """On the 31st of October the first half past two counts."""
    daily = Series(rule(Frequency.DAILY, date(2027, 10, 30), time(2, 30)))

    assert starts(daily, date(2027, 10, 30), days=3) == [
        "10-30 02:30 +0200",
        "10-31 02:30 +0200",
        "11-01 02:30 +0100",
    ]


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ({"interval": 2}, [18, 32, 46]),
        ({"weekdays": frozenset({1, 3})}, [18, 23, 25, 30, 32, 37, 39, 44, 46]),
        ({"until": date(2027, 3, 25)}, [18, 25]),
        ({"frequency": Frequency.DAILY, "interval": 10}, [18, 28, 38, 48]),
        ({"frequency": Frequency.MONTHLY}, [18, 31 + 15]),
    ],
)
def test_rules(changes, days):
    """Every second week, two weekdays, an end, ten days, the third Thursday."""
    march = date(2027, 3, 1)

    soon = takewhile(lambda day: day < date(2027, 4, 19), rule(**changes).days())

    assert [(day - march).days + 1 for day in soon] == days


def test_fifth_weekday_is_the_last_of_each_month():
    """Some months have four Fridays only; none is left out."""
    found = []
    for day in rule(Frequency.MONTHLY, date(2027, 1, 29)).days():
        found.append((day.month, day.day))
        if len(found) == 4:
            break

    assert found == [(1, 29), (2, 26), (3, 26), (4, 30)]


def test_moving_one_occurrence_leaves_the_others():
    """Only the 25th goes to Friday; it keeps its name."""
    friday = datetime(2027, 3, 26, 19, 0, tzinfo=MADRID)
    series = Series(rule()).move(date(2027, 3, 25), friday)

    assert starts(series, days=40) == [
        "03-18 20:00 +0100",
        "03-26 19:00 +0100",
        "04-01 20:00 +0200",
        "04-08 20:00 +0200",
    ]
    begin = datetime(2027, 3, 26, tzinfo=MADRID)
    (moved,) = series.between(begin, begin + timedelta(days=1))
    assert (moved.name, moved.moved) == (date(2027, 3, 25), True)


def test_occurrence_moved_far_ahead_is_found_there():
    """What is moved by two months is not lost, and not double."""
    later = datetime(2027, 6, 3, 20, 0, tzinfo=MADRID)
    series = Series(rule(until=date(2027, 4, 8))).move(date(2027, 3, 25), later)

    assert "03-25 20:00 +0100" not in starts(series)
    assert starts(series, date(2027, 6, 1)) == ["06-03 20:00 +0200"]


def test_cancelling_one_occurrence_can_be_taken_back_by_moving_it():
    """A cancelled evening that gets a new date is on again."""
    name = date(2027, 3, 25)
    series = Series(rule()).cancel(name)
    assert "03-25 20:00 +0100" not in starts(series)

    back = series.move(name, datetime(2027, 3, 25, 20, 0, tzinfo=MADRID))
    assert "03-25 20:00 +0100" in starts(back)


@given(
    st.sampled_from(Frequency),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.times(),
    st.integers(1, 5),
    st.frozensets(st.integers(0, 6), max_size=3),
)
def test_series_runs_forward_and_shows_its_time(
    frequency, first, at, interval, weekdays
):
    """Days only go forward, and every start shows its time but for a gap."""
    at = at.replace(second=0, microsecond=0, tzinfo=None)
    series = Series(
        Recurrence(frequency, at, "Europe/Madrid", first, interval, weekdays)
    )
    begin = datetime.combine(first, time(), MADRID)

    found = series.between(begin, begin + timedelta(days=200))

    names = [one.name for one in found]
    assert names == sorted(set(names))
    assert all(name >= first for name in names)
    for one in found:
        local = one.starts_at.astimezone(UTC).astimezone(MADRID)
        assert local.time() == at or local.time().hour == 3


@pytest.mark.parametrize(
    ("repeat", "days"),
    [
        ("daily", ["03-18", "03-19", "03-20"]),
        ("weekdays", ["03-18", "03-19", "03-22"]),
        ("weekly", ["03-18", "03-25", "04-01"]),
        ("fortnightly", ["03-18", "04-01", "04-15"]),
        ("monthly", ["03-18", "04-15", "05-20"]),
    ],
)
def test_what_people_choose_from(repeat, days):
    """Each choice begins at the first one and keeps its hour on the wall."""
    first = datetime(2027, 3, 18, 20, tzinfo=MADRID).astimezone(UTC)

    rule = repeating(repeat, first, "Europe/Madrid")

    found = [f"{day:%m-%d}" for day, _ in zip(rule.days(), range(3), strict=False)]
    assert (found, rule.at) == (days, time(20))
    assert repeat in REPEATS
    assert repeat_of(rule) == repeat


@pytest.mark.parametrize(
    ("changes", "like"),
    [
        ({"weekdays": frozenset({3})}, "weekly"),
        ({"weekdays": frozenset({1, 3})}, None),
        ({"interval": 3}, None),
        ({"interval": 2, "until": date(2027, 5, 1)}, "fortnightly"),
    ],
)
def test_a_rule_from_elsewhere_may_be_like_a_choice(changes, like):
    """Discord and whole-series changes make others, which have no name here."""
    thursdays = rule(Frequency.WEEKLY, date(2027, 3, 18))

    assert repeat_of(replace(thursdays, **changes)) == like
