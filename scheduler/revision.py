"""A change of a whole series: one occurrence and all that come after it.

Rules:

- What came before the chosen one stays, and so does what is open, over, or past its
  start and waiting for its host.
- Topic, room and length become the new ones, except where an occurrence had been
  given its own by hand.
- With another time or other days, the series begins anew with the chosen one, at
  exactly the time asked for, and keeps its hour on the wall from there.
- An occurrence that was moved by hand stays where it was put while its day is still
  one of the series; so does one that was called off stay called off. Where the days
  are others, it counts like any other.
- An occurrence keeps its reminders and guests: one whose day is gone takes the next
  new day that is near enough to be planned; one for which none is left is called off.
- Where one of them cannot be like that, nothing is changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.occurrences import LAST, Recurrence, Series, repeating
from scheduler.plans import Plan, PlanRefused, PlanState, cancel, change, check
from scheduler.repeated import PlannedSeries, unfolded
from scheduler.settings import SchedulerSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be different; None leaves it as it is."""

    starts_at: float | None = None
    """When the chosen occurrence starts, Unix seconds."""

    repeat: str | None = None
    """One of ``occurrences.REPEATS``."""

    until: date | None = None
    """The last day of the series; ``occurrences.LAST`` for no end."""

    minutes: int | None = None
    topic: str | None = None
    channel_id: int | None = None
    kind: str | None = None
    """``stage`` or ``voice``, with ``channel_id``."""

    agenda: tuple[str, ...] | None = None
    auto_start: bool | None = None
    absent: str | None = None
    wait_s: float | None = None
    cohost_ids: tuple[int, ...] | None = None

    def words(self) -> dict[str, Any]:
        """Return what does not concern the time, by the plan's field."""
        names = ("minutes", "topic", "channel_id", "kind", "agenda", *_AUTO)
        given = {name: getattr(self, name) for name in names}
        return {name: value for name, value in given.items() if value is not None}


_AUTO = ("auto_start", "absent", "wait_s", "cohost_ids")


class Fate(Enum):
    """What becomes of one occurrence."""

    SAME = "same"
    CHANGED = "changed"
    """It keeps its time and says something else."""

    MOVED = "moved"
    STAYED = "stayed"
    """It had been moved by hand and stays there."""

    TAKEN_BACK = "taken_back"
    """It had been moved by hand and counts like any other again."""

    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class Step:
    """One occurrence, before and after."""

    before: Plan
    after: Plan
    fate: Fate


@dataclass(frozen=True, slots=True)
class Revision:
    """Everything that a change does."""

    planned: PlannedSeries
    steps: tuple[Step, ...]
    made: tuple[Plan, ...]
    """Occurrences that are planned besides."""

    def told(self) -> tuple[object, ...]:
        """Return what somebody agrees to: equal for two that do the same."""
        return (
            tuple((one.fate, one.after.id, one.after.starts_at) for one in self.steps),
            tuple(plan.starts_at for plan in self.made),
            self.planned.series.rule.until,
        )


def revise(
    planned: PlannedSeries,
    plans: Sequence[Plan],
    chosen: Plan,
    wanted: Wanted,
    others: Iterable[Plan],
    settings: SchedulerSettings,
    now: float,
) -> Revision:
    """Return what the change does. Raises PlanRefused.

    ``plans`` are all that the series has become, ``others`` the guild's plans that
    are scheduled or open.
    """
    if chosen.state is not PlanState.SCHEDULED or planned.over:
        raise PlanRefused(
            "plan.state",
            topic=chosen.topic,
            state_key=f"plan.state.{chosen.state.value}",
        )
    coming = sorted(
        (
            plan
            for plan in plans
            if plan.state is PlanState.SCHEDULED
            and plan.occurrence >= chosen.occurrence
            and plan.starts_at > now
        ),
        key=lambda plan: plan.occurrence,
    )
    rule = _rule(planned, chosen, wanted)
    first = None if wanted.starts_at is None else chosen
    names = _names(planned, plans, coming, rule, first, settings, now)
    steps = tuple(
        _step(planned, plan, names[plan.id], rule, wanted, chosen) for plan in coming
    )
    after = _series(planned, rule, wanted, steps)
    return _checked(after, plans, steps, list(others), settings, now)


def _rule(planned: PlannedSeries, chosen: Plan, wanted: Wanted) -> Recurrence:
    """Return the rule from the chosen occurrence on."""
    old = planned.series.rule
    if wanted.until is not None:
        old = replace(old, until=None if wanted.until >= LAST else wanted.until)
    if wanted.starts_at is None and wanted.repeat is None:
        return old
    zone = ZoneInfo(old.zone)
    if wanted.starts_at is None:
        # The days are others, the hour stays what it is on the wall.
        day = date.fromisoformat(chosen.occurrence)
        first = datetime.combine(day, old.at, zone)
    else:
        first = datetime.fromtimestamp(wanted.starts_at, zone)
    if wanted.repeat is not None:
        rule = repeating(wanted.repeat, first, old.zone, old.until)
    else:
        rule = replace(old, at=time(first.hour, first.minute), first=first.date())
    if rule.weekdays and first.weekday() not in rule.weekdays:
        raise PlanRefused("series.not_its_day", when=first.timestamp())
    if rule.until is not None and rule.until < rule.first:
        raise PlanRefused("series.after_its_end", until=rule.until.isoformat())
    return rule


