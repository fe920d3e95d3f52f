"""What was done to keep order, and what of it still stands: the words.

The book that holds them is ``moderation.cases``.
"""

from dataclasses import dataclass
from enum import Enum


class Action(Enum):
    """What was done about a member."""

    WARN = "warn"
    MUTE = "mute"
    UNMUTE = "unmute"
    REMOVE = "remove"
    BAN = "ban"
    UNBAN = "unban"
    NOTE = "note"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Sanction:
    """Something that stands against a member."""

    user_id: int

    action: Action
    """MUTE, REMOVE or BAN."""

    until: float | None = None
    """Unix seconds; None for a mute or removal until the Space ends, a ban for ever."""
