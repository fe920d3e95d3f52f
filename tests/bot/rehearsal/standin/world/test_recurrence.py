"""Recurrence rules: the few that Discord accepts."""

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
    ],
)
def test_other_rules_are_refused(rule):
    """A fault lies below ``recurrence_rule``."""
    _, faults = read(**rule)

    assert {one.path[0] for one in faults} == {"recurrence_rule"}


def test_no_rule_is_no_fault():
    """Most events happen once."""
    assert recurrence.read(form(recurrence_rule=None)) is None
