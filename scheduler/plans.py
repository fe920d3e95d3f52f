"""A plan: a Space that is going to be, and what may happen to it.

Rules:

- A plan is in one state; what may follow what is ``MOVES``. Nothing leads out of
  ``ENDED``, ``CANCELLED`` and ``MISSED``.
- A plan starts in the future and at most ``days_ahead`` days ahead.
- Two plans of one channel, or of one host, may not overlap: the other one is named.
- Every change makes a new value; the same plan with a new start has new reminders.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from scheduler.errors import SchedulerError
from scheduler.settings import SchedulerSettings

Param = str | int | float

LONGEST_MIN: Final = 24 * 60
"""Minutes that a plan may last."""

TOPIC_LENGTH: Final = 100
"""Characters of a topic: the name of Discord's scheduled event holds no more."""

NEWS_S: Final = 86400.0
"""Seconds after its start in which it is news that a plan did not take place."""


class PlanState(Enum):
    """How far a plan is."""

    SCHEDULED = "scheduled"
    OPENED = "opened"
    ENDED = "ended"
    CANCELLED = "cancelled"
    MISSED = "missed"


MOVES: Final = {
    PlanState.SCHEDULED: {PlanState.OPENED, PlanState.CANCELLED, PlanState.MISSED},
    # Back to scheduled where the process died before the Space had begun.
    PlanState.OPENED: {PlanState.ENDED, PlanState.SCHEDULED},
    PlanState.ENDED: set[PlanState](),
    PlanState.CANCELLED: set[PlanState](),
    PlanState.MISSED: set[PlanState](),
}
"""What may follow what."""


