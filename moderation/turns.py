"""The clock of one turn: warnings at 30 s and 10 s, the end, more time.

Rule: a clock only says when something is due. What follows from it (the host is told,
or the turn ends) is the Space's business.
"""

from dataclasses import dataclass, replace

WARNINGS_S = (30.0, 10.0)
"""Seconds left at which a speaker is warned."""


@dataclass(frozen=True, slots=True)
class TurnClock:
    """The time of a running turn. All times are Unix seconds."""

    ends_at: float
    warned_s: float = float("inf")
    """The last warning given, in seconds left."""

    over: bool = False
    """The time is up and it was said."""

    @classmethod
    def start(cls, now: float, seconds: float) -> "TurnClock":
        """Start a turn of ``seconds``; warnings longer than it are not given."""
        return cls(now + seconds)._armed(now)

    def extended(self, now: float, seconds: float) -> "TurnClock":
        """Give more time: from now if the time is up, else from its end."""
        return replace(self, ends_at=max(self.ends_at, now) + seconds)._armed(now)

    def shifted(self, seconds: float) -> "TurnClock":
        """Stand still for ``seconds``."""
        return replace(self, ends_at=self.ends_at + seconds)

    def due(self) -> tuple[float, float] | None:
        """Return when the next thing happens, and the seconds left then; 0 = the end.

        None once the end was said.
        """
        if self.over:
            return None
        for left in WARNINGS_S:
            if left < self.warned_s:
                return self.ends_at - left, left
        return self.ends_at, 0.0

    def told(self, left_s: float) -> "TurnClock":
        """Note that the warning of ``left_s``, or the end (0), was given."""
        if left_s <= 0:
            return replace(self, over=True)
        return replace(self, warned_s=min(self.warned_s, left_s))

    def _armed(self, now: float) -> "TurnClock":
        """Arm the warnings still ahead."""
        past = [left for left in WARNINGS_S if self.ends_at - left <= now]
        warned = min(past, default=float("inf"))
        return replace(self, warned_s=warned, over=False)
