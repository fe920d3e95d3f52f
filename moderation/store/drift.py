"""What drift detection learned in each guild: its threshold and its background."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class BackgroundRow:
    """How often terms occur in a guild's past talk, in one language."""

    language: str
    passages: int
    """How many passages were counted."""

    terms: Mapping[str, int]
    """In how many passages each term occurs."""


def threshold(db: Database, guild_id: int) -> float | None:
    """Return the guild's own threshold, or None while the default holds."""
    row = db.execute(
        "SELECT value FROM drift_thresholds WHERE guild_id = ?", [guild_id]
    ).fetchone()
    return float(row[0]) if row else None


def set_threshold(db: Database, guild_id: int, value: float, at: float) -> None:
    """Note where the host's newest answer moved the threshold to."""
    db.execute(
        "INSERT INTO drift_thresholds (guild_id, value, answers, updated_at)"
        " VALUES (?, ?, 1, ?) ON CONFLICT (guild_id) DO UPDATE SET"
        " value = excluded.value, answers = answers + 1,"
        " updated_at = excluded.updated_at",
        [guild_id, value, at],
    )


def background(db: Database, guild_id: int) -> list[BackgroundRow]:
    """Return what was learned from the guild's past talk, per language."""
    rows = db.execute(
        "SELECT language, passages, terms FROM drift_background"
        " WHERE guild_id = ? ORDER BY language",
        [guild_id],
    )
    return [BackgroundRow(row[0], row[1], json.loads(row[2])) for row in rows]


def set_background(
    db: Database, guild_id: int, background: BackgroundRow, at: float
) -> None:
    """Replace what is known of the guild's talk in one language."""
    db.execute(
        "INSERT INTO drift_background"
        " (guild_id, language, passages, terms, updated_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (guild_id, language) DO UPDATE SET"
        " passages = excluded.passages, terms = excluded.terms,"
        " updated_at = excluded.updated_at",
        [
            guild_id,
            background.language,
            background.passages,
            json.dumps(dict(background.terms), ensure_ascii=False),
            at,
        ],
    )


def unlearn(
    db: Database, guild_id: int, background: BackgroundRow, gone: Mapping[str, int]
) -> None:
    """Count terms in so many passages less; at none a term is forgotten."""
    left = {
        term: count - gone.get(term, 0)
        for term, count in background.terms.items()
        if count > gone.get(term, 0)
    }
    db.execute(
        "UPDATE drift_background SET terms = ? WHERE guild_id = ? AND language = ?",
        [json.dumps(left, ensure_ascii=False), guild_id, background.language],
    )
