"""Who has talked lately, and whether one person holds the floor alone.

Fed with the talk of spurts as they end, in seconds of the Space, so that shares are
those of the talk time. A monologue goes on through its speaker's own pauses and through
short sounds of others (*mhm*): only real words from somebody else, or a long pause, end
it.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final

from media.intervals import Interval, seconds
from moderation.nudges.facts import Monologue

OWN_PAUSE_S: Final = 8.0
"""A pause of its speaker that ends a monologue."""

REAL_WORDS_S: Final = 2.0
"""Talk of another person, within one spurt, that ends a monologue."""


class RecentTalk:
    """A sliding window over the Space's talk."""

    def __init__(self, window_s: float) -> None:
        self._window = window_s
        self._talk: deque[tuple[float, float, int]] = deque()
        self._last: dict[int, float] = {}
        self._run: tuple[int, float, float] | None = None
        """Whose monologue, from when, heard until when."""

    def hear(self, user_id: int, talk: Sequence[Interval]) -> None:
        """Take in the talk of one spurt that has ended, in order; it may be none."""
        if not talk:
            return
        start, end = talk[0][0], talk[-1][1]
        self._talk.extend((until, since, user_id) for since, until in talk)
        self._last[user_id] = max(end, self._last.get(user_id, end))
        if self._run is None or start - self._run[2] > OWN_PAUSE_S:
            self._run = (user_id, start, end)
        elif user_id == self._run[0]:
            self._run = (user_id, self._run[1], max(end, self._run[2]))
        elif seconds(talk) >= REAL_WORDS_S:
            self._run = (user_id, start, end)

    def seconds(self, at: float) -> dict[int, float]:
        """Return each speaker's seconds within the window that ends at ``at``."""
        since = at - self._window
        while self._talk and self._talk[0][0] <= since:
            self._talk.popleft()
        total: dict[int, float] = {}
        for end, start, user_id in self._talk:
            talk = min(end, at) - max(start, since)
            if talk > 0.0:
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
