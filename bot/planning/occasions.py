"""What a series and its one repeated event in Discord make of each other; pure.

Rules:

- A series that Discord can express has one event; occurrences that are moved or
  called off are its exceptions. One with its own topic or channel is an exception
  that is off, and has an event of its own beside it.
- As with single events: what both last agreed on is kept (``event_as`` of the series
  and of each plan), what Discord says otherwise was done by hand and goes into the
  series or that plan, everything else goes into Discord.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from bot.planning.deviations import (
    Agree,
    Deviate,
    PullDay,
    PullOne,
    apart,
    days,
    deviations,
    instant,
)
from bot.planning.mirror import (
    SOONEST_S,
    CallOff,
    Create,
    Push,
    Seen,
    Status,
    Turn,
)
from bot.planning.recurrence import NativeRule, from_kept, native_rule, repeat_of
from scheduler.occurrences import Recurrence
from scheduler.plans import Plan, PlanState
from scheduler.repeated import PlannedSeries
from scheduler.revision import Wanted

EARLY_S: Final = 1800.0
"""Seconds before its start that an occurrence counts as the present one."""


@dataclass(frozen=True, slots=True)
class RepeatShape:
    """What the event of a series says."""

    name: str
    channel_id: int
    kind: str
    """``stage`` or ``voice``."""

    minutes: int
    rule: NativeRule

    def as_kept(self) -> tuple[str, ...]:
        """Return it as ``PlannedSeries.event_as``."""
        words = (self.name, str(self.channel_id), self.kind, str(self.minutes))
        return (*words, *self.rule.as_kept())


@dataclass(frozen=True, slots=True)
class Forget:
    """The event is no more the series': its occurrences get their own, or it anew."""


@dataclass(frozen=True, slots=True)
class PullAll:
    """Let the series say what was changed by hand."""

    wanted: Wanted


Step = (
    Create
    | Push
    | Turn
    | CallOff
    | Forget
    | PullAll
    | PullOne
    | PullDay
    | Deviate
    | Agree
)


def expressible(rule: Recurrence) -> bool:
    """Return whether Discord has a rule like that, in summer and in winter."""
    dates = (rule.first, rule.first + timedelta(days=182))
    return all(native_rule(rule, instant(rule, day)) is not None for day in dates)


def covers(planned: PlannedSeries, plans: Sequence[Plan], plan: Plan) -> bool:
    """Return whether the series' event stands for this plan too."""
    if apart(plan, planned.model):
        return False
    return planned.event_id is not None or (
        expressible(planned.series.rule) and not _one_by_one(planned, plans)
    )


def _one_by_one(planned: PlannedSeries, plans: Sequence[Plan]) -> bool:
    """Return whether occurrences have their own events already: it stays like that."""
    model = planned.model
    return any(
        plan.event_id is not None
        and plan.state is PlanState.SCHEDULED
        and (plan.topic, plan.channel_id) == (model.topic, model.channel_id)
        for plan in plans
    )


def wants_event(planned: PlannedSeries, plans: Sequence[Plan], now: float) -> bool:
    """Return whether the series' event should be made now."""
    coming = any(
        plan.state is PlanState.SCHEDULED
        and plan.starts_at > now + SOONEST_S
        and covers(planned, plans, plan)
        for plan in plans
    )
    return planned.event_id is None and not planned.over and coming


def shape(
    planned: PlannedSeries, plans: Sequence[Plan], now: float
) -> RepeatShape | None:
    """Return what the event should say, None where Discord cannot say it.

    Without ``plans`` it begins with an occurrence that is to come.
    """
    rule = planned.series.rule
    day = next(days(planned, plans, now), None)
    native = None if day is None else native_rule(rule, instant(rule, day))
    if native is None or not expressible(rule):
        return None
    model = planned.model
    return RepeatShape(model.topic, model.channel_id, model.kind, model.minutes, native)