class PlanRefused(SchedulerError):  # noqa: N818 - reads as what happened, like Refused
    """A plan cannot be made or changed like that; ``key`` is the text to show."""

    def __init__(self, key: str, **params: Param) -> None:
        super().__init__(key, params)
        self.key = key
        self.params = params


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A Space that is going to be."""

    id: int = 0
    """0 until it is kept."""

    guild_id: int
    channel_id: int
    """The stage or voice channel."""

    host_id: int
    topic: str
    starts_at: float
    """Unix seconds."""

    minutes: int
    """Planned length."""

    kind: str = "stage"
    """``stage`` or ``voice``."""

    format: str = "open_talk"
    """Which set of defaults and rules its Space starts from."""

    state: PlanState = PlanState.SCHEDULED
    language: str = "en"
    zone: str = "UTC"
    """IANA time zone in which the host thinks of it."""

    agenda: tuple[str, ...] = ()
    post_channel_id: int | None = None
    """Text channel or thread where reminders are posted."""

    auto_start: bool = False
    """Open by itself when the host is present at the start."""

    absent: str = ""
    """What happens without the host (``scheduler.autostart.Absent``); empty for a
    plan that never opened by itself."""

    wait_s: float | None = None
    """How long its host is waited for where it opens by itself; None: as long as the
    organiser of the bot chose."""

    cohost_ids: tuple[int, ...] = ()
    """Who is co-host of the Space, and may stand in for the host, in that order."""

    reason: str = ""
    """Why it was cancelled."""

    sequence: int = 0
    """How often it was changed; calendars ask for it (RFC 5545 3.8.7.4)."""

    series_id: int | None = None
    occurrence: str = ""
    """Local date (ISO) of the occurrence of the series that this is."""

    event_id: int | None = None
    """Discord's scheduled event."""

    event_as: tuple[str, ...] = ()
    """What plan and event last agreed on; empty where they never have."""

    unasked: bool = False
    """Called off by nobody's command, so that its host has to hear of it."""

    offsets_min: tuple[float, ...] = (60.0, 10.0)
    """Minutes before the start at which those who asked are reminded."""

    @property
    def ends_at(self) -> float:
        """Planned end, Unix seconds."""
        return self.starts_at + 60 * self.minutes

    def overlaps(self, other: "Plan") -> bool:
        """Return whether both last at the same time for a moment."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def check(
    plan: Plan, others: Iterable[Plan], settings: SchedulerSettings, now: float
) -> Plan:
    """Return ``plan`` if it may be scheduled beside ``others``; raise PlanRefused.

    ``others`` are the guild's scheduled and open plans; the plan itself may be in it.
    """
    if not plan.topic.strip():
        raise PlanRefused("plan.no_topic")
    if len(plan.topic) > TOPIC_LENGTH:
        raise PlanRefused("plan.long_topic", n=TOPIC_LENGTH)
    if not 1 <= plan.minutes <= LONGEST_MIN:
        raise PlanRefused("plan.length", n=LONGEST_MIN)
    if plan.starts_at <= now:
        raise PlanRefused("plan.past", starts_at=plan.starts_at)
    if plan.starts_at > now + 86400 * settings.days_ahead:
        raise PlanRefused("plan.too_far", n=settings.days_ahead)
    for other in conflicts(plan, others):
        raise clash(plan, other)
    return plan


def clash(plan: Plan, other: Plan) -> PlanRefused:
    """Return what one of ``conflicts`` says against the plan."""
    key = "channel" if other.channel_id == plan.channel_id else "host"
    return PlanRefused(
        f"plan.conflict.{key}",
        plan_id=other.id,
        host_id=other.host_id,
        topic=other.topic,
        starts_at=other.starts_at,
    )


def conflicts(plan: Plan, others: Iterable[Plan]) -> list[Plan]:
    """Return who has the same channel or host at the same time, the earliest first."""
    found = [
        other
        for other in others
        if other.id != plan.id
        and other.guild_id == plan.guild_id
        and other.state in (PlanState.SCHEDULED, PlanState.OPENED)
        and (other.channel_id == plan.channel_id or other.host_id == plan.host_id)
        and plan.overlaps(other)
    ]
    return sorted(found, key=lambda other: (other.starts_at, other.id))


def change(plan: Plan, **changes: Any) -> Plan:
    """Return the plan with other fields; ``check`` it before it is kept.

    What it says already is no change, so that nobody is told of one.
    Raises PlanRefused where it is too late to change anything.
    """
    if plan.state is not PlanState.SCHEDULED:
        raise stuck(plan)
    changed = replace(plan, **changes)
    return plan if changed == plan else replace(changed, sequence=plan.sequence + 1)


def move(plan: Plan, starts_at: float, minutes: int | None = None) -> Plan:
    """Return the plan at another time; ``check`` it before it is kept."""
    return change(plan, starts_at=starts_at, minutes=minutes or plan.minutes)


def cancel(plan: Plan, reason: str) -> Plan:
    """Return the plan called off. Raises PlanRefused."""
    over = turn(plan, PlanState.CANCELLED)
    return replace(over, reason=reason, sequence=plan.sequence + 1)


def turn(plan: Plan, state: PlanState) -> Plan:
    """Return the plan in its next state. Raises PlanRefused where none leads there."""
    if state not in MOVES[plan.state]:
        raise stuck(plan)
    return replace(plan, state=state)


def clone(plan: Plan, starts_at: float) -> Plan:
    """Return a new plan like this one, at another time and on its own."""
    return replace(
        plan,
        id=0,
        state=PlanState.SCHEDULED,
        starts_at=starts_at,
        reason="",
        sequence=0,
        series_id=None,
        occurrence="",
        event_id=None,
        event_as=(),
        unasked=False,
    )


def is_news(plan: Plan, now: float) -> bool:
    """Say whether a channel is still told that nothing came of the plan.

    A bot that was off for a week has seven evenings to give up and one channel: who
    was there knows, and the cards say it.
    """
    return now <= plan.starts_at + NEWS_S


def stuck(plan: Plan) -> PlanRefused:
    """Return why nothing can be done with the plan any more."""
    return PlanRefused(
        "plan.state", topic=plan.topic, state_key=f"plan.state.{plan.state.value}"
    )
