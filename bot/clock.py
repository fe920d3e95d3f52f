"""The one clock of the process.

Rules take ``now`` as an argument; the edge asks this clock for it. It is anchored
to the wall once, at start, and then runs on the monotonic clock: a step of the
system time (NTP, suspend) cannot make a turn end early or a track run backwards.
"""

import time
from typing import Protocol


class Clock(Protocol):
    """Where an edge gets ``now`` from."""

    def now(self) -> float:
        """Return seconds since the Unix epoch."""


class SteadyClock:
    """Wall time that never steps."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        """Return seconds since the Unix epoch, as the wall said at start."""
        return self._offset + time.monotonic()


class WallClock:
    """The wall itself, steps and all: for what has a date, such as a reminder."""

    def now(self) -> float:
        """Return seconds since the Unix epoch."""
        return time.time()


class ManualClock:
    """A clock that moves only when told to, for simulations and tests."""

    def __init__(self, now: float) -> None:
        self._now = now

    def now(self) -> float:
        """Return seconds since the Unix epoch."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move ``seconds`` forward."""
        self._now += seconds