def step(
    planned: PlannedSeries, plans: Sequence[Plan], seen: Seen | None, now: float
) -> Step | None:
    """Return what is to be done next, or None where both agree.

    ``plans`` are all that the series has become, ``seen`` is its event.
    """
    if planned.event_id is None:
        return Create() if wants_event(planned, plans, now) else None
    wanted = shape(planned, plans, now)
    if seen is None or seen.status is Status.CANCELLED:
        called_off = wanted is not None and not planned.over
        return CallOff() if called_off else Forget()
    if seen.status is Status.COMPLETED:
        return Forget()
    present = _present(planned, plans, now)
    if planned.over or wanted is None:
        return _finish(present, seen)
    turn = _turn(planned, present, seen)
    if turn is not None or seen.status is Status.ACTIVE:
        return turn
    return _words(planned, wanted, seen, now) or deviations(
        planned, plans, wanted.rule, wanted.minutes, seen, now
    )


def _finish(present: Plan | None, seen: Seen) -> Step | None:
    if seen.status is Status.SCHEDULED:
        return Turn(Status.CANCELLED)
    open_still = present is not None and present.state is PlanState.OPENED
    return None if open_still else Turn(Status.COMPLETED)


def _present(planned: PlannedSeries, plans: Sequence[Plan], now: float) -> Plan | None:
    ours = [plan for plan in plans if not apart(plan, planned.model)]
    opened = [plan for plan in ours if plan.state is PlanState.OPENED]
    begun = [plan for plan in ours if plan.starts_at <= now + EARLY_S]
    return max(opened or begun, key=lambda plan: plan.starts_at, default=None)


def _turn(planned: PlannedSeries, present: Plan | None, seen: Seen) -> Turn | None:
    if present is None:
        return None
    if seen.status is Status.ACTIVE:
        over = present.state not in (PlanState.OPENED, PlanState.SCHEDULED)
        return Turn(Status.COMPLETED) if over else None
    if present.state is not PlanState.OPENED:
        return None
    # Only the occurrence that Discord has next can be started.
    ruled = instant(planned.series.rule, date.fromisoformat(present.occurrence))
    own = (int(ruled.timestamp()), int(present.starts_at))
    return Turn(Status.ACTIVE) if seen.shape.starts_at in own else None


def _words(
    planned: PlannedSeries, wanted: RepeatShape, seen: Seen, now: float
) -> Step | None:
    minutes = (seen.shape.ends_at - seen.shape.starts_at) // 60
    said = (seen.shape.name, seen.shape.channel_id, seen.shape.kind)
    if (
        said == (wanted.name, wanted.channel_id, wanted.kind)
        and (seen.shape.ends_at == 0 or minutes == wanted.minutes)
        and seen.rule is not None
        and seen.rule.same_as(wanted.rule)
    ):
        return None
    by_hand_ = by_hand(planned, wanted, seen, now)
    return Push() if by_hand_ is None else PullAll(by_hand_)


def by_hand(
    planned: PlannedSeries, wanted: RepeatShape, seen: Seen, now: float
) -> Wanted | None:
    """Return what somebody changed in Discord, None for nothing that we can be."""
    if not planned.event_as or seen.rule is None or seen.shape.kind == "external":
        return None  # never agreed, no series any more, or where no Space can be
    name, channel, _, minutes, *rule = planned.event_as
    changes: dict[str, Any] = {}
    if seen.shape.name not in (name, wanted.name):
        changes["topic"] = seen.shape.name
    if seen.shape.channel_id not in (int(channel), wanted.channel_id):
        changes |= {"channel_id": seen.shape.channel_id, "kind": seen.shape.kind}
    lasts = (seen.shape.ends_at - seen.shape.starts_at) // 60
    if seen.shape.ends_at and lasts not in (int(minutes), wanted.minutes):
        changes["minutes"] = lasts
    agreed = from_kept(tuple(rule))
    if not (seen.rule.same_as(wanted.rule) or seen.rule.same_as(agreed)):
        repeat = repeat_of(seen.rule)
        if repeat is None:
            return None
        if repeat != repeat_of(wanted.rule):
            changes["repeat"] = repeat
        changes["starts_at"] = float(next(at for at in seen.rule.times() if at > now))
    return Wanted(**changes) if changes else None


def mark(planned: PlannedSeries) -> str:
    """Return the last line of the event's description, by which it is found."""
    return f"tertulia:s{planned.id}"
