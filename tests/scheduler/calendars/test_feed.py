"""Whole calendars: what is in them, and that they do not change by themselves."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from icalendar import Calendar

from scheduler.calendars.feed import feed
from scheduler.occurrences import Frequency, Recurrence, Series
from scheduler.repeated import PlannedSeries
from tests.scheduler.sample import tea

NEW_YORK = ZoneInfo("America/New_York")
PLAN = tea(
    datetime(2027, 3, 4, 20, tzinfo=NEW_YORK).timestamp(), id=4, zone="America/New_York"
)
WEEKLY = PlannedSeries(
    id=9,
    model=PLAN,
    series=Series(
        Recurrence(Frequency.WEEKLY, time(20), "America/New_York", date(2027, 3, 4))
    ),
)


def test_feed_brings_the_clock_changes_that_its_series_needs():
    """A reader without a zone database finds both changes of the year."""
    calendar = Calendar.from_ical(feed("Teas", (), PLAN.starts_at, [(WEEKLY, ())]))

    (zone,) = calendar.timezones
    changes = [f"{one['dtstart'].dt:%Y-%m-%d %H}" for one in zone.subcomponents]
    assert zone["tzid"] == "America/New_York"
    assert {"2027-03-14 03", "2027-11-07 02"} < set(changes)


def test_plans_alone_need_no_time_zone():
    """They stand in UTC, and every reader sees them on their own clock."""
    calendar = Calendar.from_ical(feed("Teas", [PLAN], PLAN.starts_at))

    assert calendar.timezones == []
    assert str(calendar["x-wr-calname"]) == "Teas"


def test_the_same_plans_make_the_same_bytes():
    """A subscriber that asks every hour is told that nothing is new."""
    args = ("Teas", [PLAN], PLAN.starts_at, [(WEEKLY, ())])

    assert feed(*args) == feed(*args)


def test_spaces_in_hidden_channels_are_not_in_it():
    """The link may go from hand to hand: what not everybody sees stays out."""
    secret = replace(PLAN, id=5, channel_id=66, topic="Staff only")
    series = replace(WEEKLY, model=replace(PLAN, channel_id=66, topic="Staff only"))

    text = feed("Teas", [PLAN, secret], 0.0, [(series, [])], frozenset({66}))

    assert b"Tea" in text
    assert b"Staff" not in text
