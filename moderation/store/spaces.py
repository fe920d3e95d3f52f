"""The Spaces there are and were, and the practice rooms before them.

A practice room is a row of its own and no Space: only ``practices`` knows it. Nothing
that looks for Spaces finds one, so that none is counted, listed or taken up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

COLUMNS = (
    "id, guild_id, channel_id, host_id, kind, topic, language, plan_id, folder,"
    " opened_at, ended_at, keep_days"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSpace:
    """What is known when a Space opens."""

    guild_id: int
    channel_id: int
    host_id: int
    kind: str
    """``stage`` or ``voice``."""

    topic: str
    opened_at: float
    """Unix seconds: the zero of the Space's own time."""

    language: str = "en"
    plan_id: int | None = None
    folder: str | None = None
    """Where its recordings and exports go."""

    practice: bool = False
    """A practice room before the plan's Space."""

    keep_days: float | None = None
    """For how many days after its end its sound is kept, as members are told."""


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """One Space as it is kept."""

    id: int
    guild_id: int
    channel_id: int
    host_id: int
    kind: str
    topic: str
    language: str
    plan_id: int | None
    folder: str | None
    opened_at: float
    ended_at: float | None
    keep_days: float | None = None
    """For how many days after its end its sound may be kept, by what members were
    told; None of Spaces from before that was noted."""


def create(db: Database, space: NewSpace) -> int:
    """Add a Space and return its id."""
    cursor = db.execute(
        "INSERT INTO spaces (guild_id, channel_id, host_id, kind, topic, language,"
        " plan_id, folder, opened_at, practice, keep_days)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        [
            space.guild_id,
            space.channel_id,
            space.host_id,
            space.kind,
            space.topic,
            space.language,
            space.plan_id,
            space.folder,
            space.opened_at,
            int(space.practice),
            space.keep_days,
        ],
    )
    (space_id,) = cursor.fetchone()
    return int(space_id)


def count_from(db: Database, space_id: int) -> None:
    """Let the next Space have an id beyond this one, if it would not anyhow.

    A record that was lost, or is an older one, must not give the ids of Spaces whose
    sound is there yet to others.
    """
    # https://www.sqlite.org/autoinc.html: the table may be written by anybody.
    counted = db.execute(
        "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'spaces'", [space_id]
    )
    if not counted.rowcount:
        db.execute("INSERT INTO sqlite_sequence VALUES ('spaces', ?)", [space_id])


def end(db: Database, space_id: int, at: float) -> None:
    """Note that the Space is over; the first end counts."""
    db.execute(
        "UPDATE spaces SET ended_at = ? WHERE id = ? AND ended_at IS NULL",
        [at, space_id],
    )


def keep_at_most(db: Database, days: float) -> None:
    """Note that what live Spaces record is kept for ``days`` at most from now on."""
    db.execute(
        "UPDATE spaces SET keep_days = min(coalesce(keep_days, ?), ?)"
        " WHERE ended_at IS NULL AND practice = 0",
        [days, days],
    )


def beat(db: Database, lags: Mapping[int, float], at: float) -> None:
    """Note that the bot is there for Spaces at ``at`` (Unix seconds).

    ``lags``: by how many seconds the words of each are late.
    """
    db.conn.executemany(
        "UPDATE spaces SET alive_at = ?, lag_s = ? WHERE id = ?",
        [(at, lag_s, space_id) for space_id, lag_s in lags.items()],
    )


def last_beat(db: Database, space_id: int) -> float | None:
    """Return when the bot was last there for the Space; None where never noted."""
    row = db.execute("SELECT alive_at FROM spaces WHERE id = ?", [space_id]).fetchone()
    return None if row is None or row[0] is None else float(row[0])


def last_lag(db: Database, space_id: int) -> float:
    """Return how late the Space's words were at its last beat, in seconds."""
    row = db.execute("SELECT lag_s FROM spaces WHERE id = ?", [space_id]).fetchone()
    return 0.0 if row is None or row[0] is None else float(row[0])


def set_folder(db: Database, space_id: int, folder: str) -> None:
    """Note where the Space's files go."""
    db.execute("UPDATE spaces SET folder = ? WHERE id = ?", [folder, space_id])


def set_topic(db: Database, space_id: int, topic: str) -> None:
    """Note the Space's new topic."""
    db.execute("UPDATE spaces SET topic = ? WHERE id = ?", [topic, space_id])


