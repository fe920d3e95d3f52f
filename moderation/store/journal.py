"""The journal: every event of a Space, one row each, in the order it happened.

Rows are never changed nor deleted, but that a redaction takes words out of one that
quotes them. What an event's ``body`` means is known to
``moderation.events`` alone.
"""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One event as it is kept."""

    space_id: int
    seq: int
    """1, 2, 3… within the Space, without holes."""

    at: float
    """Unix seconds."""

    name: str
    body: str
    """JSON."""


def append(db: Database, space_id: int, at: float, name: str, body: str) -> int:
    """Append one event and return its ``seq``."""
    cursor = db.execute(
        "INSERT INTO journal (space_id, seq, at, name, body)"
        " SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ?"
        " FROM journal WHERE space_id = ? RETURNING seq",
        [space_id, at, name, body, space_id],
    )
    (seq,) = cursor.fetchone()
    return int(seq)


def read(db: Database, space_id: int, after: int = 0) -> list[JournalRow]:
    """Return the Space's events with a ``seq`` above ``after``, oldest first."""
    rows = db.execute(
        "SELECT space_id, seq, at, name, body FROM journal"
        " WHERE space_id = ? AND seq > ? ORDER BY seq",
        [space_id, after],
    )
    return [JournalRow(*row) for row in rows]


def redact(db: Database, space_id: int, seq: int, body: str) -> None:
    """Put ``body``, which lacks redacted words, in place of an event's."""
    db.execute(
        "UPDATE journal SET body = ? WHERE space_id = ? AND seq = ?",
        [body, space_id, seq],
    )


def times(db: Database, space_id: int, name: str) -> list[float]:
    """Return when an event happened in the Space, in Unix seconds."""
    rows = db.execute(
        "SELECT at FROM journal WHERE space_id = ? AND name = ? ORDER BY seq",
        [space_id, name],
    )
    return [at for (at,) in rows.fetchall()]


def bodies(db: Database, space_id: int, name: str) -> list[str]:
    """Return what an event said each time it happened in the Space, as JSON."""
    rows = db.execute(
        "SELECT body FROM journal WHERE space_id = ? AND name = ? ORDER BY seq",
        [space_id, name],
    )
    return [body for (body,) in rows.fetchall()]


def count(db: Database, space_id: int) -> dict[str, int]:
    """Return how often each event happened in the Space."""
    rows = db.execute(
        "SELECT name, count(*) FROM journal WHERE space_id = ? GROUP BY name",
        [space_id],
    )
    return dict(rows.fetchall())
