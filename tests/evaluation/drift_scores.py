"""How well scores tell windows on topic from windows off it.

A window is on topic where it and the one before lie in the topic. Three kinds are off:
any window against the title of a meeting of another *domain* (the easiest: what the
talk is about has changed), of another meeting of the *same* domain (``near``), and
windows of the same meeting that lie in another of its topics (``same``, the hardest).
Where all meetings are of one domain, every other meeting's titles count as ``other``.
"""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import partial

import numpy as np

from tests.evaluation.apart import apart
from tests.evaluation.drift_meetings import Meeting
from tests.evaluation.drift_readers import Reader


@dataclass
class Scores:
    """What one scorer said of one meeting, or of several."""

    on: np.ndarray
    other: np.ndarray
    near: np.ndarray
    same: np.ndarray


def read(
    found: Sequence[Meeting],
    readers: Sequence[Reader],
    more: Sequence[Meeting] = (),
    *,
    forked: bool = False,
) -> list[Scores]:
    """Read every meeting with every meeting's titles, each by the reader of its own.

    Of ``more`` meetings only the titles are used. ``forked`` reads on all cores, by
    readers that need not remember anything for the next time.
    """
    every = [*found, *more]
    titles = [title for meeting in every for title in meeting.titles]
    owners = np.array([n for n, meeting in enumerate(every) for _ in meeting.titles])
    domains = np.array([meeting.domain for meeting in every])
    parts = [
        partial(reader, meeting.words, titles)
        for meeting, reader in zip(found, readers, strict=True)
    ]
    tables = apart(parts) if forked else [part() for part in parts]
    said = []
    for number, (meeting, table) in enumerate(zip(found, tables, strict=True)):
        own = owners == number
        foreign = domains[owners] != meeting.domain
        if not foreign.any():
            foreign = ~own
        near = table[1:, ~own & ~foreign].ravel()
        on, same = _inside(meeting, table[:, own])
        said.append(Scores(on, table[1:, foreign].ravel(), near, same))
    return said


def _inside(meeting: Meeting, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of its own titles where they are the topic and where not."""
    on, off = [], []
    for n in range(1, len(meeting.spans)):
        now, before = meeting.spans[n], meeting.spans[n - 1]
        for topic, score in enumerate(table[n]):
            if topic in now & before:
                on.append(score)
            elif now and topic not in now | before:
                off.append(score)
    return np.array(on), np.array(off)


def pooled(said: Sequence[Scores]) -> Scores:
    """Put the scores of several meetings together."""
    parts = zip(*(astuple(one) for one in said), strict=True)
    return Scores(*(np.concatenate(part) for part in parts))


def together(one: Scores, other: Scores, weight: float) -> Scores:
    """Add another scorer's scores at ``weight``, both as standard scores.

    Both must have read the same meetings.
    """

    def standard(said: Scores) -> list[np.ndarray]:
        every = np.concatenate(astuple(said))
        mean, spread = every.mean(), every.std() or 1.0
        return [(part - mean) / spread for part in astuple(said)]

    pairs = zip(standard(one), standard(other), strict=True)
    return Scores(*(a + weight * b for a, b in pairs))


def area(on: np.ndarray, off: np.ndarray) -> float:
    """Return the area under the ROC curve, ties counted half."""
    every = np.concatenate([on, off])
    _, ranks, counts = np.unique(every, return_inverse=True, return_counts=True)
    middle = (np.cumsum(counts) - (counts - 1) / 2)[ranks]
    wins = middle[: len(on)].sum() - len(on) * (len(on) + 1) / 2
    return float(wins / (len(on) * len(off)))


def recall(on: np.ndarray, off: np.ndarray, alarms: float) -> float:
    """Return the share of off-topic windows found at a share of false alarms."""
    return float((off < np.quantile(on, alarms)).mean())


MEASURES: dict[str, Callable[[Scores], float]] = {
    "auc_other": lambda s: area(s.on, s.other),
    "auc_same": lambda s: area(s.on, s.same),
    "recall_at_2": lambda s: recall(s.on, s.other, 0.02),
    "recall_at_5": lambda s: recall(s.on, s.other, 0.05),
    "auc_near": lambda s: area(s.on, s.near),
    "recall_near_at_2": lambda s: recall(s.on, s.near, 0.02),
}


def measured(said: Scores) -> dict[str, float]:
    """Return every measure that there are scores for."""
    return {
        name: of(said)
        for name, of in MEASURES.items()
        if len(said.near) or "near" not in name
    }
