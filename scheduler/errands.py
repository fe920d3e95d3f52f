"""Errands: one post, edit, private message or webhook call about a plan.

Rules:

- An errand has a key made of what it is, for which start, and whom it goes to. The
  same errand always has the same key, which is claimed once for ever.
- What is late still goes out until ``until``, because every text says how things
  stand; after it the errand is dropped.
- Of several of one ``chain`` that are due together, only the newest goes out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Final

AT_ONCE: Final = 0.0
"""When an errand is due that waits for nothing."""


class ErrandKind(Enum):
    """What is done."""

    ANNOUNCE = "announce"
    """A new message in a channel."""

    EDIT = "edit"
    """A message that is there says how things stand now."""

    GUEST = "guest"
    """To one guest, in private or in a thread."""

    HOST = "host"
    """To the host, in private."""

    HOOK = "hook"
    """A signed call of an outside tool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One thing that a plan calls for."""

    key: str
    plan_id: int
    kind: ErrandKind
    step: str
    """Which of the kind: ``t-1440``, ``live``, ``invite``…"""

    target: int
    """The channel, member or webhook that it goes to."""

    due_at: float
    """Unix seconds."""

    starts_at: float
    """The start that it is about, Unix seconds."""

    until: float | None = None
    """When it is too late, Unix seconds; None for never."""

    chain: str = ""
    """Which errands it stands in a row with; empty for none."""

    message_id: int | None = None
    """The message to edit."""

    role_id: int | None = None
    """The role that may be pinged."""

    about_id: int | None = None
    """The member that it speaks of, where that is not the target."""


def is_late(errand: Errand, now: float) -> bool:
    """Return whether it is too late for the errand."""
    return errand.until is not None and now >= errand.until


def superseded(due: Collection[Errand]) -> set[str]:
    """Return the keys of those in ``due`` that a newer one of their chain replaces."""
    newest: dict[str, tuple[float, str]] = {}
    for errand in due:
        place = (errand.due_at, errand.key)
        newest[errand.chain] = max(newest.get(errand.chain, place), place)
    return {
        errand.key
        for errand in due
        if errand.chain and newest[errand.chain] != (errand.due_at, errand.key)
    }


@dataclass(frozen=True, slots=True)
class Patience:
    """When to try again."""

    first_s: float = 30.0
    longest_s: float = 3600.0
    attempts: int | None = None
    """Attempts in all; None for as long as it makes sense."""

    def wait_s(self, attempts: int) -> float:
        """Return how long to wait after so many attempts."""
        return float(min(self.first_s * 2 ** min(attempts - 1, 20), self.longest_s))
