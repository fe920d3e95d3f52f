"""Rules of a guild's Spaces, every version of them, and who accepted which.

A version is never changed: an edit is a new row, and its id is what is accepted. A
format without rules of its own has the guild's (format ``""``). Empty text: no rules.
"""

from dataclasses import dataclass

from sqlite_utils import Database

EVERY = ""
"""The format of rules that hold wherever a format has none of its own."""


@dataclass(frozen=True, slots=True)
class RulesRow:
    """One version of rules."""

    id: int
    guild_id: int
    format: str
    text: str
    by_id: int
    at: float
    """Unix seconds."""


_COLUMNS = "id, guild_id, format, text, by_id, at"


def write(
    db: Database, guild_id: int, format: str, text: str, by_id: int, at: float
) -> RulesRow:
    """Keep a new version; the same text again makes none. Return what is in force."""
    newest = _newest(db, guild_id, format)
    if newest is not None and newest.text == text:
        return newest
    cursor = db.execute(
        "INSERT INTO rules (guild_id, format, text, by_id, at) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        [guild_id, format, text, by_id, at],
    )
    (rules_id,) = cursor.fetchone()
    return RulesRow(int(rules_id), guild_id, format, text, by_id, at)


def in_force(db: Database, guild_id: int, format: str) -> RulesRow | None:
    """Return the rules of a Space of this format; None where there are none."""
    own = _newest(db, guild_id, format)
    row = own if own is not None and own.text else _newest(db, guild_id, EVERY)
    return row if row is not None and row.text else None


def newest(db: Database, guild_id: int, format: str) -> RulesRow | None:
    """Return the newest version of exactly this format, also one without text."""
    return _newest(db, guild_id, format)


def get(db: Database, rules_id: int) -> RulesRow | None:
    """Return one version, or None where there is no such one."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM rules WHERE id = ?",  # noqa: S608 - our own constant
        [rules_id],
    ).fetchone()
    return None if row is None else RulesRow(*row)


def accept(db: Database, rules_id: int, user_id: int, at: float) -> None:
    """Note that a member accepted a version; the first time counts."""
    db.execute(
        "INSERT INTO rules_accepted (rules_id, user_id, at) VALUES (?, ?, ?)"
        " ON CONFLICT (rules_id, user_id) DO NOTHING",
        [rules_id, user_id, at],
    )


def accepted(db: Database, rules_id: int) -> dict[int, float]:
    """Return who accepted a version, and when (Unix seconds)."""
    rows = db.execute(
        "SELECT user_id, at FROM rules_accepted WHERE rules_id = ? ORDER BY at, rowid",
        [rules_id],
    )
    return dict(rows.fetchall())


def _newest(db: Database, guild_id: int, format: str) -> RulesRow | None:
    row = db.execute(
        f"SELECT {_COLUMNS} FROM rules WHERE guild_id = ? AND format = ?"  # noqa: S608 - our own constant
        " ORDER BY id DESC LIMIT 1",
        [guild_id, format],
    ).fetchone()
    return None if row is None else RulesRow(*row)
