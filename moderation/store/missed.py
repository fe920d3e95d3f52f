"""Talk that has no words although somebody spoke, and why.

Rule: nothing that was said disappears without a row: a line, or one of these. Where a
later pass found words after all, ``open_ones`` leaves the row out.
"""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class MissedRow:
    """One stretch of talk without words; times in seconds of the Space."""

    user_id: int
    start: float
    end: float
    reason: str
    """``queue_full``, ``worker_died``, ``no_model``, ``stopped``, ``too_late``."""


def record(db: Database, space_id: int, missed: MissedRow) -> None:
    """Add a stretch."""
    db.execute(
        'INSERT INTO missed (space_id, user_id, start, "end", reason)'
        " VALUES (?, ?, ?, ?, ?)",
        [space_id, missed.user_id, missed.start, missed.end, missed.reason],
    )


def open_ones(db: Database, space_id: int) -> list[MissedRow]:
    """Return what still has no words, in time order."""
    rows = db.execute(
        'SELECT user_id, start, "end", reason FROM missed AS m WHERE space_id = ?'
        " AND NOT EXISTS (SELECT 1 FROM utterances AS u WHERE u.space_id = m.space_id"
        ' AND u.user_id = m.user_id AND u.start < m."end" AND u."end" > m.start)'
        " ORDER BY start, id",
        [space_id],
    )
    return [MissedRow(*row) for row in rows]
