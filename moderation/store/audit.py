"""The audit: who did what through the bot or the review page, when."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One deed."""

    guild_id: int
    action: str
    """``transcript.edit``, ``track.download``, ``space.end``…"""

    at: float
    """Unix seconds."""

    actor_id: int | None = None
    """None: the bot itself."""

    space_id: int | None = None
    subject: str = ""
    """What it was done to: a kind and an id."""

    body: Mapping[str, Any] = field(default_factory=dict)
    """Details, JSON."""


def record(db: Database, deed: AuditRow) -> None:
    """Add one deed."""
    db.execute(
        "INSERT INTO audit (guild_id, space_id, actor_id, action, subject, at, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            deed.guild_id,
            deed.space_id,
            deed.actor_id,
            deed.action,
            deed.subject,
            deed.at,
            json.dumps(dict(deed.body), ensure_ascii=False),
        ],
    )


def read(
    db: Database, guild_id: int, space_id: int | None = None, limit: int = 200
) -> list[AuditRow]:
    """Return the newest deeds of a guild, or of one Space of it, newest first."""
    rows = db.query(
        "SELECT guild_id, space_id, actor_id, action, subject, at, body FROM audit"
        " WHERE guild_id = ? AND (? IS NULL OR space_id = ?)"
        " ORDER BY id DESC LIMIT ?",
        [guild_id, space_id, space_id, limit],
    )
    return [AuditRow(**{**row, "body": json.loads(row["body"])}) for row in rows]
