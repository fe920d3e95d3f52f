"""Calendars: plans as iCalendar, read back by a calendar library."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from scheduler.calendars.entries import entry
from scheduler.calendars.feed import feed
from scheduler.plans import cancel, move
from tests.scheduler.sample import tea

START = 1_800_000_000.0
NOW = START - 86400
PLAN = tea(START, id=4, topic="Té, café; y más", minutes=45, agenda=("Uno", "Dos"))


def entries(*plans):
    calendar = Calendar.from_ical(feed("Tertulias", plans, NOW))
    return list(calendar.walk("VEVENT"))


def test_plan_is_an_entry_with_its_time_and_agenda():
    """Start, end, topic and agenda come through, commas and accents included."""
    (event,) = entries(PLAN)

    assert event["summary"] == "Té, café; y más"
    assert event["dtstart"].dt == datetime.fromtimestamp(START, UTC)
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=45)
    assert event["description"] == "Uno\nDos"
    assert event["url"] == "https://discord.com/channels/1/2"


def test_changed_plan_is_the_same_entry():
    """A subscribed calendar moves the entry; it does not show two."""
    (before,), (after,) = entries(PLAN), entries(move(PLAN, START + 3600))

    assert before["uid"] == after["uid"]
    assert after["sequence"] > before["sequence"]


def test_cancelled_plan_stays_in_the_feed_as_cancelled():
    """Striking it out needs the entry, with the reason."""
    (event,) = entries(cancel(PLAN, "ill"))

    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    assert event["description"].endswith("ill")


def test_every_plan_has_an_entry_of_its_own():
    """One feed per guild."""
    assert len({event["uid"] for event in entries(PLAN, replace(PLAN, id=5))}) == 2
    assert entries() == []


def test_alarm_is_set_where_asked():
    """The member's calendar rings as long before as they wanted."""
    (alarm,) = entry(PLAN, NOW, alarm_min=10).walk("VALARM")

    assert alarm["trigger"].dt == timedelta(minutes=-10)


def test_topic_cannot_add_lines_to_the_calendar():
    """What a host types stays inside its own field."""
    (event,) = entries(replace(PLAN, topic="a\r\nATTENDEE:mailto:x@example.org"))

    assert "attendee" not in event
