"""Moderation cases: what was done about whom, by whom, why, and whether undone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

COLUMNS = (
    "id, guild_id, user_id, action, at, space_id, moderator_id, reason,"
    " expires_at, reversed_at, reversed_by, body"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case as it is opened."""

    guild_id: int
    user_id: int
    """About whom."""

    action: str
    at: float
    """Unix seconds."""

    space_id: int | None = None
    moderator_id: int | None = None
    """Who decided; None: the bot."""

    reason: str = ""
    expires_at: float | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    """Evidence and the ladder's step, JSON."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as it is kept."""

    id: int
    guild_id: int
    user_id: int
    action: str
    at: float
    space_id: int | None
    moderator_id: int | None
    reason: str
    expires_at: float | None
    reversed_at: float | None
    reversed_by: int | None
    body: Mapping[str, Any]


def open_(db: Database, case: NewCase) -> int:
    """Add a case and return its number."""
    cursor = db.execute(
        "INSERT INTO cases (guild_id, user_id, action, at, space_id, moderator_id,"
        " reason, expires_at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        [
            case.guild_id,
            case.user_id,
            case.action,
            case.at,
            case.space_id,
            case.moderator_id,
            case.reason,
            case.expires_at,
            json.dumps(dict(case.body), ensure_ascii=False),
        ],
    )
    (case_id,) = cursor.fetchone()
    return int(case_id)


def reverse(db: Database, case_id: int, by: int, at: float) -> bool:
    """Note that the case was undone; False when it already was."""
    cursor = db.execute(
        "UPDATE cases SET reversed_at = ?, reversed_by = ?"
        " WHERE id = ? AND reversed_at IS NULL",
        [at, by, case_id],
    )
    return cursor.rowcount > 0


def get(db: Database, case_id: int) -> CaseRow | None:
    """Return the case, or None when there is no such one."""
    return next(iter(_select(db, "id = ?", [case_id])), None)


def about(db: Database, guild_id: int, user_id: int) -> list[CaseRow]:
    """Return the member's cases in the guild, oldest first."""
    return _select(db, "guild_id = ? AND user_id = ?", [guild_id, user_id])


def of_space(db: Database, space_id: int) -> list[CaseRow]:
    """Return the Space's cases, oldest first."""
    return _select(db, "space_id = ?", [space_id])


def of_guild(db: Database, guild_id: int) -> list[CaseRow]:
    """Return the guild's cases that were not undone, oldest first."""
    return _select(db, "guild_id = ? AND reversed_at IS NULL", [guild_id])


def _select(db: Database, where: str, values: Sequence[int]) -> list[CaseRow]:
    rows = db.execute(
        f"SELECT {COLUMNS} FROM cases WHERE {where} ORDER BY id",  # noqa: S608 - our own constants
        values,
    )
    return [CaseRow(*(*row[:-1], json.loads(row[-1]))) for row in rows]