def get(db: Database, space_id: int) -> SpaceRow | None:
    """Return the Space, or None when there is no such one."""
    return next(iter(_select(db, "id = ?", [space_id])), None)


def ids(db: Database) -> set[int]:
    """Return the ids of everything that is kept here, practice rooms too."""
    return {space_id for (space_id,) in db.execute("SELECT id FROM spaces")}


def live(db: Database) -> list[SpaceRow]:
    """Return the Spaces that have not ended, for taking them up after a restart."""
    return _select(db, "ended_at IS NULL", [])


def live_in(db: Database, channel_id: int) -> list[int]:
    """Return the Spaces of a channel that have not ended."""
    rows = db.execute(
        "SELECT id FROM spaces WHERE channel_id = ? AND ended_at IS NULL"
        " AND practice = 0",
        [channel_id],
    )
    return [space_id for (space_id,) in rows]


def ended_since(db: Database, at: float) -> list[SpaceRow]:
    """Return the Spaces that ended at ``at`` (Unix seconds) or later, newest first."""
    return _select(db, "ended_at >= ?", [at])


def ended(db: Database) -> list[SpaceRow]:
    """Return every Space that has ended, newest first."""
    return _select(db, "ended_at IS NOT NULL", [])


def last_in(db: Database, channel_id: int) -> SpaceRow | None:
    """Return the newest Space of a channel that has ended, or None."""
    ended = "channel_id = ? AND ended_at IS NOT NULL"
    return next(iter(_select(db, ended, [channel_id], 1)), None)


def of_plan(db: Database, plan_id: int) -> SpaceRow | None:
    """Return the newest Space that a plan became, or None."""
    return next(iter(_select(db, "plan_id = ?", [plan_id], 1)), None)


def practices(db: Database) -> list[SpaceRow]:
    """Return the practice rooms that have not ended."""
    return _select(db, "ended_at IS NULL", [], practice=True)


def recent(db: Database, guild_id: int, limit: int = 25) -> list[SpaceRow]:
    """Return the guild's newest Spaces, newest first."""
    return _select(db, "guild_id = ?", [guild_id], limit)


def run_by(db: Database, guild_id: int, user_id: int) -> set[int]:
    """Return the guild's Spaces that a member ever hosted or co-hosted."""
    opened = db.execute(
        "SELECT id FROM spaces WHERE guild_id = ? AND host_id = ? AND practice = 0",
        [guild_id, user_id],
    )
    joined = db.execute(
        "SELECT s.id FROM spaces AS s JOIN journal AS j ON j.space_id = s.id"
        " WHERE s.guild_id = ? AND s.practice = 0"
        " AND j.name IN ('CohostAdded', 'HandedOver', 'HostClaimed')"
        " AND json_extract(j.body, '$.user_id') = ?",
        [guild_id, user_id],
    )
    return {space_id for rows in (opened, joined) for (space_id,) in rows}


def visitors_before(db: Database, guild_id: int, at: float) -> set[int] | None:
    """Return who was in the guild's Spaces that opened before ``at`` (Unix seconds).

    None where there was none before. Members who were erased are nobody.
    """
    before = "s.guild_id = ? AND s.opened_at < ? AND s.practice = 0"
    earlier = f"SELECT 1 FROM spaces AS s WHERE {before} LIMIT 1"  # noqa: S608 - our own constants
    if db.execute(earlier, [guild_id, at]).fetchone() is None:
        return None
    came = db.execute(
        "SELECT DISTINCT json_extract(j.body, '$.user_id') FROM spaces AS s"  # noqa: S608 - our own constants
        f" JOIN journal AS j ON j.space_id = s.id WHERE {before}"
        " AND j.name = 'MemberJoined'",
        [guild_id, at],
    )
    return {int(user_id) for (user_id,) in came if user_id is not None and user_id > 0}


def _select(
    db: Database,
    where: str,
    values: Sequence[Any],
    limit: int = -1,
    *,
    practice: bool = False,
) -> list[SpaceRow]:
    rows = db.execute(
        f"SELECT {COLUMNS} FROM spaces WHERE ({where}) AND practice = ?"  # noqa: S608 - our own constants
        " ORDER BY opened_at DESC, id DESC LIMIT ?",
        [*values, int(practice), limit],
    )
    return [SpaceRow(*row) for row in rows]
