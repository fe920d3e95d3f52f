"""Auto-start: a plan that opens by itself when its host is there, or waits in sight.

Rules:

- At the start the Space opens if the host is in its channel. Otherwise one post says
  until when the host is waited for, and whoever may open it does so by coming in.
- What becomes of an absent host's Space is the plan's ``absent``: it is called off, a
  co-host who is there takes over when the wait ends, or a co-host opens it at once.
- The first co-host of the plan who is there goes before the others.
- Besides people coming in, the room is looked at once a minute: coming in may have been
  missed, and what stood in the way may be gone.
- The post says how it ended, once, and again only where that changes. A plan that
  was moved has a new start and a new post.
- Misfires, when the bot was off at the end of the wait: for as long again a Space still
  opens for who is there; later it is called off, and the reason says so.
"""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from scheduler.plans import Plan, PlanRefused, PlanState
from scheduler.sends import Send
from scheduler.settings import SchedulerSettings

LOOK_EVERY_S: Final = 60.0
"""Seconds between two looks whether somebody is there."""

LONGEST_WAIT_MIN: Final = 120
"""Minutes that a plan may wait for its host."""

COHOSTS_MOST: Final = 5
"""Co-hosts that a plan may name."""


class Absent(StrEnum):
    """What becomes of the Space of a host who is not there."""

    CANCEL = "cancel"
    """Called off when the wait ends."""

    HAND_OVER = "hand_over"
    """When the wait ends a co-host who is there hosts it, or it is called off."""

    COHOST = "cohost"
    """A co-host who is there opens it at once; without one it is called off."""


NEED_COHOST: Final = (Absent.HAND_OVER, Absent.COHOST)
"""Choices that make no sense without a co-host."""


class AutoKind(StrEnum):
    """What a send of auto-start is for."""

    WAIT = "wait"
    """It is time: open, or post that the host is waited for."""

    LOOK = "look"
    """Not a message: look whether it can open now."""

    GIVE_UP = "give_up"
    """The wait is over: open, hand over or call off."""

    TOLD = "told"
    """An edit: let the post say how it ended."""


@dataclass(frozen=True, slots=True)
class Waited:
    """That a host was waited for, as it is kept."""

    start: str
    """Which start of the plan it was about, as in the key."""

    channel_id: int | None = None
    message_id: int | None = None
    """The post; None where there is none: the Space opened, or it could not be sent."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the record has about a plan's auto-start."""

    waited: tuple[Waited, ...] = ()
    given_up: frozenset[str] = frozenset()
    """Keys of waits whose end was seen to."""


def sends(plan: Plan, kept: Kept, settings: SchedulerSettings) -> list[Send]:
    """Return everything that the plan calls for, done already or not."""
    return [*_turns(plan, kept, settings), *_told(plan, kept)]


def _turns(plan: Plan, kept: Kept, settings: SchedulerSettings) -> list[Send]:
    if not plan.auto_start:
        return []
    wait_s = waits_s(plan, settings)
    end_at = plan.starts_at + wait_s
    give_up = _send(plan, AutoKind.GIVE_UP, "", wait_s)
    if plan.state is PlanState.CANCELLED and give_up.key in kept.given_up:
        return [give_up]  # a crash may have come between the deed and the word
    if plan.state is not PlanState.SCHEDULED:
        return []
    looks = [
        _send(plan, AutoKind.LOOK, f"{n}", n * LOOK_EVERY_S, end_at)
        for n in range(1, math.ceil(wait_s / LOOK_EVERY_S))
    ]
    return [_send(plan, AutoKind.WAIT, "", 0.0, end_at), *looks, give_up]


def _told(plan: Plan, kept: Kept) -> Iterable[Send]:
    for waited in kept.waited:
        how = outcome(plan, waited.start)
        if how and waited.message_id is not None:
            arg = f"{waited.channel_id or 0}/{waited.message_id}"
            told = _send(plan, AutoKind.TOLD, f"{waited.start}/{how}", 0.0, arg=arg)
            # At once, also where the plan has moved: the post is older than its start.
            yield replace(told, due_at=float(waited.start))


