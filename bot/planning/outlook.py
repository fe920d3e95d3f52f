"""What would come of a plan that nobody has confirmed yet: said before it is made."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlite_utils import Database

from scheduler.clockwork import records
from scheduler.occurrences import Recurrence, Series, repeating
from scheduler.plans import Plan, PlanRefused, check, clash, conflicts
from scheduler.settings import SchedulerSettings


@dataclass(frozen=True, slots=True)
class Outlook:
    """A plan as it would be kept."""

    plan: Plan
    clashes: tuple[PlanRefused, ...] = ()
    """What stands in the way, each by name; with any, nothing can be planned."""

    later: tuple[float, ...] = ()
    """Further starts of a series, as far ahead as is planned; Unix seconds."""

    left_out: tuple[float, ...] = ()
    """Starts of a series at which something else is planned; Unix seconds."""

    times: int = 0
    """How many there are in a series that has an end; 0 without one."""

    last: float = 0.0
    """When the last of those starts, Unix seconds."""


def look_ahead(
    db: Database,
    plan: Plan,
    repeat: str | None,
    settings: SchedulerSettings,
    now: float,
    until: date | None = None,
) -> Outlook:
    """Say what would become of the plan; it stays as it is where nothing is wrong.

    Raises PlanRefused for what can be planned at no time: no topic, past, too far.
    """
    others = [one for one in records.live(db) if one.guild_id == plan.guild_id]
    starts, times, last = [plan.starts_at], 0, 0.0
    if repeat is not None:
        start = datetime.fromtimestamp(plan.starts_at, UTC)
        rule = repeating(repeat, start, plan.zone, until)
        starts = _starts(plan, rule, settings, now)
        if until is not None:
            days = list(rule.days())
            times, last = len(days), rule.start_on(days[-1]).timestamp()
    first = check(replace(plan, starts_at=starts[0]), [], settings, now)
    later: list[float] = []
    left_out: list[float] = []
    for at in starts[1:]:
        taken = conflicts(replace(plan, starts_at=at), others)
        (left_out if taken else later).append(at)
    return Outlook(
        first,
        tuple(clash(first, other) for other in conflicts(first, others)),
        tuple(later),
        tuple(left_out),
        times,
        last,
    )


def _starts(
    plan: Plan, rule: Recurrence, settings: SchedulerSettings, now: float
) -> list[float]:
    """Return the starts of a series in time; the first one may be past the horizon."""
    start = datetime.fromtimestamp(now, UTC)
    end = start + timedelta(days=settings.days_ahead)
    found = [one.starts_at.timestamp() for one in Series(rule).between(start, end)]
    # A first day that the rule leaves out, or one that is too far: said by ``check``.
    return found or [plan.starts_at]
