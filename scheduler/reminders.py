"""Reminders: which messages a plan calls for, when, and what becomes of late ones.

Rules:

- A message has a key made of plan, start, kind and whom it goes to. The same message
  always has the same key; a plan that is moved has other messages.
- Misfires, when the bot was off or held up at the time: before the start any reminder
  goes out and says how long is left; after the start it says how long ago, for
  ``after_start_s``; later it is dropped. Of several that one person missed, only the
  last goes out.
- A plan that is cancelled, open already or over reminds nobody.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final

from scheduler.plans import Plan, PlanState
from scheduler.sends import Send
from scheduler.settings import SchedulerSettings

MENTIONS: Final = 70
"""Members named in one message: 2,000 characters hold no more beside a topic of 100,
each of which may need an escape."""


class Place(Enum):
    """Where a member wants to be reminded."""

    THREAD = "thread"
    DM = "dm"


class Kind(StrEnum):
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


def sends(
    plan: Plan, wishes: Iterable[Wish], settings: SchedulerSettings
) -> list[Send]:
    """Return every reminder that the plan calls for."""
    if plan.state is not PlanState.SCHEDULED:
        return []
    late_until = plan.starts_at + settings.after_start_s
    found = [
        _send(plan, Kind.HOST, 60 * minutes, f"{minutes:g}", late_until, plan.host_id)
        for minutes in settings.host_offsets_min
    ]
    found.extend(_to_members(plan, wishes, late_until))
    return found


def turns(plan: Plan, settings: SchedulerSettings) -> list[Send]:
    """Return when the plan is to open and when it is given up.

    A plan that was given up still calls for the word about it, in case a crash came
    between the two. What opens by itself has turns of its own (``autostart``).
    """
    if plan.auto_start:
        return []
    wait_s = settings.wait_for_host_s
    found = []
    if plan.state is PlanState.SCHEDULED:
        found.append(_send(plan, Kind.START, 0.0, "", plan.starts_at + wait_s))
    if plan.state in (PlanState.SCHEDULED, PlanState.MISSED):
        found.append(_send(plan, Kind.MISSED, -wait_s, "", math.inf))
    return found


def _to_members(plan: Plan, wishes: Iterable[Wish], late_until: float) -> list[Send]:
    in_thread: dict[float, list[int]] = {}
    found = []
    for wish in wishes:
        offset_s = wish.offset_s
        if plan.starts_at - offset_s <= wish.asked_at:
            continue
        if wish.place is Place.THREAD and plan.post_channel_id is not None:
            in_thread.setdefault(offset_s, []).append(wish.user_id)
            continue
        whom = f"{offset_s:g}/{wish.user_id}"
        found.append(_send(plan, Kind.DIRECT, offset_s, whom, late_until, wish.user_id))
    for offset_s, user_ids in in_thread.items():
        for first in range(0, len(user_ids), MENTIONS):
            whom = f"{offset_s:g}/{first // MENTIONS}"
            part = user_ids[first : first + MENTIONS]
            found.append(_send(plan, Kind.MEMBERS, offset_s, whom, late_until, *part))
    return found


_ABOUT: Final = {Kind.MEMBERS: "start", Kind.DIRECT: "start", Kind.HOST: "host"}
"""A private reminder and one in the channel are about the same thing."""


def _send(
    plan: Plan,
    kind: Kind,
    offset_s: float,
    whom: str,
    late_until: float,
    *user_ids: int,
) -> Send:
    return Send(
        key=f"{plan.id}/{plan.starts_at:.0f}/{kind}/{whom}",
        plan_id=plan.id,
        kind=kind,
        due_at=plan.starts_at - offset_s,
        starts_at=plan.starts_at,
        late_until=late_until,
        user_ids=user_ids,
        about=_ABOUT.get(kind, ""),
    )
