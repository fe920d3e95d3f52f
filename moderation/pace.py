"""How fast a room is tidied up, so that what is urgent never waits for Discord.

Discord lets a bot change about ten members in ten seconds per guild (measured; not
documented) and makes the next call wait. A room that fills with a hundred silent
listeners would use that up, and whoever speaks without the floor would be heard until
the window ends. So calls that can wait leave a few of each window free.
"""

from collections import deque
from dataclasses import dataclass, field

WINDOW_S = 10.0
"""Seconds of Discord's window."""

PER_WINDOW = 10
"""Changes of members that Discord takes in one window."""

KEPT = 3
"""Of those, how many are kept for what is urgent."""


@dataclass(slots=True)
class Pace:
    """The calls of the last window."""

    _made: deque[float] = field(default_factory=deque)

    def made(self, now: float) -> None:
        """Note a call of whatever urgency, at ``now`` (seconds)."""
        self._made.append(now)

    def free_at(self, now: float) -> float:
        """Return when a call that can wait may be made: ``now``, or later."""
        while self._made and self._made[0] + WINDOW_S <= now:
            self._made.popleft()
        if len(self._made) < PER_WINDOW - KEPT:
            return now
        return self._made[KEPT - PER_WINDOW] + WINDOW_S
