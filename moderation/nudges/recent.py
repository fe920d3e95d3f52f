"""Who has talked lately, and whether one person holds the floor alone.

Fed with talk spurts as they end, in seconds of the Space. A monologue goes on through
its speaker's own pauses and through short sounds of others (*mhm*): only real words
from somebody else, or a long pause, end it.
"""

from collections import deque
from typing import Final

from moderation.nudges.facts import Monologue

OWN_PAUSE_S: Final = 8.0
"""A pause of its speaker that ends a monologue."""

REAL_WORDS_S: Final = 2.0
"""Talk of another person, within one spurt, that ends a monologue."""


class RecentTalk:
    """A sliding window over the Space's talk spurts."""

    def __init__(self, window_s: float) -> None:
        self._window = window_s
        self._spurts: deque[tuple[float, float, int]] = deque()
        self._last: dict[int, float] = {}
        self._run: tuple[int, float, float] | None = None
        """Whose monologue, from when, heard until when."""

    def hear(self, user_id: int, start: float, end: float) -> None:
        """Take in one talk spurt that has ended."""
        self._spurts.append((end, start, user_id))
        self._last[user_id] = max(end, self._last.get(user_id, end))
        if self._run is None or start - self._run[2] > OWN_PAUSE_S:
            self._run = (user_id, start, end)
        elif user_id == self._run[0]:
            self._run = (user_id, self._run[1], max(end, self._run[2]))
        elif end - start >= REAL_WORDS_S:
            self._run = (user_id, start, end)

    def seconds(self, at: float) -> dict[int, float]:
        """Return each speaker's seconds within the window that ends at ``at``."""
        since = at - self._window
        while self._spurts and self._spurts[0][0] <= since:
            self._spurts.popleft()
        total: dict[int, float] = {}
        for end, start, user_id in self._spurts:
            talk = max(0.0, min(end, at) - max(start, since))
            total[user_id] = total.get(user_id, 0.0) + talk
        return total

    def monologue(self, at: float) -> Monologue | None:
        """Return who holds the floor alone at ``at``, if anybody does."""
        if self._run is None:
            return None
        user_id, start, end = self._run
        if at - end > OWN_PAUSE_S:
            return None
        return Monologue(user_id, end - start)

    def last_heard(self) -> dict[int, float]:
        """Return when each speaker was last heard, in seconds of the Space."""
        return dict(self._last)
