"""Reminders: which messages a plan calls for, when, and what becomes of late ones.

Rules:

- A message has a key made of plan, start, kind and whom it goes to. The same message
  always has the same key; a plan that is moved has other messages.
- Misfires, when the bot was off or held up at the time:
  up to ``late_s`` late counts as on time; before the start any reminder goes out and
  says how long is left; after the start it says how long ago, for ``after_start_s``;
  later it is dropped. Of several that one person missed, only the last goes out.
- A plan that is cancelled, open already or over reminds nobody.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final, assert_never

from scheduler.plans import Plan, PlanState
from scheduler.settings import SchedulerSettings

MENTIONS: Final = 80
"""Members named in one message: 2,000 characters hold no more."""


class Place(Enum):
    """Where a member wants to be reminded."""

    THREAD = "thread"
    DM = "dm"


class Kind(Enum):
    """What a message is for."""

    MEMBERS = "members"
    """In the plan's channel, naming those who asked."""

    DIRECT = "direct"
    """To one member who asked for it in private."""

    HOST = "host"
    """To the host: it is soon, or now."""

    START = "start"
    """Not a message: it is time to open, or to ask the host to."""

    MISSED = "missed"
    """Not a message: nobody came to open it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A member wants to be reminded."""

    user_id: int
    offset_s: float
    """Seconds before the start."""

    place: Place = Place.THREAD
    asked_at: float = 0.0
    """Unix seconds; what was due before is not sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One message that a plan calls for."""

    key: str
    plan_id: int
    kind: Kind
    due_at: float
    """Unix seconds."""

    starts_at: float
    """When the Space starts, Unix seconds."""

    user_ids: tuple[int, ...] = ()
    """Whom it names or goes to."""


class Timing(Enum):
    """How a message stands to its time."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    """Goes out and says how things stand now."""

    DROPPED = "dropped"


def sends(
    plan: Plan, wishes: Iterable[Wish], settings: SchedulerSettings
) -> list[Send]:
    """Return every message that the plan calls for, in the order they are due."""
    if plan.state is not PlanState.SCHEDULED:
        return []
    wait_until = plan.starts_at + settings.wait_for_host_s
    found = [
        _send(plan, Kind.START, plan.starts_at, ""),
        _send(plan, Kind.MISSED, wait_until, ""),
    ]
    for minutes in settings.host_offsets_min:
        at = plan.starts_at - 60 * minutes
        found.append(_send(plan, Kind.HOST, at, f"{minutes:g}", (plan.host_id,)))
    found.extend(_to_members(plan, wishes))
    return sorted(found, key=lambda send: (send.due_at, send.key))


def timing(send: Send, settings: SchedulerSettings, now: float) -> Timing:
    """Return what the misfire policy says about ``send`` at ``now``."""
    if now < send.due_at:
        return Timing.EARLY
    if now - send.due_at <= settings.late_s:
        return Timing.ON_TIME
    match send.kind:
        case Kind.START:
            allowed = settings.wait_for_host_s
        case Kind.MISSED:
            return Timing.LATE
        case Kind.MEMBERS | Kind.DIRECT | Kind.HOST:
            allowed = settings.after_start_s
        case never:
            assert_never(never)
    return Timing.LATE if now - send.starts_at <= allowed else Timing.DROPPED


def superseded(due: Collection[Send]) -> set[str]:
    """Return the keys of those in ``due`` all of whose readers get a later one too."""
    newest: dict[tuple[int, Kind, int], float] = {}
    for send in due:
        for about in _readers(send):
            newest[about] = max(newest.get(about, send.due_at), send.due_at)
    return {
        send.key
        for send in due
        if send.user_ids
        and all(newest[about] > send.due_at for about in _readers(send))
    }


def _readers(send: Send) -> list[tuple[int, Kind, int]]:
    """Return for whom ``send`` is about the same thing as another, private or not."""
    kind = Kind.MEMBERS if send.kind is Kind.DIRECT else send.kind
    return [(send.plan_id, kind, user_id) for user_id in send.user_ids]


def _to_members(plan: Plan, wishes: Iterable[Wish]) -> list[Send]:
    in_thread: dict[float, list[int]] = {}
    found = []
    for wish in wishes:
        if plan.starts_at - wish.offset_s <= wish.asked_at:
            continue
        if wish.place is Place.THREAD and plan.post_channel_id is not None:
            in_thread.setdefault(wish.offset_s, []).append(wish.user_id)
            continue
        at = plan.starts_at - wish.offset_s
        whom = f"{wish.offset_s:g}/{wish.user_id}"
        found.append(_send(plan, Kind.DIRECT, at, whom, (wish.user_id,)))
    for offset_s, user_ids in in_thread.items():
        at = plan.starts_at - offset_s
        for first in range(0, len(user_ids), MENTIONS):
            part = tuple(user_ids[first : first + MENTIONS])
            whom = f"{offset_s:g}/{first // MENTIONS}"
            found.append(_send(plan, Kind.MEMBERS, at, whom, part))
    return found


def _send(
    plan: Plan, kind: Kind, due_at: float, whom: str, user_ids: tuple[int, ...] = ()
) -> Send:
    return Send(
        key=f"{plan.id}/{plan.starts_at:.0f}/{kind.value}/{whom}",
        plan_id=plan.id,
        kind=kind,
        due_at=due_at,
        starts_at=plan.starts_at,
        user_ids=user_ids,
    )
