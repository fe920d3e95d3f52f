"""What a guild has set, and the members' names, languages and time zones."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member as last seen."""

    user_id: int
    name: str
    language: str | None
    time_zone: str | None


def settings(db: Database, guild_id: int) -> dict[str, Any]:
    """Return what the guild has set; empty when it never set anything."""
    row = db.execute("SELECT body FROM guilds WHERE guild_id = ?", [guild_id])
    found = row.fetchone()
    return dict(json.loads(found[0])) if found else {}


def set_settings(db: Database, guild_id: int, changes: Mapping[str, Any]) -> None:
    """Change some of the guild's settings; None takes one back to its default."""
    merged = settings(db, guild_id) | dict(changes)
    body = {name: value for name, value in merged.items() if value is not None}
    db.execute(
        "INSERT INTO guilds (guild_id, body) VALUES (?, ?)"
        " ON CONFLICT (guild_id) DO UPDATE SET body = excluded.body",
        [guild_id, json.dumps(body, ensure_ascii=False)],
    )


def saw_member(db: Database, guild_id: int, user_id: int, name: str, at: float) -> None:
    """Note a member's name as of ``at``."""
    db.execute(
        "INSERT INTO members (guild_id, user_id, name, seen_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (guild_id, user_id)"
        " DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at",
        [guild_id, user_id, name, at],
    )


def set_preferences(
    db: Database,
    guild_id: int,
    user_id: int,
    *,
    language: str | None = None,
    time_zone: str | None = None,
) -> None:
    """Note a seen member's language or time zone; None leaves one as it is."""
    db.execute(
        "UPDATE members SET language = coalesce(?, language),"
        " time_zone = coalesce(?, time_zone) WHERE guild_id = ? AND user_id = ?",
        [language, time_zone, guild_id, user_id],
    )


def members(
    db: Database, guild_id: int, user_ids: Iterable[int]
) -> dict[int, MemberRow]:
    """Return those of ``user_ids`` that were ever seen, by id."""
    rows = db.execute(
        "SELECT user_id, name, language, time_zone FROM members"
        " WHERE guild_id = ? AND user_id IN (SELECT value FROM json_each(?))",
        [guild_id, json.dumps(list(user_ids))],
    )
    return {row[0]: MemberRow(*row) for row in rows}
