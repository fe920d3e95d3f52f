"""Series of planned Spaces; what a ``body`` means is known to ``scheduler`` alone."""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRow:
    """One series as it is kept."""

    id: int
    """0 for a series that is not kept yet."""

    guild_id: int
    over: bool = False
    """Nothing comes of it any more."""

    event_id: int | None = None
    """Discord's repeated scheduled event."""

    body: str
    """Everything else, JSON."""


def insert(db: Database, series: SeriesRow) -> int:
    """Add a series and return its id; ``series.id`` is not looked at."""
    cursor = db.execute(
        "INSERT INTO series (guild_id, over, event_id, body) VALUES (?, ?, ?, ?)"
        " RETURNING id",
        [series.guild_id, int(series.over), series.event_id, series.body],
    )
    (series_id,) = cursor.fetchone()
    return int(series_id)


def update(db: Database, series: SeriesRow) -> None:
    """Put the series in place of the one with its id."""
    db.execute(
        "UPDATE series SET guild_id = ?, over = ?, event_id = ?, body = ? WHERE id = ?",
        [series.guild_id, int(series.over), series.event_id, series.body, series.id],
    )


def get(db: Database, series_id: int) -> SeriesRow | None:
    """Return the series, or None when there is no such one."""
    return next(iter(_select(db, "id = ?", series_id)), None)


def by_event(db: Database, event_id: int) -> SeriesRow | None:
    """Return the series of one of Discord's repeated events, or None."""
    return next(iter(_select(db, "event_id = ?", event_id)), None)


def running(db: Database) -> list[SeriesRow]:
    """Return every series that something still comes of."""
    return _select(db, "over = ?", 0)


def of_guild(db: Database, guild_id: int) -> list[SeriesRow]:
    """Return every series of a guild."""
    return _select(db, "guild_id = ?", guild_id)


def with_event(db: Database) -> list[int]:
    """Return the series that have an event or that something still comes of."""
    found = db.execute(
        "SELECT id FROM series WHERE over = 0 OR event_id IS NOT NULL ORDER BY id"
    )
    return [int(series_id) for (series_id,) in found.fetchall()]


def _select(db: Database, where: str, value: int) -> list[SeriesRow]:
    rows = db.query(
        f"SELECT id, guild_id, over, event_id, body FROM series WHERE {where}"  # noqa: S608 - our own constants
        " ORDER BY id",
        [value],
    )
    return [SeriesRow(**(row | {"over": bool(row["over"])})) for row in rows]
