"""A series of planned Spaces: its rule, and what each of them is like."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from scheduler.extras import NOTHING, Extras
from scheduler.occurrences import Series
from scheduler.plans import Plan, PlanState, conflicts
from scheduler.settings import SchedulerSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSeries:
    """A series and what each of its plans is like."""

    id: int = 0
    """0 until it is kept."""

    model: Plan
    """What every occurrence is like, but for its time."""

    series: Series
    over: bool = False
    event_id: int | None = None
    """Discord's repeated scheduled event."""

    event_as: tuple[str, ...] = ()
    """What series and event last agreed on; empty where they never have."""

    extras: Extras = NOTHING
    """What each of its plans gets when it is the next."""

    given: str = ""
    """The name of the last occurrence that got them; names are in order."""

    sequence: int = 0
    """How often the whole series was changed; calendars ask for it."""

    @property
    def guild_id(self) -> int:
        """Whose it is."""
        return self.model.guild_id


def unfolded(
    planned: PlannedSeries,
    known: Collection[str],
    others: Sequence[Plan],
    settings: SchedulerSettings,
    now: float,
) -> list[Plan]:
    """Return plans of the occurrences that are near enough and not ``known`` by name.

    One whose channel or host is taken then (``others`` are the guild's scheduled and
    open plans) is left out until they are not: nobody is there to ask.
    """
    start = datetime.fromtimestamp(now, UTC)
    end = start + timedelta(days=settings.days_ahead)
    made: list[Plan] = []
    for one in planned.series.between(start, end):
        name = one.name.isoformat()
        plan = replace(
            planned.model,
            id=0,
            state=PlanState.SCHEDULED,
            starts_at=one.starts_at.timestamp(),
            series_id=planned.id,
            occurrence=name,
            event_id=None,
            event_as=(),
        )
        if name not in known and not conflicts(plan, [*others, *made]):
            made.append(plan)
    return made
