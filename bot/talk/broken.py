"""What a killed process was in the middle of: talk going on, words not there yet. Pure.

Rule 1: somebody of whom the journal says that they began to speak, and no row how long,
talked until the process was last known to live.
Rule 2: talk of the last moments that should have words and has none stands in the
record as talk without words, so that no transcript is silent about it.

Times are seconds of the Space.
"""

from collections.abc import Collection, Iterable, Mapping

from media.intervals import Intervals
from media.whisper.jobs import MissedReason
from moderation.store.missed import MissedRow
from moderation.store.spurts import SpurtRow

WAITING_S = 30.0
"""Seconds before its death of which the words may not have been there yet, at least."""

MARGIN_S = 5.0
"""Seconds from the end of talk until it waits for its words, and between two beats."""

LEAST_S = 0.3
"""Talk that is shorter has no words as often as not."""


def unfinished(
    talking: Mapping[int, float], talked: Iterable[SpurtRow], until: float
) -> list[SpurtRow]:
    """Return the talk that went on at ``until``, given who began when."""
    kept: dict[int, float] = {}
    for row in talked:
        kept[row.user_id] = max(row.end, kept.get(row.user_id, row.end))
    return [
        SpurtRow(user_id, since, until)
        for user_id, since in talking.items()
        if kept.get(user_id, since) <= since < until
    ]


def wordless(
    spurts: Iterable[tuple[int, Intervals]],
    answered: Collection[tuple[int, float, float]],
    transcribed: Collection[int],
    until: float,
    lag_s: float = 0.0,
) -> list[MissedRow]:
    """Return the newest talk of those who are transcribed that nothing answers.

    ``answered`` are lines and known gaps: whose, from when to when. ``lag_s`` is how
    late words were by then.
    """
    waiting_s = max(WAITING_S, lag_s + MARGIN_S)
    found = []
    for user_id, talk in spurts:
        start, end = talk[0][0], talk[-1][1]
        if (
            user_id not in transcribed
            or end < until - waiting_s
            or end - start < LEAST_S
        ):
            continue
        if not any(
            who == user_id and since < end and start < to for who, since, to in answered
        ):
            found.append(MissedRow(user_id, start, end, MissedReason.STOPPED.value))
    return found
