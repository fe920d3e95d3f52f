"""The degradation plan: what gives way when recognition is too slow.

Rule 1: the order is full → smaller model → final only; talk time only is not slow
but broken, and the transcriber says so itself.
Rule 2: a step down needs the lag for some seconds; a step up needs a minute of calm,
so that the host does not see it flicker.
Rule 3: a smaller model that fails twice in a row is skipped from then on; lines go
back to the model that worked.
Rule 4: pure; ``now`` is an argument in seconds of any steady clock.
"""

from media.whisper.status import Mode

SLOW_FOR_S = 5.0
CALM_FOR_S = 60.0
CALM_LAG_S = 2.0
FAILS = 2
"""Calls that the smaller model fails in a row before it is out of the plan."""


class Degradation:
    """Decides the mode from the lag."""

    def __init__(
        self, *, slow_lag_s: float, hopeless_lag_s: float, smaller: bool
    ) -> None:
        self._slow_lag_s = slow_lag_s
        self._hopeless_lag_s = hopeless_lag_s
        self._smaller = smaller
        self._fails = 0
        self._slow_since: float | None = None
        self._calm_since: float | None = None
        self.mode = Mode.FULL

    def observe(self, lag_s: float, now: float) -> Mode:
        """Take in the present lag and return the mode that follows."""
        self._slow_since = _since(self._slow_since, lag_s >= self._limit(), now)
        self._calm_since = _since(self._calm_since, lag_s <= CALM_LAG_S, now)
        if self._slow_since is not None and now - self._slow_since >= SLOW_FOR_S:
            self._move(self._worse())
        elif self._calm_since is not None and now - self._calm_since >= CALM_FOR_S:
            self._move(self._better())
        return self.mode

    def smaller_worked(self) -> None:
        """Take in that the smaller model answered."""
        self._fails = 0

    def smaller_failed(self) -> bool:
        """Take in that the smaller model did not; say whether that rules it out."""
        self._fails += 1
        if not self._smaller or self._fails < FAILS:
            return False
        self._smaller = False
        if self.mode is Mode.SMALLER:
            self._move(Mode.FULL)
        return True

    def _limit(self) -> float:
        gives_way = self.mode is Mode.FULL and self._smaller
        return self._slow_lag_s if gives_way else self._hopeless_lag_s

    def _worse(self) -> Mode:
        if self.mode is Mode.FULL and self._smaller:
            return Mode.SMALLER
        return Mode.FINAL_ONLY

    def _better(self) -> Mode:
        if self.mode is Mode.FINAL_ONLY and self._smaller:
            return Mode.SMALLER
        return Mode.FULL

    def _move(self, mode: Mode) -> None:
        if mode is not self.mode:
            self._slow_since = self._calm_since = None
        self.mode = mode


def _since(since: float | None, holds: bool, now: float) -> float | None:
    if not holds:
        return None
    return now if since is None else since
