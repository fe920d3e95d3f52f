"""One thing that a plan calls for at a time, of whatever kind: a reminder, a post.

Rules:

- A send has a key, the same for the same thing for ever. It is claimed once.
- The misfire policy is in the send itself: up to ``late_s`` late counts as on time,
  until ``late_until`` it still goes out and says how things stand, later it is dropped.
- Of several that one reader missed ``about`` the same, only the last goes out.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One message, or one deed, that a plan calls for."""

    key: str
    plan_id: int
    kind: str
    """Chooses who brings it; each kind belongs to one source."""

    due_at: float
    """Unix seconds."""

    starts_at: float
    """When the Space starts, Unix seconds."""

    late_until: float = math.inf
    """Until when it still goes out, Unix seconds."""

    user_ids: tuple[int, ...] = ()
    """Whom it names or goes to."""

    about: str = ""
    """What a later one makes needless; empty: it is never needless."""

    arg: str = ""
    """Whatever its source needs to know again, such as the id of a post."""


class Timing(Enum):
    """How a send stands to its time."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    """Goes out and says how things stand now."""

    DROPPED = "dropped"


def timing(send: Send, late_s: float, now: float) -> Timing:
    """Return what the misfire policy says about ``send`` at ``now``."""
    if now < send.due_at:
        return Timing.EARLY
    if now - send.due_at <= late_s:
        return Timing.ON_TIME
    return Timing.LATE if now <= send.late_until else Timing.DROPPED


def superseded(due: Collection[Send]) -> set[str]:
    """Return the keys of those in ``due`` all of whose readers get a later one too."""
    newest: dict[tuple[int, str, int], float] = {}
    for send in due:
        for about in _readers(send):
            newest[about] = max(newest.get(about, send.due_at), send.due_at)
    return {
        send.key
        for send in due
        if send.about and all(newest[r] > send.due_at for r in _readers(send))
    }


def _readers(send: Send) -> list[tuple[int, str, int]]:
    """Return for whom ``send`` is about the same thing as another, private or not."""
    if not send.about:
        return []
    return [(send.plan_id, send.about, user) for user in send.user_ids or (0,)]
