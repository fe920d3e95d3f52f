"""The file of the record: opened, checked, locked, and what is wrong with it.

Whatever SQLite says of a file becomes one line that names it and the way out.
"""

import os
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from moderation.errors import ModerationError
from moderation.store.migrations import migrate

BUSY_TIMEOUT_MS = 5000
"""How long a connection waits for another one's lock."""

FILE_ERRORS = tuple(
    f"SQLITE_{one}"
    for one in ("FULL", "IOERR", "READONLY", "CANTOPEN", "CORRUPT", "BUSY")
)
"""Beginnings of SQLite's names for what is wrong with the file, not with a write."""


class StoreError(ModerationError):
    """The record cannot be opened or written; the message names the file."""


def make_folder(folder: Path) -> None:
    """Make the folder of the file where there is none. Raises StoreError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"store.folder: {folder} cannot be made: {error.strerror};"
            " set store.folder to a folder that the bot may write to."
        ) from error


def connect(path: Path | None) -> Database:
    """Open ``path`` (None: in memory) for writing, checked and migrated.

    The connection belongs to the calling thread. Raises StoreError.
    """
    if path is not None:
        # What SQLite puts into files of its own is what the record has: beside it is
        # room for that, and nobody else looks there.
        os.environ.setdefault("SQLITE_TMPDIR", str(path.parent.absolute()))
    try:
        connection = sqlite3.connect(":memory:" if path is None else path)
    except sqlite3.Error as error:
        raise explained(error, path) from error
    try:
        _prepare(connection)
        db = Database(connection)
        migrate(db)
    except sqlite3.Error as error:
        connection.close()
        raise explained(error, path) from error
    except StoreError:
        connection.close()
        raise
    return db


def _prepare(connection: sqlite3.Connection) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "secure_delete=ON",  # what is erased or redacted is overwritten with zeros
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"quick_check: {verdict}")


def reader(path: Path) -> sqlite3.Connection:
    """Open ``path`` for reading only, for any one thread at a time."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False
    )
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    return connection


def purge(db: Database) -> None:
    """Leave nothing in the file of what was deleted or overwritten before.

    ``secure_delete`` alone does not: a page that SQLite once split keeps copies of the
    rows that moved, and the log keeps pages as they were. So every row is written to
    new pages, and the log is emptied. Not inside a transaction; 0.9 s for 40 MB, and
    twice the record's size on the disk meanwhile. Raises sqlite3.Error, and
    OperationalError where somebody reads an earlier state for long.
    """
    db.execute("PRAGMA temp_store=FILE")  # the copy, or it would be all in memory
    try:
        db.execute("VACUUM")
    finally:
        db.execute("PRAGMA temp_store=MEMORY")
    busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("the log could not be emptied: it is being read")


def lock(path: Path) -> sqlite3.Connection:
    """Hold ``<path>.lock``; SQLite's own locks end with the process that held them.

    Raises StoreError where another bot holds it.
    """
    beside = path.with_name(path.name + ".lock")
    try:
        connection = sqlite3.connect(beside, timeout=0, check_same_thread=False)
    except sqlite3.Error as error:
        raise explained(error, beside) from error
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        connection.close()
        if getattr(error, "sqlite_errorname", "") == "SQLITE_BUSY":
            raise StoreError(
                f"{path} is in use by another running bot;"
                " stop that one, or give this one another file (store.folder)."
            ) from error
        raise explained(error, beside) from error
    return connection


def handed(error: Exception, path: Path | None) -> Exception:
    """Return a write's own error, or what is wrong with the file, explained."""
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, sqlite3.Error) and name.startswith(FILE_ERRORS):
        return explained(error, path)
    return error


def is_broken(error: sqlite3.Error) -> bool:
    """Say whether the file holds no record that can be read."""
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT"))


def explained(error: sqlite3.Error, path: Path | None) -> StoreError:
    """Return what went wrong with the file and the way out, as one line."""
    file = path or "the database in memory"
    # SQLite result codes: https://www.sqlite.org/rescode.html
    match getattr(error, "sqlite_errorname", ""):
        case "SQLITE_NOTADB":
            why = "is not an SQLite database; move it away or set store.folder"
        case "SQLITE_FULL":
            why = "cannot grow: the disk is full; free some space"
        case "SQLITE_READONLY" | "SQLITE_CANTOPEN" | "SQLITE_PERM":
            why = "cannot be written; check its permissions, or set store.folder"
        case name if name.startswith("SQLITE_CORRUPT") or "quick_check" in str(error):
            why = "is damaged; move it away, or restore a backup"
        case _:
            why = f"failed: {error}"
    return StoreError(f"{file} {why}.")
