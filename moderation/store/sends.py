"""Every message about a plan, exactly once: claimed before it is sent, settled after.

A key is claimed once and for ever. What is found claimed and not settled after a
crash may or may not have reached Discord: the edge looks for it there, by its nonce.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlite_utils import Database

from moderation.store import claims

CLAIMED = "SELECT key FROM sends JOIN plans ON plans.id = sends.plan_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRow:
    """One message as it is kept."""

    key: str
    """What it is: plan, start, kind, whom. The same message has the same key."""

    plan_id: int
    kind: str
    due_at: float
    """Unix seconds."""

    state: str
    """``claimed``, then ``sent``, ``dropped`` or ``failed``."""

    nonce: str
    """Discord's ``nonce`` of the message: it refuses a second one for minutes."""

    channel_id: int | None = None
    message_id: int | None = None
    claimed_at: float
    settled_at: float | None = None
    reason: str | None = None
    """Why it was dropped or failed."""


COLUMNS = ", ".join(field.name for field in fields(SendRow))


def claim(db: Database, sends: Iterable[SendRow]) -> list[str]:
    """Claim these messages and return the keys that nobody had claimed before."""
    return claims.claim(db, "sends", sends)


def settle(
    db: Database,
    key: str,
    state: str,
    at: float,
    *,
    message_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Note what became of a claimed message; the first note counts."""
    db.execute(
        "UPDATE sends SET state = ?, settled_at = ?, message_id = ?, reason = ?"
        " WHERE key = ? AND state = 'claimed'",
        [state, at, message_id, reason, key],
    )


def unsettled(db: Database) -> list[SendRow]:
    """Return what was claimed and whose end is not known, the oldest first."""
    return _select(db, "state = 'claimed' ORDER BY claimed_at, key", [])


def sent(db: Database) -> list[SendRow]:
    """Return every message that was sent, in order."""
    return _select(db, "state = 'sent' ORDER BY settled_at, key", [])


def of_plan(db: Database, plan_id: int) -> list[SendRow]:
    """Return every message about a plan, by the time it was due."""
    return _select(db, "plan_id = ? ORDER BY due_at, key", [plan_id])


def of_kinds(
    db: Database, plan_ids: Collection[int], kinds: Sequence[str]
) -> list[SendRow]:
    """Return every message of some kinds about these plans, by the time it was due."""
    if not plan_ids:
        return []
    marks = ", ".join("?" for _ in kinds)
    where = "plan_id IN (SELECT value FROM json_each(?))"
    return _select(
        db,
        f"{where} AND kind IN ({marks}) ORDER BY due_at, key",
        [json.dumps(list(plan_ids)), *kinds],
    )


def sent_of(db: Database, kind: str, since: float) -> list[int]:
    """Return the plans of which a message of a kind was sent after ``since`` (Unix)."""
    rows = db.execute(
        "SELECT DISTINCT plan_id FROM sends WHERE kind = ? AND state = 'sent'"
        " AND settled_at > ? ORDER BY plan_id",
        [kind, since],
    )
    return [plan_id for (plan_id,) in rows]


def claimed_keys(db: Database, states: Sequence[str], since: float) -> set[str]:
    """Return the keys of all sends of ``moderation.store.plans.current``."""
    marks = ", ".join("?" for _ in states)
    rows = db.execute(
        f"{CLAIMED} WHERE plans.state IN ({marks}) OR plans.starts_at > ?",
        [*states, since],
    )
    return {key for (key,) in rows}


def _select(db: Database, where: str, values: Sequence[Any]) -> list[SendRow]:
    rows = db.query(f"SELECT {COLUMNS} FROM sends WHERE {where}", values)  # noqa: S608 - our own constants
    return [SendRow(**row) for row in rows]
