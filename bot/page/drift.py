"""How near the talk was to its topic, over a Space: a curve and stretches. Pure.

A score holds until the next one, ``HOLD_S`` at most: after that nobody knows. A stretch
off topic begins where the score fell below the bar for good, which is before the talk
was called off topic: that takes patience. Talk that has not come to its topic yet, and
was not called off it, is neither on nor off.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby

from bot.page.aims import Aim
from moderation.store.drift_scores import ScoreRow

STEPS = 300
"""Steps of the curve at most: more would be narrower than a pixel."""

HOLD_S = 60.0
"""Seconds for which a score holds after its passage, where no other follows."""


class Standing(Enum):
    """How talk stands to its topic."""

    BEFORE = "before"
    """It has not come to it yet."""

    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Bar:
    """A step of the curve, or several that are alike."""

    start: float
    """Seconds of the Space."""

    length: float
    score: float
    """0 to 1, to the hundredth."""

    threshold: float
    """Below it the talk counted as off topic, to the hundredth."""

    standing: Standing

    @property
    def end(self) -> float:
        """Seconds of the Space."""
        return self.start + self.length

    def follows(self, other: "Bar") -> bool:
        """Say whether nothing lies between this and one before it."""
        return abs(other.end - self.start) < 1e-6

    def continues(self, other: "Bar") -> bool:
        """Say whether it follows one that looks like it."""
        looks = (self.score, self.threshold, self.standing)
        return self.follows(other) and looks == (
            other.score,
            other.threshold,
            other.standing,
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """Talk that stood in one way to one topic."""

    start: float
    """Seconds of the Space."""

    end: float
    standing: Standing
    seconds: float
    """How much of it could be judged."""

    score: float
    """Over these seconds on average, 0 to 1."""

    line: int
    """The utterance that it begins with."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A Space's talk, held against its topic."""

    bars: Sequence[Bar]
    stretches: Sequence[Stretch]
    aims: Sequence[Aim]
    """Every change of topic or agenda item, in order."""

    @property
    def judged_s(self) -> float:
        """Seconds that could be judged."""
        return sum(one.seconds for one in self.stretches)

    @property
    def off_s(self) -> float:
        """Seconds of them that were off topic."""
        return sum(
            one.seconds for one in self.stretches if one.standing is Standing.OFF
        )

    @property
    def story(self) -> list[Aim | Stretch]:
        """Stretches and changes of topic in the order in which they came."""
        return sorted([*self.aims, *self.stretches], key=_when)


@dataclass(frozen=True, slots=True)
class _Held:
    """A score and for how long it holds."""

    row: ScoreRow
    start: float
    """Seconds of the Space."""

    until: float
    standing: Standing
    aim: int
    """How many changes of topic came before it."""

    @property
    def seconds(self) -> float:
        return self.until - self.start


def drift(
    scores: Sequence[ScoreRow], aims: Sequence[Aim], until: float
) -> Drift | None:
    """Return what is shown of scores, which are in time order; None without any.

    ``until`` is where the Space ends, seconds of it.
    """
    held = _held([row for row in scores if row.start < until], aims, until)
    if not held:
        return None
    stretches = [_stretch(list(run)) for _, run in groupby(held, _alike)]
    return Drift(_bars(held, until), stretches, aims)


def _when(one: Aim | Stretch) -> tuple[float, bool]:
    """Sort a change before the talk that begins with it."""
    return (one.at, False) if isinstance(one, Aim) else (one.start, True)


def _held(scores: Sequence[ScoreRow], aims: Sequence[Aim], end: float) -> list[_Held]:
    """Say of each score how long it holds, under which topic, and how talk stood."""
    # Words are judged when they are over: by the topic that holds then.
    numbers = [sum(aim.at < row.end for aim in aims) for row in scores]
    found = []
    for place, standing in enumerate(_standings(scores, numbers)):
        row, number = scores[place], numbers[place]
        until = min(row.end + HOLD_S, end)
        if number < len(aims):
            until = min(until, aims[number].at)
        if place + 1 < len(scores):
            until = min(until, scores[place + 1].start)
        since = aims[number - 1].at if number else 0.0
        start = min(max(row.start, since), until)
        found.append(_Held(row, start, until, standing, number))
    return found


def _standings(scores: Sequence[ScoreRow], numbers: Sequence[int]) -> list[Standing]:
    """Say how the talk stood at each score, ``numbers`` of whose topics are given."""
    found = [Standing.OFF if row.drifting else Standing.ON for row in scores]
    # Backwards: what led to being called off topic was off topic.
    for place in range(len(scores) - 1, 0, -1):
        before = place - 1
        low = scores[before].score < scores[before].bar
        if found[place] is Standing.OFF and low and numbers[before] == numbers[place]:
            found[before] = Standing.OFF
    come_to = -1
    for place, row in enumerate(scores):
        if row.score >= row.bar or found[place] is Standing.OFF:
            come_to = numbers[place]
        elif numbers[place] != come_to:
            found[place] = Standing.BEFORE
    return found


def _alike(one: _Held) -> tuple[Standing, int]:
    return one.standing, one.aim


def _stretch(run: Sequence[_Held]) -> Stretch:
    seconds = sum(one.seconds for one in run)
    weighed = sum(one.row.score * one.seconds for one in run)
    return Stretch(
        start=run[0].start,
        end=max(one.until for one in run),
        standing=run[0].standing,
        seconds=seconds,
        score=weighed / seconds if seconds else run[-1].row.score,
        line=run[0].row.utterance_id,
    )


def _bars(held: Sequence[_Held], until: float) -> list[Bar]:
    """Average the scores over equal steps of time; put together what looks alike."""
    step_s = max(1.0, until / STEPS)
    steps: dict[int, _Step] = {}
    for one in held:
        start, end = one.start, one.until
        for number in range(int(start / step_s), int(end / step_s) + 1):
            inside = min(end, (number + 1) * step_s) - max(start, number * step_s)
            if inside > 0:
                steps.setdefault(number, _Step()).add(one, inside)
    found: list[Bar] = []
    for number, step in sorted(steps.items()):
        bar = step.bar(number * step_s, step_s)
        if found and bar.continues(found[-1]):
            # Hundreds of seams would be seen.
            bar = replace(bar, start=found[-1].start, length=bar.end - found[-1].start)
            found[-1] = bar
        else:
            found.append(bar)
    return found


class _Step:
    """What holds in one step of the curve."""

    def __init__(self) -> None:
        self._score = self._threshold = 0.0
        self._seconds = dict.fromkeys(Standing, 0.0)

    def add(self, held: _Held, seconds: float) -> None:
        """Count a score that holds for some of it."""
        self._score += held.row.score * seconds
        self._threshold += held.row.bar * seconds
        self._seconds[held.standing] += seconds

    def bar(self, start: float, length: float) -> Bar:
        """Return it as it is drawn."""
        seconds = sum(self._seconds.values())
        standing = max(Standing, key=self._seconds.__getitem__)
        score = round(self._score / seconds, 2)
        threshold = round(self._threshold / seconds, 2)
        return Bar(start, length, score, threshold, standing)
