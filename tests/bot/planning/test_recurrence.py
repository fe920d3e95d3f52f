"""Discord's rules: what they can say, unfolded against the series they are of."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from bot.planning.recurrence import (
    DAILY,
    MONTHLY,
    WEEKLY,
    NativeRule,
    from_json,
    from_kept,
    native_rule,
    repeat_of,
    to_json,
)
from scheduler.occurrences import Frequency, Recurrence, Series, repeating

ZONES = ["UTC", "Europe/Madrid", "America/Los_Angeles", "Pacific/Auckland"]


def series(repeat, first, hour, zone):
    at = datetime.combine(first, hour, ZoneInfo(zone))
    return repeating(repeat, at, zone)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [time(0, 30), time(12), time(23, 30)])
@pytest.mark.parametrize(
    "repeat", ["daily", "weekdays", "weekly", "fortnightly", "monthly"]
)
def test_what_discord_unfolds_is_what_the_series_says(repeat, hour, zone):
    """Wherever the clock hangs, until it changes; or there is no rule."""
    rule = series(repeat, date(2027, 6, 3), hour, zone)
    start = datetime(2027, 6, 1, tzinfo=UTC)
    ours = [
        int(one.starts_at.timestamp())
        for one in Series(rule).between(start, start + timedelta(days=100))
    ]

    made = native_rule(rule, datetime.fromtimestamp(ours[0], ZoneInfo(zone)))

    if made is None:
        assert repeat == "monthly"
        return
    assert list(islice(made.times(), len(ours))) == ours
    assert repeat_of(made) == repeat
    assert from_json(to_json(made)) == made
    assert from_kept(made.as_kept()) == made


@pytest.mark.parametrize(
    "rule",
    [
        Recurrence(Frequency.DAILY, time(20), "UTC", date(2027, 3, 4), interval=2),
        Recurrence(Frequency.WEEKLY, time(20), "UTC", date(2027, 3, 4), interval=3),
        Recurrence(Frequency.MONTHLY, time(20), "UTC", date(2027, 3, 4), interval=2),
        Recurrence(Frequency.MONTHLY, time(20), "UTC", date(2027, 4, 29)),
        Recurrence(
            Frequency.WEEKLY,
            time(20),
            "UTC",
            date(2027, 3, 4),
            weekdays=frozenset({0, 3}),
        ),
        Recurrence(
            Frequency.WEEKLY,
            time(20),
            "UTC",
            date(2027, 3, 4),
            until=date(2027, 6, 1),
        ),
    ],
)
def test_what_discord_cannot_say_has_no_rule(rule):
    """Its occurrences get an event each."""
    assert native_rule(rule, datetime.combine(rule.first, rule.at, UTC)) is None


WEEK = 7 * 86400
THURSDAY = int(datetime(2027, 3, 4, 20, tzinfo=UTC).timestamp())
WEEKLY_TEA = NativeRule(THURSDAY, WEEKLY, 1, (3,))


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"start": THURSDAY + 5 * WEEK}, True),
        ({"start": THURSDAY + 3600}, False),
        ({"interval": 2}, False),
        ({"weekdays": (4,)}, False),
        ({"frequency": DAILY}, False),
    ],
)
def test_rules_are_the_same_where_their_occurrences_are(change, same):
    """Discord may move the start on to the next one by itself."""
    other = replace(WEEKLY_TEA, **change)

    assert WEEKLY_TEA.same_as(other) is same
    assert other.same_as(WEEKLY_TEA) is same


def test_every_other_week_knows_which():
    """The same weekday a week later is another series."""
    rule = replace(WEEKLY_TEA, interval=2)

    assert not rule.same_as(replace(rule, start=THURSDAY + WEEK))
    assert rule.same_as(replace(rule, start=THURSDAY + 2 * WEEK))


@pytest.mark.parametrize(
    "rule",
    [
        NativeRule(0, 0),
        NativeRule(0, WEEKLY, 1, ()),
        NativeRule(0, DAILY, 1, (4, 5)),
        NativeRule(0, MONTHLY, nth=(5, 3)),
        NativeRule(0, MONTHLY),
        NativeRule(0, WEEKLY, 1, (3,), other=True),
    ],
)
def test_a_rule_that_was_made_by_hand_may_mean_nothing_to_us(rule):
    """Yearly, weekends, a fifth week: put back by who asks."""
    assert repeat_of(rule) is None


def test_a_rule_with_an_end_is_seen_to_be_another():
    """Nobody can set one; Discord might."""
    shown = to_json(NativeRule(0, DAILY)) | {"end": "2027-01-01T00:00:00+00:00"}

    assert from_json(shown).other
    assert from_json(None) is None
