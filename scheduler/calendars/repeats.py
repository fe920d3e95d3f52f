"""A series as one repeated entry and its exceptions (RFC 5545 §3.8.4.4, §3.8.5).

Rules:

- The rule is one entry on the wall clock of the series, so that a reader's calendar
  keeps eight in the evening at eight in the evening, far beyond what is planned yet.
- An occurrence that was moved, changed or called off is an entry of its own with the
  same UID and the RECURRENCE-ID that the rule gave it.
- A day on which nothing will be is an EXDATE. So is one whose hour spring skips:
  readers disagree about such an hour, so what is then held gets an entry by itself.
- What the rule no longer says (it was changed since) stands by itself too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Event

from scheduler.calendars.entries import DOMAIN, describe, entry, utc
from scheduler.occurrences import Frequency, Recurrence
from scheduler.plans import Plan, PlanState
from scheduler.repeated import PlannedSeries
from scheduler.when.zones import instants

AHEAD: Final = timedelta(days=400)
"""How far ahead skipped hours are looked for: every zone's next change is in it."""

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def repeats(
    planned: PlannedSeries, plans: Sequence[Plan], hidden: frozenset[int], stamp: float
) -> list[Event]:
    """Return a series as entries.

    ``plans`` are all that it has become so far, ``hidden`` the channels of which a
    calendar may say nothing.
    """
    shown = {p.occurrence: p for p in plans if p.channel_id not in hidden}
    days = _days(planned, plans)
    clear = [day for day in days if _instant(planned, day) is not None]
    if planned.model.channel_id in hidden or not clear or not _runs(planned, plans):
        return [entry(plan, stamp) for plan in shown.values()]
    rule = replace(planned.series.rule, first=clear[0])
    last = max((plan.occurrence for plan in plans), default="")
    main = _main(planned, rule, last, stamp)
    found, inside = [main], set()
    for day in clear:
        name = day.isoformat()
        plan = shown.get(name)
        inside.add(name)
        if plan is not None and not _as_ruled(planned, plan, day):
            found.append(_exception(planned, plan, day, stamp))
        elif plan is None and (name <= last or day in planned.series.cancelled):
            main.add("exdate", _local(planned, day))
    for day in days:
        if day not in clear and day >= clear[0]:
            main.add("exdate", _local(planned, day))
    found += [entry(plan, stamp) for name, plan in shown.items() if name not in inside]
    return found


def _days(planned: PlannedSeries, plans: Sequence[Plan]) -> list[date]:
    """Return the days of the rule that anything can be said about."""
    rule = planned.series.rule
    known = [date.fromisoformat(plan.occurrence) for plan in plans]
    last = max([rule.first, *known, *planned.series.cancelled])
    end = last if planned.over else last + AHEAD
    found = []
    for day in rule.days():
        if day > end:
            break
        found.append(day)
    return found


def _runs(planned: PlannedSeries, plans: Sequence[Plan]) -> bool:
    return not planned.over or any(
        plan.occurrence >= planned.series.rule.first.isoformat() for plan in plans
    )


def _main(planned: PlannedSeries, rule: Recurrence, last: str, stamp: float) -> Event:
    event = Event()
    start = _local(planned, rule.first)
    event.add("uid", f"series-{planned.id}@{DOMAIN}")
    event.add("sequence", planned.sequence)
    event.add("dtstamp", utc(stamp))
    event.add("dtstart", start)
    event.add("duration", timedelta(minutes=planned.model.minutes))
    until = date.fromisoformat(last) if planned.over else rule.until
    event.add("rrule", _rrule(planned, rule, until))
    describe(event, replace(planned.model, state=PlanState.SCHEDULED, reason=""))
    return event


def _rrule(
    planned: PlannedSeries, rule: Recurrence, until: date | None
) -> Mapping[str, Any]:
    found: dict[str, Any] = {"freq": rule.frequency.value.upper()}
    if rule.interval != 1:
        found["interval"] = rule.interval
    match rule.frequency:
        case Frequency.WEEKLY:
            wanted = rule.weekdays or {rule.first.weekday()}
            found["byday"] = [DAYS[one] for one in sorted(wanted)]
        case Frequency.MONTHLY:
            # As in ``Recurrence``: the fifth means the last.
            nth = (planned.series.rule.first.day - 1) // 7 + 1
            weekday = DAYS[planned.series.rule.first.weekday()]
            found["byday"] = [f"{nth if nth < 5 else -1}{weekday}"]
        case Frequency.DAILY:
            pass
    if until is not None:
        found["until"] = _local(planned, until).astimezone(UTC)
    return found


def _exception(planned: PlannedSeries, plan: Plan, day: date, stamp: float) -> Event:
    event = Event()
    zone = ZoneInfo(planned.series.rule.zone)
    starts = datetime.fromtimestamp(plan.starts_at, zone)
    event.add("uid", f"series-{planned.id}@{DOMAIN}")
    event.add("recurrence-id", _local(planned, day))
    # A change of the series is a newer word than an older one about one of it.
    event.add("sequence", planned.sequence + plan.sequence)
    event.add("dtstamp", utc(stamp))
    event.add("dtstart", starts)
    event.add("duration", timedelta(minutes=plan.minutes))
    describe(event, plan)
    return event


def _as_ruled(planned: PlannedSeries, plan: Plan, day: date) -> bool:
    model, at = planned.model, _instant(planned, day)
    return (
        at is not None
        and plan.starts_at == at.timestamp()
        and plan.state not in (PlanState.CANCELLED, PlanState.MISSED)
        and (plan.minutes, plan.topic, plan.agenda, plan.channel_id)
        == (model.minutes, model.topic, model.agenda, model.channel_id)
    )


def _local(planned: PlannedSeries, day: date) -> datetime:
    rule = planned.series.rule
    return datetime.combine(day, rule.at, ZoneInfo(rule.zone))


def _instant(planned: PlannedSeries, day: date) -> datetime | None:
    rule = planned.series.rule
    found = instants(datetime.combine(day, rule.at), ZoneInfo(rule.zone))
    return found[0] if found else None
