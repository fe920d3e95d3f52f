"""Facts about nudges: that one was given, and what was answered.

They are in the journal for the report; the floor does not depend on them.
"""

from dataclasses import dataclass

from moderation.events.event import ByStaff, Event


@dataclass(frozen=True, slots=True)
class NudgeSent(Event):
    """Somebody was nudged."""

    nudge_id: int

    rule: str
    """Which rule found a reason, e.g. ``drift``."""

    user_id: int | None = None
    """Whom it is about; None for the room."""


@dataclass(frozen=True, slots=True)
class NudgeAnswered(ByStaff):
    """Somebody with the right decided about a nudge."""

    nudge_id: int

    answer: str
    """Name of the button pressed."""
