"""What an earlier process heard, said and was answered in a Space that goes on."""

from collections.abc import Sequence
from dataclasses import dataclass

from media.intervals import Intervals
from media.utterance import Utterance
from moderation.effects import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenNudge:
    """One nudge that was given."""

    rule: str
    user_id: int | None
    """Whom it was about."""

    audience: Audience
    at: float
    """Unix seconds."""

    topic: str = ""
    """What the talk was held against, where the rule is ``drift``."""

    lines: Sequence[str] = ()
    """Its evidence."""

    answer: str | None = None
    answered_at: float | None = None
    """Unix seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Everything that a conversation goes on from; instants are Unix seconds."""

    spurts: Sequence[tuple[int, Intervals]] = ()
    """Who talked and what of each spurt counts, in the order in which they ended."""

    lines: Sequence[Utterance] = ()
    nudges: Sequence[GivenNudge] = ()
    """Oldest first."""

    conduct: Sequence[tuple[int, str, float]] = ()
    """Who was found to take up the room, by which rule, and when."""

    resumed_at: float | None = None
    """When the last intermission ended."""

    invited_at: float | None = None
    """When somebody was last brought or asked to the floor."""

    aimed_at: float | None = None
    """When topic or agenda item last became another."""
