"""The last voice check of each member: a score and what was wrong, never any sound."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class VoiceCheckRow:
    """What one check found."""

    user_id: int
    at: float
    """Unix seconds."""

    score: int
    """0 to 100."""

    faults: str = ""
    """What was wrong, as in ``media.soundcheck``, separated by spaces."""


def keep(db: Database, guild_id: int, row: VoiceCheckRow) -> None:
    """Put a member's newest check in place of the one before."""
    db.execute(
        "INSERT INTO voice_checks (guild_id, user_id, at, score, faults)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (guild_id, user_id) DO UPDATE SET"
        " at = excluded.at, score = excluded.score, faults = excluded.faults",
        [guild_id, row.user_id, row.at, row.score, row.faults],
    )


def of_members(
    db: Database, guild_id: int, user_ids: Iterable[int]
) -> dict[int, VoiceCheckRow]:
    """Return the last check of those of ``user_ids`` who ever made one."""
    found = {}
    for user_id in user_ids:
        row = db.execute(
            "SELECT user_id, at, score, faults FROM voice_checks"
            " WHERE guild_id = ? AND user_id = ?",
            [guild_id, user_id],
        ).fetchone()
        if row is not None:
            found[user_id] = VoiceCheckRow(*row)
    return found
