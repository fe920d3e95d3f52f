"""Recurrence rules: the few that Discord accepts."""

from datetime import UTC, datetime
from itertools import islice

import pytest

from bot.rehearsal.standin.world import recurrence
from tests.bot.rehearsal.standin.worlds import form

START = "2027-01-04T18:00:00+00:00"
NTH = [{"n": 1, "day": 4}]


def read(**rule):
    checked = form(recurrence_rule={"start": START, "interval": 1, **rule})
    return recurrence.read(checked), checked.faults


@pytest.mark.parametrize(
    "rule",
    [
        {"frequency": 2, "by_weekday": [3]},
        {"frequency": 2, "by_weekday": [3], "interval": 2},
        {"frequency": 3},
        {"frequency": 3, "by_weekday": [0, 1, 2, 3, 4]},
        {"frequency": 3, "by_weekday": [5, 6]},
        {"frequency": 1, "by_n_weekday": NTH},
        {"frequency": 0, "by_month": [7], "by_month_day": [24]},
    ],
)
def test_supported_rules_come_back_whole(rule):
    """Every key of the response is there, unset ones as null."""
    made, faults = read(**rule)

    assert faults == []
    assert set(made) >= {"end", "count", "by_year_day", *recurrence.LISTS}


@pytest.mark.parametrize(
    "rule",
    [
        {"frequency": 2, "by_weekday": [1, 3]},
        {"frequency": 2, "by_weekday": [3], "interval": 3},
        {"frequency": 3, "by_weekday": [0, 2]},
        {"frequency": 1, "by_month_day": [4]},
        {"frequency": 1, "by_n_weekday": NTH * 2},
        {"frequency": 0, "by_month": [7]},
        {"frequency": 2, "by_weekday": [3], "count": 5},
        {"frequency": 2, "by_weekday": [3], "end": START},
        {"frequency": 9},
        {"frequency": 2, "by_weekday": [7]},
        {"frequency": 2, "by_weekday": 3},
        {"frequency": 2, "by_weekday": ["3"]},
        {"frequency": 3, "by_weekday": [4, 4, 5]},
        {"frequency": 1, "by_n_weekday": [{"n": 6, "day": 1}]},
        {"frequency": 1, "by_n_weekday": [{"n": 1, "day": 7}]},
        {"frequency": 1, "by_n_weekday": [1]},
        {"frequency": 0, "by_month": [13], "by_month_day": [1]},
        {"frequency": 0, "by_month": [1], "by_month_day": [32]},
        {"frequency": 3, "interval": 0},
    ],
)
def test_other_rules_are_refused(rule):
    """A fault lies below ``recurrence_rule``."""
    _, faults = read(**rule)

    assert {one.path[0] for one in faults} == {"recurrence_rule"}


def test_no_rule_is_no_fault():
    """Most events happen once."""
    assert recurrence.read(form(recurrence_rule=None)) is None


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ({"frequency": 3}, ["01-04", "01-05", "01-06"]),
        ({"frequency": 3, "by_weekday": [5, 6]}, ["01-09", "01-10", "01-16"]),
        ({"frequency": 2, "by_weekday": [0]}, ["01-04", "01-11", "01-18"]),
        (
            {"frequency": 2, "by_weekday": [0], "interval": 2},
            ["01-04", "01-18", "02-01"],
        ),
        ({"frequency": 1, "by_n_weekday": NTH}, ["02-05", "03-05", "04-02"]),
        (
            {"frequency": 0, "by_month": [2], "by_month_day": [29]},
            ["02-29", "02-29", "02-29"],
        ),
    ],
)
def test_a_rule_has_its_occurrences(rule, days):
    """From its start on, in UTC; a 29 February comes in leap years."""
    made, _ = read(**rule)

    found = islice(recurrence.occurrences(made), 3)
    assert [f"{datetime.fromtimestamp(at, UTC):%m-%d}" for at in found] == days
