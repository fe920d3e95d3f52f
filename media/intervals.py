"""Interval algebra: who talked from when to when, added, cut and overlapped.

Rule 1: a set of times is a tuple of (start, end) pairs in seconds, in order, apart
from each other and none of them empty. Every function takes any pairs and returns
such a tuple.
Rule 2: a pause of up to ``PAUSE_S`` inside speech is speech, a longer one is not.
This is the one convention of talk time, here and in the talk spurts.
Rule 3: pure; no rounding. An end belongs to what follows it: (0, 1) and (1, 2) touch
and are one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

PAUSE_S = 0.2
"""Longest pause that still counts as talk, seconds."""

_ROUNDING_S = 1e-9

Interval = tuple[float, float]
Intervals = tuple[Interval, ...]


def union(*sets: Iterable[Interval]) -> Intervals:
    """Return the times that are in any of the sets."""
    return joined((pair for pairs in sets for pair in pairs), pause_s=0.0)


def joined(pairs: Iterable[Interval], pause_s: float = PAUSE_S) -> Intervals:
    """Return the pairs with pauses of up to ``pause_s`` seconds closed."""
    closed: list[Interval] = []
    for start, end in sorted(pair for pair in pairs if pair[0] < pair[1]):
        if closed and start - closed[-1][1] <= pause_s + _ROUNDING_S:
            closed[-1] = closed[-1][0], max(closed[-1][1], end)
        else:
            closed.append((start, end))
    return tuple(closed)


def intersection(one: Iterable[Interval], other: Iterable[Interval]) -> Intervals:
    """Return the times that are in both sets."""
    left, right = union(one), union(other)
    common: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i][0], right[j][0])
        end = min(left[i][1], right[j][1])
        if start < end:
            common.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(common)


def subtraction(one: Iterable[Interval], other: Iterable[Interval]) -> Intervals:
    """Return the times of ``one`` that are not in ``other``."""
    rest: list[Interval] = []
    holes = union(other)
    at = 0
    for start, end in union(one):
        while at < len(holes) and holes[at][1] <= start:
            at += 1
        next_hole = at
        while next_hole < len(holes) and holes[next_hole][0] < end:
            hole_start, hole_end = holes[next_hole]
            if start < hole_start:
                rest.append((start, hole_start))
            start = max(start, hole_end)
            next_hole += 1
        if start < end:
            rest.append((start, end))
    return tuple(rest)


def complement(pairs: Iterable[Interval], start: float, end: float) -> Intervals:
    """Return the times from ``start`` to ``end`` that are not in the set."""
    return subtraction([(start, end)], pairs)


def clipped(pairs: Iterable[Interval], start: float, end: float) -> Intervals:
    """Return the times of the set from ``start`` to ``end``."""
    return intersection(pairs, [(start, end)])


def shared(sets: Sequence[Iterable[Interval]], least: int = 2) -> Intervals:
    """Return the times that are in at least ``least`` of the sets."""
    edges = [
        edge
        for pairs in sets
        for start, end in union(pairs)
        for edge in ((start, 1), (end, -1))
    ]
    busy: list[Interval] = []
    count, since = 0, 0.0
    for at, change in sorted(edges):
        before, count = count, count + change
        if before < least <= count:
            since = at
        elif count < least <= before:
            busy.append((since, at))
    return union(busy)


def seconds(pairs: Iterable[Interval]) -> float:
    """Return how long a set of times is; overlaps count once."""
    return sum(end - start for start, end in union(pairs))


def seconds_within(times: Intervals, start: float, end: float) -> float:
    """Return how much of an ordered set lies from ``start`` to ``end``, seconds.

    As ``seconds(clipped(times, start, end))``, without looking at the whole set.
    """
    at = max(0, bisect_right(times, (start, float("inf"))) - 1)
    total = 0.0
    while at < len(times) and times[at][0] < end:
        total += max(0.0, min(times[at][1], end) - max(times[at][0], start))
        at += 1
    return total


def contains(times: Intervals, moment: float) -> bool:
    """Say whether ``moment`` is in an ordered set; a start is in, an end is not."""
    at = bisect_right(times, (moment, float("inf")))
    return at > 0 and moment < times[at - 1][1]
