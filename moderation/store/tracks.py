"""The files of a Space: one track per consenting speaker, and their mix.

Rule: a file is deleted in three steps, so that a process may be killed between any
two of them. ``intend`` says that it is to go, why, and what it is; then the file goes;
``deleted`` says that it is gone. A row never says so of a file that is still there.
"""

from dataclasses import dataclass

from sqlite_utils import Database

COLUMNS = (
    'id, user_id, kind, path, start, "end", size_bytes, state,'
    " expires_at, deleted_at, sha256, space_id, deleting_at, why, trouble"
)


RETENTION, ERASED = "retention", "erased"
"""Why a file goes: its time is over; whose voice it is wanted it."""


@dataclass(frozen=True, slots=True)
class TrackRow:
    """One file."""

    id: int
    user_id: int | None
    """Whose voice; None for a render of several."""

    kind: str
    """``track`` or ``mix``."""

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
    """Of the file when it was deleted: the proof of what is gone. None of a deleted
    one where nothing could be proved: ``trouble`` has why it could not be read, or the
    file was gone before."""

    space_id: int
    deleting_at: float | None = None
    """When it was decided that it goes (Unix seconds), before it did."""

    why: str = ""
    """Why it goes: ``RETENTION`` or ``ERASED``."""

    trouble: str = ""
    """What the system said when it refused to delete it, or to read it before."""


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


def intend(
    db: Database,
    track_id: int,
    at: float,
    why: str,
    *,
    sha256: str | None,
    size_bytes: int | None,
    trouble: str = "",
) -> None:
    """Note that the file is about to be deleted, and what it is; the first why counts.

    What is not known now (None) stays as it was noted: the file may be gone already.
    """
    db.execute(
        "UPDATE tracks SET deleting_at = coalesce(deleting_at, ?),"
        " why = CASE why WHEN '' THEN ? ELSE why END,"
        " sha256 = coalesce(?, sha256), size_bytes = coalesce(?, size_bytes),"
        " trouble = CASE ? WHEN '' THEN trouble ELSE ? END"
        " WHERE id = ? AND deleted_at IS NULL",
        [at, why, sha256, size_bytes, trouble, trouble, track_id],
    )


def refused(db: Database, track_id: int, trouble: str) -> None:
    """Note that the file could not be deleted and what the system said."""
    db.execute("UPDATE tracks SET trouble = ? WHERE id = ?", [trouble, track_id])


def deleted(db: Database, track_id: int, at: float) -> None:
    """Note that the file is gone; trouble stays only where there is no hash."""
    db.execute(
        "UPDATE tracks SET state = 'deleted', deleted_at = ?,"
        " trouble = CASE WHEN sha256 IS NULL THEN trouble ELSE '' END"
        " WHERE id = ? AND deleting_at IS NOT NULL AND deleted_at IS NULL",
        [at, track_id],
    )


def get(db: Database, track_id: int) -> TrackRow | None:
    """Return one file, or None where there is no such one."""
    return next(iter(_select(db, "id = ?", track_id)), None)


def read(db: Database, space_id: int) -> list[TrackRow]:
    """Return the Space's files in the order they were begun."""
    return _select(db, "space_id = ?", space_id)


def there(db: Database) -> list[TrackRow]:
    """Return the files of all Spaces that are not known to be gone."""
    return _select(db, "deleted_at IS NULL")


def expire(db: Database, space_id: int, at: float) -> None:
    """Note that the Space's files expire at ``at`` (Unix seconds), or sooner."""
    db.execute(
        "UPDATE tracks SET expires_at = min(coalesce(expires_at, ?), ?)"
        " WHERE space_id = ? AND deleted_at IS NULL",
        [at, at, space_id],
    )


def move(db: Database, space_id: int, before: str, now: str) -> None:
    """Note that the folder of the Space's files is another one."""
    db.execute(
        "UPDATE tracks SET path = :now || substr(path, length(:before) + 1)"
        " WHERE space_id = :space AND instr(path, :before || '/') = 1",
        {"space": space_id, "before": before, "now": now},
    )


def expired(db: Database, now: float) -> list[TrackRow]:
    """Return the files whose time is over, which are there, and of ended Spaces."""
    return _select(
        db,
        "expires_at <= ? AND deleted_at IS NULL AND space_id IN"
        " (SELECT id FROM spaces WHERE ended_at IS NOT NULL)",
        now,
    )


def half_deleted(db: Database) -> list[TrackRow]:
    """Return the files that were to go and of which nobody knows that they are gone."""
    return _select(db, "deleting_at IS NOT NULL AND deleted_at IS NULL")


def unmixed(db: Database) -> set[int]:
    """Return the Spaces whose mix was erased and not made anew."""
    rows = db.execute(
        "SELECT space_id FROM tracks GROUP BY space_id HAVING"
        " sum(kind = 'mix' AND why = ?) > 0"
        " AND sum(kind = 'mix' AND deleting_at IS NULL) = 0",
        [ERASED],
    )
    return {space_id for (space_id,) in rows}


def _select(db: Database, where: str, *values: float) -> list[TrackRow]:
    rows = db.execute(
        f"SELECT {COLUMNS} FROM tracks WHERE {where} ORDER BY id",  # noqa: S608 - our own constants
        values,
    )
    return [TrackRow(*row) for row in rows]
