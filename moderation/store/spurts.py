"""Talk intervals: who talked from when to when, in seconds of the Space."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class SpurtRow:
    """One talk spurt, without its sound."""

    user_id: int
    start: float
    end: float


def record(db: Database, space_id: int, spurts: Iterable[SpurtRow]) -> None:
    """Add talk spurts."""
    db.conn.executemany(
        'INSERT INTO spurts (space_id, user_id, start, "end") VALUES (?, ?, ?, ?)',
        [(space_id, spurt.user_id, spurt.start, spurt.end) for spurt in spurts],
    )


def read(db: Database, space_id: int) -> list[SpurtRow]:
    """Return the Space's talk spurts in time order."""
    rows = db.execute(
        'SELECT user_id, start, "end" FROM spurts WHERE space_id = ?'
        " ORDER BY start, id",
        [space_id],
    )
    return [SpurtRow(*row) for row in rows]
