"""The files of a Space: one track per consenting speaker, renders, exports."""

from dataclasses import dataclass

from sqlite_utils import Database

COLUMNS = (
    'id, user_id, kind, path, start, "end", size_bytes, state,'
    " expires_at, deleted_at, sha256"
)


@dataclass(frozen=True, slots=True)
class TrackRow:
    """One file."""

    id: int
    user_id: int | None
    """Whose voice; None for a render of several."""

    kind: str
    """``track``, ``mix``, ``transcript``…"""

    path: str
    start: float
    """Seconds of the Space at which the file begins."""

    end: float | None
    size_bytes: int | None
    state: str
    """``open``, ``complete``, ``stopped`` (it lacks some) or ``deleted``."""

    expires_at: float | None
    """Unix seconds after which retention deletes it."""

    deleted_at: float | None
    sha256: str | None
    """Of the file when it was deleted: the proof of what is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrack:
    """A file that has been begun."""

    space_id: int
    path: str
    start: float
    user_id: int | None = None
    kind: str = "track"
    expires_at: float | None = None


def begin(db: Database, track: NewTrack) -> int:
    """Add a file that is being written and return its id."""
    cursor = db.execute(
        "INSERT INTO tracks (space_id, user_id, kind, path, start, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        [
            track.space_id,
            track.user_id,
            track.kind,
            track.path,
            track.start,
            track.expires_at,
        ],
    )
    (track_id,) = cursor.fetchone()
    return int(track_id)


def finish(
    db: Database, track_id: int, end: float, size_bytes: int, state: str = "complete"
) -> None:
    """Note that the file is closed; ``end`` in seconds of the Space."""
    db.execute(
        'UPDATE tracks SET "end" = ?, size_bytes = ?, state = ? WHERE id = ?',
        [end, size_bytes, state, track_id],
    )


def resize(db: Database, track_id: int, size_bytes: int) -> bool:
    """Note that the file was made anew; False where it is one that was deleted."""
    cursor = db.execute(
        "UPDATE tracks SET size_bytes = ? WHERE id = ? AND deleted_at IS NULL",
        [size_bytes, track_id],
    )
    return cursor.rowcount > 0


def delete(db: Database, track_id: int, at: float, sha256: str) -> None:
    """Note that the file was deleted, and the hash of what it was."""
    db.execute(
        "UPDATE tracks SET state = 'deleted', deleted_at = ?, sha256 = ? WHERE id = ?",
        [at, sha256, track_id],
    )


def read(db: Database, space_id: int) -> list[TrackRow]:
    """Return the Space's files in the order they were begun."""
    return _select(db, "space_id = ?", space_id)


def expired(db: Database, now: float) -> list[TrackRow]:
    """Return the files whose time is over and which are still there."""
    return _select(db, "expires_at <= ? AND deleted_at IS NULL", now)


def _select(db: Database, where: str, value: float) -> list[TrackRow]:
    rows = db.execute(
        f"SELECT {COLUMNS} FROM tracks WHERE {where} ORDER BY id",  # noqa: S608 - our own constants
        [value],
    )
    return [TrackRow(*row) for row in rows]
