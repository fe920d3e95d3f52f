"""Plans as iCalendar (RFC 5545), for the calendars that people already have.

A plan keeps its UID whatever happens to it and its SEQUENCE grows, so that a calendar
that subscribed to the feed moves or strikes out the entry instead of adding another.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event

from scheduler.plans import Plan, PlanState

PRODUCT: Final = "-//Tertulia//Tertulia//EN"
"""Who made the calendar (RFC 5545 3.7.3)."""

DOMAIN: Final = "tertulia.invalid"
"""Right half of every UID: unique, and nobody's address."""

STATUS: Final = {
    PlanState.SCHEDULED: "CONFIRMED",
    PlanState.OPENED: "CONFIRMED",
    PlanState.ENDED: "CONFIRMED",
    PlanState.CANCELLED: "CANCELLED",
    PlanState.MISSED: "CANCELLED",
}


def feed(plans: Iterable[Plan], name: str, now: float) -> bytes:
    """Return one calendar called ``name`` with an entry per plan, as of ``now``."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for plan in plans:
        calendar.add_component(entry(plan, now))
    text: bytes = calendar.to_ical()
    return text


def entry(plan: Plan, now: float, alarm_min: float | None = None) -> Event:
    """Return one plan as an entry, with an alarm ``alarm_min`` before if asked."""
    event = Event()
    event.add("uid", f"plan-{plan.id}@{DOMAIN}")
    event.add("sequence", plan.sequence)
    event.add("dtstamp", _utc(now))
    event.add("dtstart", _utc(plan.starts_at))
    event.add("dtend", _utc(plan.ends_at))
    event.add("summary", plan.topic)
    event.add("status", STATUS[plan.state])
    event.add("url", f"https://discord.com/channels/{plan.guild_id}/{plan.channel_id}")
    text = [*plan.agenda, *([plan.reason] if plan.reason else [])]
    if text:
        event.add("description", "\n".join(text))
    if alarm_min is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", plan.topic)
        alarm.add("trigger", timedelta(minutes=-alarm_min))
        event.add_component(alarm)
    return event


def _utc(at: float) -> datetime:
    # UTC needs no VTIMEZONE, and each reader's calendar shows it in their own zone.
    return datetime.fromtimestamp(at, UTC)
