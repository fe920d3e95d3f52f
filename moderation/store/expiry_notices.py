"""Which hosts were told that the sound of their Space is going to be deleted.

A Space is claimed once and for ever, before anything goes out, and settled after.
"""

from dataclasses import astuple, dataclass, fields

from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryNoticeRow:
    """What one host is told, or was."""

    space_id: int
    state: str
    """``claimed``, then ``sent``, ``dropped`` (too late) or ``failed``."""

    expires_at: float
    """What it says, Unix seconds."""

    nonce: str
    claimed_at: float
    attempts: int = 0
    retry_at: float | None = None
    """When it is tried again, Unix seconds."""

    settled_at: float | None = None
    message_id: int | None = None
    reason: str = ""
    """Why it did not get there."""


COLUMNS = ", ".join(field.name for field in fields(ExpiryNoticeRow))


def claim(db: Database, row: ExpiryNoticeRow) -> bool:
    """Claim a Space; False where it was claimed before."""
    marks = ", ".join("?" for _ in fields(row))
    cursor = db.execute(
        f"INSERT INTO expiry_notices ({COLUMNS}) VALUES ({marks})"  # noqa: S608 - our own constants
        " ON CONFLICT (space_id) DO NOTHING",
        list(astuple(row)),
    )
    return cursor.rowcount > 0


def settle(
    db: Database,
    space_id: int,
    state: str,
    at: float,
    *,
    message_id: int | None = None,
    reason: str = "",
) -> None:
    """Note what became of it; the first note counts."""
    db.execute(
        "UPDATE expiry_notices SET state = ?, settled_at = ?, message_id = ?,"
        " reason = ?, retry_at = NULL WHERE space_id = ? AND state = 'claimed'",
        [state, at, message_id, reason, space_id],
    )


def retry(db: Database, space_id: int, attempts: int, at: float) -> None:
    """Note that it is tried again at ``at`` (Unix seconds)."""
    db.execute(
        "UPDATE expiry_notices SET attempts = ?, retry_at = ? WHERE space_id = ?",
        [attempts, at, space_id],
    )


def unsettled(db: Database) -> list[ExpiryNoticeRow]:
    """Return those of which nobody knows what became of them, the oldest first."""
    return _select(db, "state = 'claimed' ORDER BY claimed_at, space_id")


def read(db: Database) -> list[ExpiryNoticeRow]:
    """Return all of them."""
    return _select(db, "1 ORDER BY space_id")


def _select(db: Database, where: str) -> list[ExpiryNoticeRow]:
    rows = db.query(f"SELECT {COLUMNS} FROM expiry_notices WHERE {where}")  # noqa: S608 - our own constants
    return [ExpiryNoticeRow(**row) for row in rows]