def _names(
    planned: PlannedSeries,
    plans: Sequence[Plan],
    coming: Sequence[Plan],
    rule: Recurrence,
    first: Plan | None,
    settings: SchedulerSettings,
    now: float,
) -> dict[int, str]:
    """Return which day of the new rule each takes; empty for none.

    ``first`` is the one that was given a time, and takes the rule's first day.
    """
    days = [
        one.name.isoformat()
        for one in Series(rule).between(
            datetime.fromtimestamp(now, UTC),
            datetime.fromtimestamp(now, UTC) + timedelta(days=settings.days_ahead),
        )
    ]
    if rule == planned.series.rule:
        return {plan.id: plan.occurrence for plan in coming}
    known = {plan.occurrence for plan in plans} - {one.occurrence for one in coming}
    found = {}
    if first is not None:
        found[first.id] = rule.first.isoformat()
        if found[first.id] in known:
            raise PlanRefused("series.day_taken", day=rule.first.isoformat())
    for plan in coming:
        if plan.occurrence in days and plan.occurrence not in found.values():
            found.setdefault(plan.id, plan.occurrence)
    known |= {day.isoformat() for day in planned.series.cancelled}
    free = iter([day for day in days if day not in known | set(found.values())])
    return {
        plan.id: found[plan.id] if plan.id in found else next(free, "")
        for plan in coming
    }


def _step(
    planned: PlannedSeries,
    plan: Plan,
    name: str,
    rule: Recurrence,
    wanted: Wanted,
    chosen: Plan,
) -> Step:
    if not name:
        # By itself from now on: its day may come back, and is then planned anew.
        gone = replace(cancel(plan, ""), series_id=None, occurrence="")
        return Step(plan, gone, Fate.CALLED_OFF)
    by_hand = date.fromisoformat(plan.occurrence) in planned.series.moved
    timed = rule != planned.series.rule
    asked_for = plan.id == chosen.id and wanted.starts_at is not None
    changes = _words(planned, plan, wanted)
    if by_hand and name == plan.occurrence and not asked_for:
        changed = change(plan, **changes) if changes else plan
        return Step(plan, changed, Fate.STAYED if timed else _changed(changes))
    starts_at = rule.start_on(date.fromisoformat(name)).timestamp()
    if starts_at != plan.starts_at or name != plan.occurrence:
        changes |= {"starts_at": starts_at, "occurrence": name}
        fate = Fate.TAKEN_BACK if by_hand else Fate.MOVED
        return Step(plan, change(plan, **changes), fate)
    return Step(plan, change(plan, **changes) if changes else plan, _changed(changes))


def _changed(changes: dict[str, Any]) -> Fate:
    return Fate.CHANGED if changes else Fate.SAME


def _words(planned: PlannedSeries, plan: Plan, wanted: Wanted) -> dict[str, Any]:
    """Return what is new for one plan: what it was given by hand stays."""
    return {
        name: value
        for name, value in wanted.words().items()
        if getattr(plan, name) == getattr(planned.model, name)
        and getattr(plan, name) != value
    }


def _series(
    planned: PlannedSeries, rule: Recurrence, wanted: Wanted, steps: Sequence[Step]
) -> PlannedSeries:
    """Return the series as it is afterwards, with the exceptions that are left."""
    names = {step.after.occurrence for step in steps if step.fate is Fate.STAYED}
    series = replace(planned.series, rule=rule)
    if rule != planned.series.rule:
        series = Series(
            rule,
            moved={
                day: at
                for day, at in planned.series.moved.items()
                if day.isoformat() in names
            },
            cancelled=frozenset(
                day for day in planned.series.cancelled if rule.falls_on(day)
            ),
        )
    model = replace(planned.model, **wanted.words())
    return replace(planned, model=model, series=series, sequence=planned.sequence + 1)


def _checked(
    after: PlannedSeries,
    plans: Sequence[Plan],
    steps: tuple[Step, ...],
    others: Sequence[Plan],
    settings: SchedulerSettings,
    now: float,
) -> Revision:
    """Return the revision if every plan may be like that. Raises PlanRefused."""
    touched = {step.before.id for step in steps}
    left = [step.after for step in steps if step.fate is not Fate.CALLED_OFF]
    around = [plan for plan in others if plan.id not in touched]
    for step in steps:
        if step.fate not in (Fate.CALLED_OFF, Fate.SAME) and step.after != step.before:
            check(step.after, [*around, *left], settings, now)
    known = {plan.occurrence for plan in plans if plan.id not in touched}
    known |= {plan.occurrence for plan in left}
    made = unfolded(after, known, [*around, *left], settings, now)
    return Revision(after, steps, tuple(made))
