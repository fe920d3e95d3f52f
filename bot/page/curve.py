"""How many listened when: a curve for the page. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from media.intervals import Intervals

STEPS = 300
"""Steps of the curve at most: more would be narrower than a pixel."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Listeners over a Space."""

    steps: Sequence[int]
    """The most who listened at once, for equal lengths of time."""

    step_s: float
    """That length, seconds."""

    peak: int
    peak_at: float
    """When it was reached first, seconds of the Space."""

    @property
    def bars(self) -> list[tuple[float, float, int]]:
        """Return (start, length, how many), neighbours of one height put together."""
        found, start = [], 0
        for many, run in groupby(self.steps):
            width = len(list(run))
            if many:
                found.append((start * self.step_s, width * self.step_s, many))
            start += width
        return found


def curve(listening: Iterable[Intervals], until: float) -> Curve | None:
    """Count who listened from 0.0 to ``until``; None where nobody ever did."""
    moves: Counter[float] = Counter()
    for times in listening:
        for start, end in times:
            moves[start] += 1
            moves[end] -= 1
    if not moves or until <= 0:
        return None
    step_s = max(1.0, until / STEPS)
    steps = [0] * (int(until / step_s) + 1)
    now, peak, peak_at, reached = 0, 0, 0.0, -1
    for at in sorted(moves):
        place = min(int(at / step_s), len(steps) - 1)
        for each in range(reached + 1, place + 1):
            if each * step_s < at:  # who leaves as a step begins is not in it
                steps[each] = now
        reached, now = place, now + moves[at]
        steps[place] = max(steps[place], now)
        if now > peak:
            peak, peak_at = now, at
    return Curve(steps, step_s, peak, peak_at)
