"""Single occurrences of a series beside the exceptions of its event; pure.

Rules:

- What both last agreed on is kept in each plan (``event_as``): what Discord says
  otherwise was done by hand.
- An occurrence is off in Discord when it is called off, left out, or has an event of
  its own because its topic or channel is its own.
- Days that are not planned yet are Discord's own guess, but for what was done to them
  by hand: that is kept in the series.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.planning.mirror import Seen, SeenException
from bot.planning.recurrence import NativeRule
from scheduler.occurrences import Recurrence
from scheduler.plans import Plan, PlanState
from scheduler.repeated import PlannedSeries
from scheduler.when.zones import instants


@dataclass(frozen=True, slots=True)
class Deviation:
    """How one occurrence is in Discord; both times None: as the rule says."""

    starts_at: int | None = None
    ends_at: int | None = None
    off: bool = False

    def as_kept(self) -> tuple[str, ...]:
        """Return it as ``Plan.event_as`` of an occurrence without its own event."""
        if self.off:
            return ("off",)
        if self.starts_at is None:
            return ("ruled",)
        return ("at", str(self.starts_at), str(self.ends_at))


RULED: Final = Deviation()
OFF: Final = Deviation(off=True)


@dataclass(frozen=True, slots=True)
class Deviate:
    """Let one occurrence in Discord be like its plan."""

    original: int
    """When the rule has it, Unix seconds."""

    to: Deviation
    exists: bool
    """There is an exception to change or to take away."""


@dataclass(frozen=True, slots=True)
class PullOne:
    """Let one plan say what was changed by hand; None cancels it."""

    plan_id: int
    changes: dict[str, Any] | None
    back: Deviate
    """What to do where the plan cannot be like that."""


@dataclass(frozen=True, slots=True)
class PullDay:
    """Let the series note what was done by hand to a day that is not planned yet."""

    day: date
    to: Deviation


@dataclass(frozen=True, slots=True)
class Agree:
    """Note what both say now."""

    said: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """By plan."""


def apart(plan: Plan, model: Plan) -> bool:
    """Return whether an occurrence has an event of its own, or needs one."""
    words = (plan.topic, plan.channel_id, plan.kind)
    ours = (model.topic, model.channel_id, model.kind)
    return plan.event_id is not None or words != ours


def deviations(
    planned: PlannedSeries,
    plans: Sequence[Plan],
    rule: NativeRule,
    minutes: int,
    seen: Seen,
    now: float,
) -> Deviate | PullOne | PullDay | Agree | None:
    """Return what is to be done next about single occurrences.

    ``rule`` and ``minutes`` are what the event says and the series too.
    """
    there = {one.original: one for one in seen.exceptions}
    by_name = {plan.occurrence: plan for plan in plans}
    last = max(by_name, default="")
    notes: dict[int, tuple[str, ...]] = {}
    coming = days(planned, plans, now)
    for day, original in zip(coming, rule.times(), strict=False):
        name = day.isoformat()
        if name > last and all(at < original for at in there):
            break
        have = _deviation(there.get(original), original, minutes)
        if name > last:
            if have != RULED and not _noted(planned, day, have):
                return PullDay(day, have)
            continue
        plan = by_name.get(name)
        if plan is not None and plan.state not in (
            PlanState.SCHEDULED,
            PlanState.CANCELLED,
        ):
            continue
        todo = _occurrence(planned, plan, original, have, original in there)
        if todo is not None:
            return todo
        said = have.as_kept()
        if plan is not None and _ours(planned, plan) and plan.event_as != said:
            notes[plan.id] = said
    return Agree(notes) if notes else None


def _occurrence(
    planned: PlannedSeries,
    plan: Plan | None,
    original: int,
    have: Deviation,
    exists: bool,
) -> Deviate | PullOne | None:
    """Return what one occurrence and its exception need, None where they agree."""
    want = _wanted(planned, plan, original)
    if have == want:
        return None
    back = Deviate(original, want, exists)
    if plan is None or not _ours(planned, plan) or not plan.event_as:
        return back
    if have.as_kept() == plan.event_as:
        return back
    if have.off:
        return PullOne(plan.id, None, back)
    starts_at = original if have.starts_at is None else have.starts_at
    ends_at = have.ends_at
    minutes = planned.model.minutes
    if ends_at is not None:
        minutes = (ends_at - starts_at) // 60
    changes = {"starts_at": float(starts_at), "minutes": minutes}
    return PullOne(plan.id, changes, back)


def _ours(planned: PlannedSeries, plan: Plan) -> bool:
    return plan.state is PlanState.SCHEDULED and not apart(plan, planned.model)


def _wanted(planned: PlannedSeries, plan: Plan | None, original: int) -> Deviation:
    if plan is None or not _ours(planned, plan):
        return OFF  # called off, left out, or with an event of its own
    starts_at, minutes = int(plan.starts_at), plan.minutes
    if (starts_at, minutes) == (original, planned.model.minutes):
        return RULED
    return Deviation(starts_at, starts_at + 60 * minutes)


def _deviation(seen: SeenException | None, original: int, minutes: int) -> Deviation:
    if seen is None:
        return RULED
    if seen.off:
        return OFF
    starts_at = original if seen.starts_at is None else seen.starts_at
    ends_at = starts_at + 60 * minutes if seen.ends_at is None else seen.ends_at
    if (starts_at, ends_at) == (original, original + 60 * minutes):
        return RULED
    return Deviation(starts_at, ends_at)


def _noted(planned: PlannedSeries, day: date, have: Deviation) -> bool:
    if have.off:
        return day in planned.series.cancelled
    moved = planned.series.moved.get(day)
    return moved is not None and int(moved.timestamp()) == have.starts_at


def days(planned: PlannedSeries, plans: Sequence[Plan], now: float) -> Iterator[date]:
    """Yield the days of the rule from the present or next occurrence on.

    The present one is there until it is over, however late it was moved.
    """
    model = planned.model
    alive = {
        plan.occurrence
        for plan in plans
        if _lasts(plan, now) and not apart(plan, model)
    }
    begun = False
    for day in planned.series.rule.days():
        begun = begun or day.isoformat() in alive
        begun = begun or instant(planned.series.rule, day).timestamp() > now
        if begun:
            yield day


def _lasts(plan: Plan, now: float) -> bool:
    waits = plan.state is PlanState.SCHEDULED and plan.ends_at > now
    return waits or plan.state is PlanState.OPENED


def instant(rule: Recurrence, day: date) -> datetime:
    """Return when Discord's rule has the occurrence of a day, aware.

    In the hour that spring skips it counts on as after the change; what the plan of
    that day makes of it is an exception.
    """
    local, zone = datetime.combine(day, rule.at), ZoneInfo(rule.zone)
    found = instants(local, zone)
    return found[0] if found else local.replace(tzinfo=zone, fold=1)
