"""Who asked that everything kept of them be erased, when, and what it came to.

Rules: a row is written in the transaction of the asking, together with the consent that
is taken back, and stays as the proof; one that is not done is gone on with by the next
process. It holds the bare id of who asked: so does the ledger of consent beside it, and
whoever asks later, or sends something late (a line that was still being recognised),
has to be known again. What was erased is in it as counts, never as words.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

COLUMNS = (
    "id, guild_id, user_id, asked_at, language, counts, done_at, told_at, last_space_id"
)


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """One erasure."""

    id: int
    guild_id: int
    user_id: int
    asked_at: float
    """Unix seconds."""

    language: str
    """In which they are told."""

    counts: Mapping[str, int]
    """What was there to erase when they asked, by what it is."""

    done_at: float | None
    """Unix seconds; None while something is still to be done."""

    told_at: float | None
    """When they were told that it is done; None: not yet, or they cannot be."""

    last_space_id: int
    """The newest Space of the guild when they asked: it is about all until that one,
    whatever the clock said of any."""


def begin(
    db: Database,
    guild_id: int,
    user_id: int,
    at: float,
    language: str,
    counts: Mapping[str, int],
) -> ErasureRow | None:
    """Write down that a member asked; None where one of theirs is under way."""
    if under_way(db, guild_id, user_id) is not None:
        return None
    (new,) = db.execute(
        "INSERT INTO erasures"
        " (guild_id, user_id, asked_at, language, counts, last_space_id)"
        " VALUES (?, ?, ?, ?, ?,"
        " (SELECT coalesce(max(id), 0) FROM spaces WHERE guild_id = ?)) RETURNING id",
        [guild_id, user_id, at, language, json.dumps(dict(counts)), guild_id],
    ).fetchone()
    return get(db, int(new))


def get(db: Database, erasure_id: int) -> ErasureRow | None:
    """Return one erasure, or None."""
    return next(iter(_select(db, "id = ?", erasure_id)), None)


def under_way(db: Database, guild_id: int, user_id: int) -> ErasureRow | None:
    """Return the member's erasure that is not done, or None."""
    where = "guild_id = ? AND user_id = ? AND done_at IS NULL"
    return next(iter(_select(db, where, guild_id, user_id)), None)


def last(db: Database, guild_id: int, user_id: int) -> ErasureRow | None:
    """Return the member's newest erasure, done or not, or None."""
    found = _select(db, "guild_id = ? AND user_id = ?", guild_id, user_id)
    return found[-1] if found else None


def open_ones(db: Database) -> list[ErasureRow]:
    """Return what is still to be done, the longest asked for first."""
    return _select(db, "done_at IS NULL")


def untold(db: Database) -> list[ErasureRow]:
    """Return what is done and of which nobody was told."""
    return _select(db, "done_at IS NOT NULL AND told_at IS NULL")


def count(db: Database, erasure_id: int, key: str, n: int) -> None:
    """Add a figure to the proof; told again it is the new one."""
    db.execute(
        "UPDATE erasures SET counts = json_set(counts, '$.' || ?, ?) WHERE id = ?",
        [key, n, erasure_id],
    )


def finish(db: Database, erasure_id: int, at: float) -> None:
    """Note that everything is erased."""
    db.execute("UPDATE erasures SET done_at = ? WHERE id = ?", [at, erasure_id])


def told(db: Database, erasure_id: int, at: float) -> None:
    """Note that the member was told, or that they cannot be."""
    db.execute("UPDATE erasures SET told_at = ? WHERE id = ?", [at, erasure_id])


def covers(db: Database, space_id: int, user_id: int, start: float) -> bool:
    """Say whether words of a member from second ``start`` of the Space are erased.

    So is everything that was said before they asked, and while it is under way what
    they say in a Space that was open then.
    """
    found = db.execute(
        "SELECT 1 FROM erasures AS e JOIN spaces AS s ON s.guild_id = e.guild_id"
        " WHERE s.id = ? AND e.user_id = ? AND s.id <= e.last_space_id"
        " AND (e.done_at IS NULL OR s.opened_at + ? <= e.asked_at) LIMIT 1",
        [space_id, user_id, start],
    ).fetchone()
    return found is not None


def _select(db: Database, where: str, *values: int) -> list[ErasureRow]:
    rows = db.execute(
        f"SELECT {COLUMNS} FROM erasures WHERE {where} ORDER BY id",  # noqa: S608 - our own constants
        values,
    )
    return [ErasureRow(*(*row[:5], json.loads(row[5]), *row[6:])) for row in rows]
