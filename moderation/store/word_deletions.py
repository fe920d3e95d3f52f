"""Transcripts whose time is over: their words go, and the proof of them stays.

Rule: words and proof change in one write. What has to follow (``Store.purge``, files)
is open until ``settle``, so that a process that dies goes on with it.
"""

from dataclasses import dataclass, fields

from sqlite_utils import Database

from moderation.store import redactions, transcripts


@dataclass(frozen=True, slots=True, kw_only=True)
class WordDeletionRow:
    """The words of one Space that are gone."""

    space_id: int
    at: float
    """Unix seconds."""

    lines: int
    sha256: str
    """Of the transcript as a file, ``transcript.json``."""

    done_at: float | None = None
    """When files and the bytes of the record were without them; None: not yet."""


COLUMNS = ", ".join(field.name for field in fields(WordDeletionRow))


def forget(db: Database, space_id: int, at: float, sha256: str) -> None:
    """Delete every line of an ended Space, its wordings, and what quotes them.

    What drift learned stays: it counts words of the guild, whoever said them.
    ``Store.purge`` has to follow.
    """
    lines = transcripts.read(db, space_id)
    db.execute(
        "INSERT INTO word_deletions (space_id, at, lines, sha256) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (space_id) DO UPDATE SET done_at = NULL,"
        " lines = lines + excluded.lines",
        [space_id, at, len(lines), sha256],
    )
    redactions.unquote(db, space_id, lines, learned=False)
    db.execute(
        "DELETE FROM utterance_versions WHERE utterance_id IN"
        " (SELECT id FROM utterances WHERE space_id = ?)",
        [space_id],
    )
    db.execute("DELETE FROM utterances WHERE space_id = ?", [space_id])
    # The search index keeps deleted words in its old segments until it is merged.
    db.execute("INSERT INTO utterances_fts (utterances_fts) VALUES ('optimize')")


def get(db: Database, space_id: int) -> WordDeletionRow | None:
    """Return what was deleted of a Space; None where nothing was."""
    return next(iter(_select(db, "space_id = ?", space_id)), None)


def unsettled(db: Database) -> list[WordDeletionRow]:
    """Return those of which files or bytes may hold words still."""
    return _select(db, "done_at IS NULL")


def settle(db: Database, space_id: int, at: float) -> None:
    """Note that nothing holds the Space's words any more."""
    db.execute(
        "UPDATE word_deletions SET done_at = ? WHERE space_id = ?", [at, space_id]
    )


def _select(db: Database, where: str, *values: int) -> list[WordDeletionRow]:
    rows = db.query(
        f"SELECT {COLUMNS} FROM word_deletions WHERE {where} ORDER BY space_id",  # noqa: S608 - our own constants
        values,
    )
    return [WordDeletionRow(**row) for row in rows]
