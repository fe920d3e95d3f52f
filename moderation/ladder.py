"""The ladder: what is done about somebody who goes on, one rung at a time.

Rule 1: nobody skips a rung, and nobody climbs faster than ``gap_s``.
Rule 2: after ``calm_s`` without a reason a member starts at the bottom again.
Rule 3: the room is not disturbed more than ``per_hour`` times.
Rule 4: rungs that take the floor away are only there if the host chose them.
"""

from dataclasses import dataclass, field
from enum import Enum


class Rung(Enum):
    """What is done, mildest first."""

    PRIVATE = "private"
    """A word in private."""
    HOST = "host"
    """The host is told."""
    TONE = "tone"
    """A soft tone in the room."""
    PUBLIC = "public"
    """One line to the room."""
    END_TURN = "end_turn"
    """The turn ends; the member waits at the end of the queue."""
    AUDIENCE = "audience"
    """Back to the audience, without a place in the queue."""


@dataclass(frozen=True, slots=True)
class LadderSettings:
    """Which rungs there are and how fast they are climbed."""

    rungs: tuple[Rung, ...] = (Rung.PRIVATE, Rung.HOST, Rung.TONE, Rung.PUBLIC)
    """In the order in which they are climbed."""

    gap_s: float = 60.0
    """Least seconds between two rungs of one member."""

    calm_s: float = 600.0
    """Seconds without a reason after which a member is at the bottom again."""

    per_hour: int = 12
    """Rungs climbed in one Space within an hour at most, all members together."""


@dataclass(slots=True)
class Ladder:
    """How far everybody has climbed."""

    settings: LadderSettings = field(default_factory=LadderSettings)
    _places: dict[int, tuple[int, float]] = field(default_factory=dict)
    """By user: rungs climbed, and Unix seconds of the last."""

    _recent: list[float] = field(default_factory=list)

    def reports_next(self, user_id: int, now: float) -> bool:
        """Say whether a member's next rung, if there is one now, is the host's."""
        return self._next(user_id, now) is Rung.HOST

    def climb(self, user_id: int, now: float) -> Rung | None:
        """Return the next rung for a member and note it; None if it is too soon."""
        rung = self._next(user_id, now)
        self._recent = [at for at in self._recent if now - at < 3600.0]
        if rung is None or len(self._recent) >= self.settings.per_hour:
            return None
        self._places[user_id] = (self._climbed(user_id, now) + 1, now)
        self._recent.append(now)
        return rung

    def _next(self, user_id: int, now: float) -> Rung | None:
        rungs = self.settings.rungs
        _, last = self._places.get(user_id, (0, float("-inf")))
        if not rungs or now - last < self.settings.gap_s:
            return None
        return rungs[min(self._climbed(user_id, now), len(rungs) - 1)]

    def _climbed(self, user_id: int, now: float) -> int:
        climbed, last = self._places.get(user_id, (0, float("-inf")))
        return 0 if now - last >= self.settings.calm_s else climbed
