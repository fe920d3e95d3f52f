"""Posts, edits, private messages and calls about plans, each exactly once.

As with ``sends``: a key is claimed once and for ever, before anything goes out, and
settled after. What a crash left claimed is looked for where it may have arrived.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from sqlite_utils import Database

from moderation.store import claims


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandRow:
    """One errand as it is kept."""

    key: str
    plan_id: int
    guild_id: int
    kind: str
    step: str
    target: int
    """The channel, member or webhook that it goes to."""

    due_at: float
    """Unix seconds."""

    starts_at: float
    """The start that it spoke of when it was claimed."""

    sequence: int
    """The change of the plan that it shows."""

    state: str
    """``claimed``, then ``sent``, ``dropped`` or ``failed``."""

    nonce: str
    role_id: int | None = None
    """The role that it pinged."""

    message_id: int | None = None
    claimed_at: float
    attempts: int = 0
    retry_at: float | None = None
    """When it is tried again, Unix seconds."""

    settled_at: float | None = None
    reason: str | None = None
    """Why it was dropped or failed."""

    words: int = 0
    promotion: int = 0
    """Of the words, those of promotional sentences."""


COLUMNS = ", ".join(field.name for field in fields(ErrandRow))


def claim(db: Database, errands: Iterable[ErrandRow]) -> list[str]:
    """Claim these errands and return the keys that nobody had claimed before."""
    return claims.claim(db, "errands", errands)


def settle(
    db: Database,
    key: str,
    state: str,
    at: float,
    *,
    message_id: int | None = None,
    reason: str | None = None,
    words: int = 0,
    promotion: int = 0,
) -> None:
    """Note what became of a claimed errand; the first note counts."""
    db.execute(
        "UPDATE errands SET state = ?, settled_at = ?, reason = ?, words = ?,"
        " promotion = ?, message_id = coalesce(?, message_id), retry_at = NULL"
        " WHERE key = ? AND state = 'claimed'",
        [state, at, reason, words, promotion, message_id, key],
    )


def retry(db: Database, key: str, attempts: int, at: float) -> None:
    """Note that an errand is tried again at ``at`` (Unix seconds)."""
    db.execute(
        "UPDATE errands SET attempts = ?, retry_at = ? WHERE key = ?",
        [attempts, at, key],
    )


def shown(db: Database, plan_id: int, message_id: int, sequence: int) -> None:
    """Note which change of its plan an announcement shows now."""
    db.execute(
        "UPDATE errands SET sequence = ? WHERE plan_id = ? AND message_id = ?"
        " AND kind = 'announce'",
        [sequence, plan_id, message_id],
    )


def unsettled(db: Database) -> list[ErrandRow]:
    """Return what was claimed and whose end is not known, the oldest first."""
    return _select(db, "state = 'claimed' ORDER BY claimed_at, key", [])


def of_plan(db: Database, plan_id: int) -> list[ErrandRow]:
    """Return everything about a plan, in the order it was claimed."""
    return _select(db, "plan_id = ? ORDER BY claimed_at, key", [plan_id])


def announced(db: Database, guild_id: int, since: float) -> list[ErrandRow]:
    """Return the guild's announcements since ``since`` that went or are going out."""
    return _select(
        db,
        "guild_id = ? AND kind = 'announce' AND state IN ('claimed', 'sent')"
        " AND claimed_at > ? ORDER BY claimed_at, key",
        [guild_id, since],
    )


def told(db: Database, since: float) -> list[int]:
    """Return the plans that start after ``since`` and about which something was sent.

    Their messages may have to be edited, whatever state the plan is in now.
    """
    rows = db.execute(
        "SELECT DISTINCT e.plan_id FROM errands AS e JOIN plans AS p"
        " ON p.id = e.plan_id WHERE p.starts_at > ? AND e.state = 'sent'"
        " ORDER BY e.plan_id",
        [since],
    )
    return [plan_id for (plan_id,) in rows]


def _select(db: Database, where: str, values: list[Any]) -> list[ErrandRow]:
    rows = db.query(f"SELECT {COLUMNS} FROM errands WHERE {where}", values)  # noqa: S608 - our own constants
    return [ErrandRow(**row) for row in rows]
