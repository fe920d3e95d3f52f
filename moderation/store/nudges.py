"""Nudges that were sent, and what was answered to them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class NudgeRow:
    """One nudge as it is kept."""

    id: int
    rule: str
    """Which rule spoke: ``drift``, ``monologue``…"""

    step: str
    """How strongly: the step of the ladder."""

    user_id: int | None
    """Whom it is about; None: the Space."""

    at: float
    """Unix seconds."""

    evidence: Mapping[str, Any]
    answer: str | None
    answered_by: int | None
    answered_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNudge:
    """A nudge that is about to be sent."""

    space_id: int
    rule: str
    step: str
    at: float
    user_id: int | None = None
    evidence: Mapping[str, Any]


def record(db: Database, nudge: NewNudge) -> int:
    """Add a nudge and return its id, which its buttons carry."""
    cursor = db.execute(
        "INSERT INTO nudges (space_id, rule, step, user_id, at, evidence)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        [
            nudge.space_id,
            nudge.rule,
            nudge.step,
            nudge.user_id,
            nudge.at,
            json.dumps(dict(nudge.evidence), ensure_ascii=False),
        ],
    )
    (nudge_id,) = cursor.fetchone()
    return int(nudge_id)


def answer(db: Database, nudge_id: int, answer: str, by: int, at: float) -> bool:
    """Note what was answered; the first answer counts, a later one returns False."""
    cursor = db.execute(
        "UPDATE nudges SET answer = ?, answered_by = ?, answered_at = ?"
        " WHERE id = ? AND answer IS NULL",
        [answer, by, at, nudge_id],
    )
    return cursor.rowcount > 0


def quote(db: Database, nudge_id: int, evidence: Mapping[str, Any]) -> None:
    """Put other evidence in place: without words that are redacted."""
    db.execute(
        "UPDATE nudges SET evidence = ? WHERE id = ?",
        [json.dumps(dict(evidence), ensure_ascii=False), nudge_id],
    )


def read(db: Database, space_id: int) -> list[NudgeRow]:
    """Return the Space's nudges, oldest first."""
    rows = db.execute(
        "SELECT id, rule, step, user_id, at, evidence, answer, answered_by,"
        " answered_at FROM nudges WHERE space_id = ? ORDER BY id",
        [space_id],
    )
    return [NudgeRow(*(*row[:5], json.loads(row[5]), *row[6:])) for row in rows]
