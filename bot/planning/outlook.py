"""What would come of a plan that nobody has confirmed yet: said before it is made."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from scheduler.clockwork import records
from scheduler.occurrences import Series, repeating
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


def look_ahead(
    db: Database,
    plan: Plan,
    repeat: str | None,
    settings: SchedulerSettings,
    now: float,
) -> Outlook:
    """Say what would become of the plan; it stays as it is where nothing is wrong.

    Raises PlanRefused for what can be planned at no time: no topic, past, too far.
    """
    others = [one for one in records.live(db) if one.guild_id == plan.guild_id]
    starts = [plan.starts_at]
    if repeat is not None:
        starts = _starts(plan, repeat, settings, now)
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
    )


def _starts(
    plan: Plan, repeat: str, settings: SchedulerSettings, now: float
) -> list[float]:
    """Return the starts of a series in time; the first one may be past the horizon."""
    first = datetime.fromtimestamp(plan.starts_at, UTC)
    start = datetime.fromtimestamp(now, UTC)
    end = start + timedelta(days=settings.days_ahead)
    series = Series(repeating(repeat, first, plan.zone))
    found = [one.starts_at.timestamp() for one in series.between(start, end)]
    # A first day that the rule leaves out, or one that is too far: said by ``check``.
    return found or [plan.starts_at]
