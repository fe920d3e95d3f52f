"""What a plan and its native event in Discord make of each other; pure.

Both sides may have changed. ``Plan.event_as`` holds what they last agreed on: what
the event says differently was done by hand and goes into the plan, everything else
goes into the event. Own changes are recognised by that alone, so nothing loops.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Final

from bot.planning.recurrence import NativeRule
from scheduler.plans import Plan, PlanState

HORIZON_S: Final = 14 * 86400.0
"""Seconds ahead of its start that one of a series gets its event: a guild has room for
a hundred."""

SOONEST_S: Final = 5.0
"""Seconds before the start after which no event is made: Discord wants a future one."""

MOST_OPEN: Final = 100
"""Scheduled and active events that Discord allows a guild."""


class Status(IntEnum):
    """How far an event is: Discord goes 1 → 2 → 3 or 1 → 4 only."""

    SCHEDULED = 1
    ACTIVE = 2
    COMPLETED = 3
    CANCELLED = 4


@dataclass(frozen=True, slots=True)
class Shape:
    """What an event says; seconds are whole, as Discord keeps them in its own way."""

    name: str
    starts_at: int
    """Unix seconds."""

    ends_at: int
    """Unix seconds; 0 where it has no end."""

    channel_id: int
    """0 for an event that is somewhere else."""

    kind: str
    """``stage``, ``voice`` or, somewhere else, ``external``."""

    def as_kept(self) -> tuple[str, ...]:
        """Return it as ``Plan.event_as``."""
        return (
            self.name,
            str(self.starts_at),
            str(self.ends_at),
            str(self.channel_id),
            self.kind,
        )


@dataclass(frozen=True, slots=True)
class SeenException:
    """One occurrence of a repeated event that is not as its rule says."""

    id: int
    original: int
    """When the rule has it, Unix seconds."""

    starts_at: int | None
    """Unix seconds; None for the rule's."""

    ends_at: int | None
    off: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as Discord shows it."""

    event_id: int
    shape: Shape
    status: Status
    description: str
    own: bool
    """Whether this bot made it."""

    rule: NativeRule | None = None
    """How it repeats; None for an event that comes once."""

    exceptions: tuple[SeenException, ...] = ()


@dataclass(frozen=True, slots=True)
class Create:
    """Make the event, unless one of ours is there."""


@dataclass(frozen=True, slots=True)
class Push:
    """Let the event say what the plan says."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Bring the event into another state."""

    status: Status


@dataclass(frozen=True, slots=True)
class Pull:
    """Let the plan say what was changed by hand."""

    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CallOff:
    """Cancel the plan: its event was cancelled or deleted by hand."""


Step = Create | Push | Turn | Pull | CallOff


def shape(plan: Plan) -> Shape:
    """Return what the plan's event should say."""
    return Shape(
        plan.topic,
        int(plan.starts_at),
        int(plan.starts_at) + 60 * plan.minutes,
        plan.channel_id,
        plan.kind,
    )


def wants_event(plan: Plan, now: float) -> bool:
    """Return whether an event should be made for the plan now."""
    near = plan.series_id is None or plan.starts_at <= now + HORIZON_S
    return (
        near
        and plan.event_id is None
        and plan.state is PlanState.SCHEDULED
        and now + SOONEST_S < plan.starts_at
    )


def step(plan: Plan, seen: Seen | None, now: float) -> Step | None:
    """Return what is to be done next, or None where both agree.

    ``seen`` is the plan's event, None where there is none (any more).
    """
    if plan.event_id is None:
        return Create() if wants_event(plan, now) else None
    if seen is None or seen.status is Status.CANCELLED:
        return CallOff() if plan.state is PlanState.SCHEDULED else None
    if seen.status is Status.COMPLETED:
        # Started by hand and over before its time: what is to come needs another.
        return Create() if wants_event(replace(plan, event_id=None), now) else None
    if plan.state is PlanState.SCHEDULED:
        return _words(plan, seen) if seen.status is Status.SCHEDULED else None
    return _turn(plan.state, seen.status)


def _words(plan: Plan, seen: Seen) -> Step | None:
    wanted = shape(plan)
    if seen.shape in (wanted, replace(wanted, ends_at=0)):
        return None
    changes = by_hand(plan, seen.shape)
    return Pull(changes) if changes else Push()


def by_hand(plan: Plan, seen: Shape) -> dict[str, Any]:
    """Return the plan's fields that somebody changed in Discord."""
    if not plan.event_as or seen.kind == "external":
        return {}  # never agreed, or a place where no Space can be
    name, starts, ends, channel, _ = plan.event_as
    changes: dict[str, Any] = {}
    if seen.name != name and seen.name != plan.topic:
        changes["topic"] = seen.name
    if seen.starts_at not in (int(starts), int(plan.starts_at)):
        changes["starts_at"] = float(seen.starts_at)
    minutes = (seen.ends_at - seen.starts_at) // 60
    if seen.ends_at not in (0, int(ends)) and minutes not in (0, plan.minutes):
        changes["minutes"] = minutes
    if seen.channel_id not in (int(channel), plan.channel_id):
        changes |= {"channel_id": seen.channel_id, "kind": seen.kind}
    return changes


def _turn(state: PlanState, status: Status) -> Turn | None:
    if state is PlanState.OPENED:
        return None if status is Status.ACTIVE else Turn(Status.ACTIVE)
    if status is Status.ACTIVE:
        return Turn(Status.COMPLETED)
    # Also where its Space was held: to be completed it would have to start first, which
    # takes the stage away from whoever is on it by now.
    return Turn(Status.CANCELLED)


def mark(plan: Plan) -> str:
    """Return the last line of the event's description, by which it is found."""
    return f"tertulia:{plan.id}"


def ours(plan: Plan, events: Iterable[Seen]) -> Seen | None:
    """Return the plan's event among the guild's: one that a crash left unnoted."""
    return marked(mark(plan), events)


def marked(line: str, events: Iterable[Seen]) -> Seen | None:
    """Return our running event whose description ends with ``line``."""
    for one in events:
        last = one.description.rstrip().rpartition("\n")[2]
        running = one.status in (Status.SCHEDULED, Status.ACTIVE)
        if one.own and running and last == line:
            return one
    return None


def room_left(events: Iterable[Seen]) -> int:
    """Return how many further events the guild can have."""
    running = (Status.SCHEDULED, Status.ACTIVE)
    return max(0, MOST_OPEN - sum(one.status in running for one in events))
