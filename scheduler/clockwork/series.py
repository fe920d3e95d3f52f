"""Series as the store keeps them, and the plans that they become.

Occurrences become plans as soon as they are near enough to be planned. A plan carries
the name of its occurrence, so that each becomes one plan once, whatever crashes; what
is then done to the plan (moved, cancelled) is done to that occurrence alone, and is
noted in the series too.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time
from typing import Any

from sqlite_utils import Database

from moderation.store import plans as plan_rows
from moderation.store import series as rows
from scheduler.clockwork import extra_records, records
from scheduler.occurrences import Frequency, Recurrence, Series
from scheduler.plans import Plan
from scheduler.repeated import PlannedSeries, unfolded
from scheduler.settings import SchedulerSettings


def keep(db: Database, planned: PlannedSeries) -> PlannedSeries:
    """Write the series and return it with its id."""
    row = rows.SeriesRow(
        id=planned.id,
        guild_id=planned.guild_id,
        over=planned.over,
        event_id=planned.event_id,
        body=json.dumps(_to_json(planned), ensure_ascii=False, sort_keys=True),
    )
    if planned.id:
        rows.update(db, row)
        return planned
    return replace(planned, id=rows.insert(db, row))


def get(db: Database, series_id: int) -> PlannedSeries | None:
    """Return the series, or None when there is no such one."""
    row = rows.get(db, series_id)
    return None if row is None else _from_row(row)


def by_event(db: Database, event_id: int) -> PlannedSeries | None:
    """Return the series of one of Discord's repeated events, or None."""
    row = rows.by_event(db, event_id)
    return None if row is None else _from_row(row)


def of_guild(db: Database, guild_id: int) -> list[PlannedSeries]:
    """Return every series of a guild, also those that are over."""
    return [_from_row(row) for row in rows.of_guild(db, guild_id)]


def running(db: Database) -> list[PlannedSeries]:
    """Return every series that something still comes of."""
    return [_from_row(row) for row in rows.running(db)]


def unfold(db: Database, settings: SchedulerSettings, now: float) -> list[Plan]:
    """Make plans of all occurrences that are near enough.

    Returns the new ones, and those that got their extras now.
    """
    found: dict[int, Plan] = {}
    for planned in running(db):
        made = unfold_one(db, planned, settings, now)
        found |= {plan.id: plan for plan in made}
        if (given := give(db, planned, now)) is not None:
            found[given.id] = given
    return list(found.values())


def unfold_one(
    db: Database, planned: PlannedSeries, settings: SchedulerSettings, now: float
) -> list[Plan]:
    """Make plans of the occurrences of one series that are near enough."""
    known = {plan.occurrence for plan in plans_of(db, planned.id)}
    others = [one for one in records.live(db) if one.guild_id == planned.guild_id]
    return [
        records.keep(db, plan)
        for plan in unfolded(planned, known, others, settings, now)
    ]


def give(db: Database, planned: PlannedSeries, now: float) -> Plan | None:
    """Give the next Space of a series its extras; return it, or None where it had them.

    Another occurrence is the next when this one is over or called off.
    """
    following = next(iter(records.upcoming_of(db, planned.id)), None)
    if not planned.extras or following is None or following.occurrence is None:
        return None
    if following.occurrence <= planned.given:
        return None
    extra_records.attach(db, planned.extras, following, now)
    keep(db, replace(planned, given=following.occurrence))
    return following


def plans_of(db: Database, series_id: int) -> list[Plan]:
    """Return the plans that a series has become so far, the earliest first."""
    return [records.from_row(row) for row in plan_rows.of_series(db, series_id)]


def _to_json(planned: PlannedSeries) -> dict[str, Any]:
    rule, series = planned.series.rule, planned.series
    return {
        "model": asdict(records.to_row(planned.model)),
        "rule": {
            "frequency": rule.frequency.value,
            "at": rule.at.isoformat(),
            "zone": rule.zone,
            "first": rule.first.isoformat(),
            "interval": rule.interval,
            "weekdays": sorted(rule.weekdays),
            "until": rule.until.isoformat() if rule.until else None,
        },
        "moved": {
            name.isoformat(): at.timestamp() for name, at in series.moved.items()
        },
        "cancelled": sorted(name.isoformat() for name in series.cancelled),
        "extras": extra_records.to_json(planned.extras),
        "given": planned.given,
        "sequence": planned.sequence,
        "event_as": planned.event_as,
    }


def _from_row(row: rows.SeriesRow) -> PlannedSeries:
    body: Mapping[str, Any] = json.loads(row.body)
    rule = body["rule"]
    return PlannedSeries(
        id=row.id,
        model=records.from_row(plan_rows.PlanRow(**body["model"])),
        series=Series(
            Recurrence(
                frequency=Frequency(rule["frequency"]),
                at=time.fromisoformat(rule["at"]),
                zone=rule["zone"],
                first=date.fromisoformat(rule["first"]),
                interval=rule["interval"],
                weekdays=frozenset(rule["weekdays"]),
                until=date.fromisoformat(rule["until"]) if rule["until"] else None,
            ),
            moved={
                date.fromisoformat(name): datetime.fromtimestamp(at, UTC)
                for name, at in body["moved"].items()
            },
            cancelled=frozenset(map(date.fromisoformat, body["cancelled"])),
        ),
        over=row.over,
        event_id=row.event_id,
        # Older rows have none of these.
        extras=extra_records.from_json(body.get("extras", {})),
        given=body.get("given", ""),
        sequence=body.get("sequence", 0),
        event_as=tuple(body.get("event_as", ())),
    )
