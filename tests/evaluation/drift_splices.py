"""What the monitor does live: one topic's words, then another meeting's.

In the first part every change to ``drifting`` is a false one; from the splice on,
``drifting`` is right, and the sooner the better.
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from moderation.drift.monitor import DriftMonitor, DriftState
from moderation.drift.scorer import Scorer
from moderation.drift.settings import DriftSettings
from moderation.drift.topic import Topic
from tests.evaluation.drift_meetings import (
    WINDOW,
    WORDS_PER_SECOND,
    Meeting,
    windows,
)
from tests.figures import Figure

PART = 1500
"""Words of either part, at most: ten minutes."""

LEAST = 300
"""Words of the first part, at least."""


@dataclass
class Spliced:
    """What the monitor did on splices."""

    delays: list[float]
    """Seconds until drift was noticed; inf: never."""

    alarms: int
    """Changes to ``drifting`` while on topic."""

    hours: float
    """Hours of talk on topic."""


def splices(
    found: Sequence[Meeting], language: str, make: Callable[[], Scorer]
) -> Spliced:
    """Read a splice for every topic that was talked about long enough."""
    chance = random.Random(2)
    delays, alarms, hours = [], 0, 0.0
    for number, meeting in enumerate(found):
        for topic, title in enumerate(meeting.titles):
            on = meeting.of_topic(topic)[-PART:]
            if len(on) < LEAST:
                continue
            another = chance.choice([m for n, m in enumerate(found) if n != number])
            begin = chance.randrange(max(1, len(another.words) - PART))
            off = another.words[begin : begin + PART]
            monitor = DriftMonitor(DriftSettings(), make(), Topic(title, language))
            states = _states(monitor, on + off, language)
            at = len(on) / WORDS_PER_SECOND
            before = [state for end, state in states if end <= at]
            alarms += sum(
                now is DriftState.DRIFTING and then is DriftState.ON_TOPIC
                for then, now in pairwise(before)
            )
            hours += at / 3600
            late = [end for end, s in states if end > at and s is DriftState.DRIFTING]
            delays.append(late[0] - at if late else math.inf)
    return Spliced(delays, alarms, hours)


def _states(
    monitor: DriftMonitor, words: Sequence[str], language: str
) -> list[tuple[float, DriftState]]:
    states = []
    for n, text in enumerate(windows(words)):
        start = n * WINDOW / WORDS_PER_SECOND
        end = start + WINDOW / WORDS_PER_SECOND
        for reading in monitor.hear(text, start, end, language=language):
            states.append((reading.end, reading.state))
    return states


def rows(name: str, found: Spliced) -> Iterator[Figure]:
    """Return how soon drift was noticed, how often, and how often wrongly."""
    ends = [min(delay, PART / WORDS_PER_SECOND) for delay in found.delays]
    share = sum(map(math.isfinite, found.delays)) / len(ends)
    false = found.alarms / found.hours
    yield Figure(f"drift.{name}.delay_s", median(ends), "s", "lower", n=len(ends))
    yield Figure(f"drift.{name}.noticed", share, "share", "higher", n=len(ends))
    yield Figure(f"drift.{name}.false_per_hour", false, "1/h", "lower", n=len(ends))
