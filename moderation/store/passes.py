"""The better pass over ended Spaces: which wait for it, and what became of it.

Rule: a Space's row is made with its end, in one transaction, so that a crash after it
forgets no pass; what was begun and not settled is begun again, at most ``ATTEMPTS``
times.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

ATTEMPTS = 3
"""Times that a pass is begun before it counts as failed."""

COLUMNS = (
    "space_id, state, hotwords, queued_at, attempts, settled_at, improved, added,"
    " reason"
)


@dataclass(frozen=True, slots=True)
class PassRow:
    """The better pass of one Space."""

    space_id: int
    state: str
    """``waiting``, ``done`` or ``failed``."""

    hotwords: str
    """What was likely to be said: topic, agenda and names; "" once it is settled."""

    queued_at: float
    """Unix seconds."""

    attempts: int
    settled_at: float | None
    """Unix seconds; None while it waits."""

    improved: int
    """Lines that got a better wording."""

    added: int
    """Lines that were missed live."""

    reason: str
    """Why it failed, or what it could not do: one line, never speech."""


def queue(db: Database, space_id: int, hotwords: str, at: float) -> None:
    """Note that the Space waits for its better pass; once."""
    db.execute(
        "INSERT INTO final_passes (space_id, hotwords, queued_at) VALUES (?, ?, ?)"
        " ON CONFLICT (space_id) DO NOTHING",
        [space_id, hotwords, at],
    )


def waiting(db: Database) -> list[PassRow]:
    """Return the passes that are still to be done, the longest waiting first."""
    return _select(db, "state = 'waiting'", [])


def get(db: Database, space_id: int) -> PassRow | None:
    """Return the Space's pass; None where none was ever wanted."""
    return next(iter(_select(db, "space_id = ?", [space_id])), None)


def begin(db: Database, space_id: int, at: float) -> bool:
    """Note that the pass begins; False, and failed, where it began too often."""
    row = get(db, space_id)
    if row is None or row.state != "waiting":
        return False
    if row.attempts >= ATTEMPTS:
        settle(db, space_id, "failed", at, reason=row.reason)
        return False
    db.execute(
        "UPDATE final_passes SET attempts = attempts + 1 WHERE space_id = ?",
        [space_id],
    )
    return True


def put_back(db: Database, space_id: int) -> None:
    """Note that a pass was stopped in the middle: its beginning does not count."""
    db.execute(
        "UPDATE final_passes SET attempts = max(0, attempts - 1) WHERE space_id = ?",
        [space_id],
    )


def count(db: Database, space_id: int, *, improved: int = 0, added: int = 0) -> None:
    """Count lines that the pass has written."""
    db.execute(
        "UPDATE final_passes SET improved = improved + ?, added = added + ?"
        " WHERE space_id = ?",
        [improved, added, space_id],
    )


def settle(
    db: Database, space_id: int, state: str, at: float, *, reason: str = ""
) -> None:
    """Note what became of the pass; the names that it needed are kept no longer."""
    db.execute(
        "UPDATE final_passes SET state = ?, settled_at = ?, reason = ?, hotwords = ''"
        " WHERE space_id = ?",
        [state, at, reason, space_id],
    )


def _select(db: Database, where: str, values: Sequence[int]) -> list[PassRow]:
    rows = db.execute(
        f"SELECT {COLUMNS} FROM final_passes WHERE {where}"  # noqa: S608 - our own constants
        " ORDER BY queued_at, space_id",
        list(values),
    )
    return [PassRow(*row) for row in rows]
