"""The mute ledger: whom the bot has server-muted and still owes an unmute.

A server mute outlives the room it was made in, so the debt is written *before* the
mute is asked for, and struck out after Discord has undone it.
"""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class MuteRow:
    """One unmute that is owed."""

    guild_id: int
    user_id: int
    space_id: int | None
    muted_at: float
    """Unix seconds."""


def owe(
    db: Database, guild_id: int, user_id: int, space_id: int | None, at: float
) -> None:
    """Write down that the member is about to be muted by us; twice is once."""
    db.execute(
        "INSERT INTO mutes (guild_id, user_id, space_id, muted_at)"
        " VALUES (?, ?, ?, ?)"
        " ON CONFLICT (guild_id, user_id) WHERE released_at IS NULL DO NOTHING",
        [guild_id, user_id, space_id, at],
    )


def release(db: Database, guild_id: int, user_id: int, at: float) -> bool:
    """Strike out the debt once the member is unmuted; False: nothing was owed."""
    cursor = db.execute(
        "UPDATE mutes SET released_at = ?"
        " WHERE guild_id = ? AND user_id = ? AND released_at IS NULL",
        [at, guild_id, user_id],
    )
    return cursor.rowcount > 0


def owed(db: Database, guild_id: int | None = None) -> list[MuteRow]:
    """Return every unmute still owed, in one guild or (None) in all, oldest first."""
    rows = db.execute(
        "SELECT guild_id, user_id, space_id, muted_at FROM mutes"
        " WHERE released_at IS NULL AND (? IS NULL OR guild_id = ?) ORDER BY id",
        [guild_id, guild_id],
    )
    return [MuteRow(*row) for row in rows]
