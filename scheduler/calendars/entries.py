"""One plan as a calendar entry.

A plan keeps its UID whatever happens to it and its SEQUENCE grows, so that a calendar
that subscribed to the feed moves or strikes out the entry instead of adding another.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Alarm, Event

from scheduler.plans import Plan, PlanState

DOMAIN: Final = "tertulia.invalid"
"""Right half of every UID: unique, and nobody's address."""

STATUS: Final = {
    PlanState.SCHEDULED: "CONFIRMED",
    PlanState.OPENED: "CONFIRMED",
    PlanState.ENDED: "CONFIRMED",
    PlanState.CANCELLED: "CANCELLED",
    PlanState.MISSED: "CANCELLED",
}


def entry(plan: Plan, stamp: float, alarm_min: float | None = None) -> Event:
    """Return one plan as an entry, with an alarm ``alarm_min`` before if asked.

    ``stamp`` is when what it says was last changed, Unix seconds.
    """
    event = Event()
    event.add("uid", f"plan-{plan.id}@{DOMAIN}")
    event.add("sequence", plan.sequence)
    event.add("dtstamp", utc(stamp))
    event.add("dtstart", utc(plan.starts_at))
    event.add("dtend", utc(plan.ends_at))
    describe(event, plan)
    if alarm_min is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", plan.topic)
        alarm.add("trigger", timedelta(minutes=-alarm_min))
        event.add_component(alarm)
    return event


def describe(event: Event, plan: Plan) -> None:
    """Let ``event`` say what the plan is about and how it stands."""
    event.add("summary", plan.topic)
    event.add("status", STATUS[plan.state])
    event.add("url", f"https://discord.com/channels/{plan.guild_id}/{plan.channel_id}")
    text = [*plan.agenda, *([plan.reason] if plan.reason else [])]
    if text:
        event.add("description", "\n".join(text))


def utc(at: float) -> datetime:
    """Return Unix seconds as a time that needs no VTIMEZONE."""
    return datetime.fromtimestamp(at, UTC)
