"""The practice room before a planned Space: who may be in it, and when it ends.

Rules:

- It is for the host and the guests who have not declined; nobody else is measured.
- It ends by hand, when none of them has been there for ``practice_empty_s``, and
  ``practice_end_min`` minutes before the planned start at the latest.
- It ends with its plan: opened, called off, moved to another channel. A plan that is
  moved in time moves the end with it.
"""

from collections.abc import Iterable
from enum import Enum

from scheduler.guests.guest import GONE, Guest
from scheduler.plans import Plan, PlanRefused, PlanState, stuck
from scheduler.preflight.settings import PreflightSettings


class End(Enum):
    """Why a practice ended."""

    BY_HAND = "by_hand"
    EMPTY = "empty"
    TIME = "time"
    """The start comes near."""

    PLAN = "plan"
    """The plan is open, called off, or somewhere else."""

    SPACE = "space"
    """A Space opens in the guild and needs the voice connection."""

    FAILED = "failed"
    """The voice connection or the record is lost."""

    RESTART = "restart"
    """The bot stopped or was killed."""


def ends_at(plan: Plan, settings: PreflightSettings) -> float:
    """Return when a practice for the plan ends at the latest (Unix seconds)."""
    return plan.starts_at - 60 * settings.practice_end_min


def require_time(plan: Plan, settings: PreflightSettings, now: float) -> None:
    """Refuse a practice that would end at once. Raises PlanRefused."""
    if plan.state is not PlanState.SCHEDULED:
        raise stuck(plan)
    if now >= ends_at(plan, settings):
        raise PlanRefused(
            "practice.too_late",
            n=round(settings.practice_end_min),
            topic=plan.topic,
            starts_at=plan.starts_at,
        )


def people(plan: Plan, guests: Iterable[Guest]) -> list[int]:
    """Return whom the practice is for, the host first."""
    return [plan.host_id, *(one.user_id for one in guests if one.state not in GONE)]


def why_over(
    plan: Plan | None,
    channel_id: int,
    empty_s: float,
    settings: PreflightSettings,
    now: float,
) -> End | None:
    """Return why a practice in a channel is over now; None: it goes on.

    ``empty_s``: seconds for which none of its people has been there.
    """
    if plan is None or plan.state is not PlanState.SCHEDULED:
        return End.PLAN
    if plan.channel_id != channel_id:
        return End.PLAN
    if now >= ends_at(plan, settings):
        return End.TIME
    return End.EMPTY if empty_s >= settings.practice_empty_s else None
