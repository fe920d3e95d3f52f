"""How near the talk was to its topic, passage by passage, as drift found it.

Rule: a score belongs to the line that it was found after. It goes with the line, and
when words of the line are redacted: it was made of them, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from moderation.drift.monitor import DriftReading, DriftState


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """What was found after one passage."""

    utterance_id: int
    """The line that the passage is of."""

    start: float
    """Seconds of the Space at which the passage begins."""

    end: float
    """Seconds of the Space."""

    score: float
    """1 is on topic, 0 is off, over the talk that was remembered then."""

    bar: float
    """Score below which the talk counted as off topic then."""

    drifting: bool
    """Whether it was called off topic."""


def record(db: Database, utterance_id: int, readings: Sequence[DriftReading]) -> None:
    """Keep what was found after each passage of a line, in their order."""
    for place, one in enumerate(readings):
        drifting = one.state is DriftState.DRIFTING
        db.execute(
            "INSERT OR REPLACE INTO drift_scores"
            ' (utterance_id, place, start, "end", score, bar, drifting)'
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [utterance_id, place, one.start, one.end, one.score, one.bar, drifting],
        )


def read(db: Database, space_id: int) -> list[ScoreRow]:
    """Return the Space's scores in time order."""
    rows = db.execute(
        'SELECT d.utterance_id, d.start, d."end", d.score, d.bar, d.drifting'
        " FROM drift_scores AS d JOIN utterances AS u ON u.id = d.utterance_id"
        " WHERE u.space_id = ? ORDER BY d.start, d.utterance_id, d.place",
        [space_id],
    )
    return [
        ScoreRow(line, start, end, score, bar, bool(drifting))
        for line, start, end, score, bar, drifting in rows
    ]


def forget(db: Database, utterance_id: int) -> None:
    """Delete the scores of a line that stays."""
    db.execute("DELETE FROM drift_scores WHERE utterance_id = ?", [utterance_id])
