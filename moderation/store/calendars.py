"""Calendar feeds: the secret in each guild's address, and since when it says what.

The secret is kept as it is, because members are shown the address again; ``repr``
leaves it out.
"""

from dataclasses import dataclass, field

from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRow:
    """One guild's feed."""

    guild_id: int
    secret: str = field(repr=False)
    made_at: float
    """When the secret was made, Unix seconds."""

    digest: str = ""
    """Of what the feed said when it was last read."""

    changed_at: float = 0.0
    """Since when it says that, Unix seconds."""


def get(db: Database, guild_id: int) -> CalendarRow | None:
    """Return a guild's feed, or None where nobody asked for one yet."""
    rows = db.query(
        "SELECT guild_id, secret, made_at, digest, changed_at FROM calendars"
        " WHERE guild_id = ?",
        [guild_id],
    )
    return next((CalendarRow(**row) for row in rows), None)


def open_once(db: Database, guild_id: int, secret: str, now: float) -> CalendarRow:
    """Return the guild's feed, made with ``secret`` where there was none."""
    db.execute(
        "INSERT INTO calendars (guild_id, secret, made_at) VALUES (?, ?, ?)"
        " ON CONFLICT (guild_id) DO NOTHING",
        [guild_id, secret, now],
    )
    kept = get(db, guild_id)
    assert kept is not None  # noqa: S101 - written above
    return kept


def renew(db: Database, guild_id: int, secret: str, now: float) -> None:
    """Give the feed another secret: the old address is nobody's any more."""
    db.execute(
        "INSERT INTO calendars (guild_id, secret, made_at) VALUES (?, ?, ?)"
        " ON CONFLICT (guild_id) DO UPDATE SET secret = excluded.secret,"
        " made_at = excluded.made_at",
        [guild_id, secret, now],
    )


def note(db: Database, guild_id: int, digest: str, now: float) -> float:
    """Note what the feed says now; return since when it says so, Unix seconds."""
    db.execute(
        "UPDATE calendars SET digest = ?, changed_at = max(?, changed_at + 1)"
        " WHERE guild_id = ? AND digest <> ?",
        [digest, now, guild_id, digest],
    )
    kept = get(db, guild_id)
    return now if kept is None else kept.changed_at