def outcome(plan: Plan, start: str) -> str:
    """Return how the wait for a host ended; empty while it goes on.

    ``opened``, ``ended``, ``cancelled``, ``off`` (opens by hand only) or ``moved/`` and
    when to.
    """
    if plan.state is PlanState.CANCELLED:
        return "cancelled"
    if start != start_of(plan):
        return f"moved/{start_of(plan)}"
    if plan.state in (PlanState.OPENED, PlanState.ENDED):
        return str(plan.state.value)
    return "" if plan.auto_start else "off"


def start_of(plan: Plan) -> str:
    """Return the plan's start as it is in keys."""
    return f"{plan.starts_at:.0f}"


def start_in(key: str) -> str:
    """Return which start a send is about."""
    return key.split("/")[1]


def is_waiting(plan: Plan, kept: Kept) -> bool:
    """Say whether somebody who comes in may open the plan.

    From its start on, by the record and not by the clock, which may have stepped back.
    """
    return (
        plan.auto_start
        and plan.state is PlanState.SCHEDULED
        and any(one.start == start_of(plan) for one in kept.waited)
    )


def still_opens(plan: Plan, settings: SchedulerSettings, now: float) -> bool:
    """Say whether it is not too late to open the plan by itself."""
    return now <= plan.starts_at + 2 * waits_s(plan, settings)


def waits_s(plan: Plan, settings: SchedulerSettings) -> float:
    """Return how long the plan waits for its host after its start, seconds."""
    return settings.wait_for_host_s if plan.wait_s is None else plan.wait_s


def opener(plan: Plan, present: Collection[int], *, over: bool) -> int | None:
    """Return who of those present opens the plan; None while nobody may.

    ``over`` says that the wait has ended.
    """
    if plan.host_id in present:
        return plan.host_id
    if over or plan.absent == Absent.COHOST:
        return next((one for one in stand_ins(plan) if one in present), None)
    return None


def stand_ins(plan: Plan) -> tuple[int, ...]:
    """Return who may host it instead, the first first."""
    return plan.cohost_ids if plan.absent in NEED_COHOST else ()


def choose(
    plan: Plan,
    settings: SchedulerSettings,
    auto_start: bool | None,
    cohost_id: int | None,
    absent: str | None,
    wait_min: int | None = None,
) -> dict[str, Any]:
    """Return the plan's fields that change with what its host chose; None: nothing.

    Who says what happens without them, or how long to wait, means that it opens by
    itself.
    """
    changes: dict[str, Any] = {}
    if cohost_id is not None:
        changes["cohost_ids"] = (cohost_id,)
    if wait_min is not None:
        changes["wait_s"] = 60.0 * wait_min
    if auto_start is None and (absent is not None or wait_min is not None):
        auto_start = True
    if auto_start is not None:
        changes["auto_start"] = auto_start
    if changes.get("auto_start", plan.auto_start) and (absent or not plan.absent):
        cohosts = changes.get("cohost_ids", plan.cohost_ids)
        otherwise = settings.absent if cohosts else Absent.CANCEL.value
        changes |= {"auto_start": True, "absent": absent or otherwise}
    return changes


def hosted_by(plan: Plan, user_id: int) -> Plan:
    """Return the plan with another host, who is no co-host of their own."""
    cohosts = tuple(one for one in plan.cohost_ids if one != user_id)
    absent = plan.absent if cohosts else plan.absent and Absent.CANCEL.value
    return replace(plan, host_id=user_id, cohost_ids=cohosts, absent=absent)


def check(plan: Plan) -> Plan:
    """Return the plan if its auto-start makes sense; raise PlanRefused."""
    if plan.host_id in plan.cohost_ids:
        raise PlanRefused("auto.cohost_is_host")
    if len(plan.cohost_ids) > COHOSTS_MOST:
        raise PlanRefused("auto.too_many_cohosts", n=COHOSTS_MOST)
    if plan.auto_start and plan.absent in NEED_COHOST and not plan.cohost_ids:
        raise PlanRefused("auto.no_cohost")
    return plan


def _send(
    plan: Plan,
    kind: AutoKind,
    which: str,
    after_s: float,
    late_until: float = math.inf,
    arg: str = "",
) -> Send:
    return Send(
        key=f"{plan.id}/{start_of(plan)}/{kind}/{which}",
        plan_id=plan.id,
        kind=kind,
        due_at=plan.starts_at + after_s,
        starts_at=plan.starts_at,
        late_until=late_until,
        about="look" if kind is AutoKind.LOOK else "",
        arg=arg,
    )
