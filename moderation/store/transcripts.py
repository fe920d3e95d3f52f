"""The transcript: utterances, their earlier wordings and edits.

Rules: a human edit is never overwritten — a later and better pass of the recogniser
is kept as a version beside it, and another human's edit has to know the wording that it
replaces. What is redacted (``redactions``) stays so.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from moderation import traces

REDACTED = traces.REDACTED
"""What stands where redacted words stood."""

COLUMNS = (
    'id, uid, space_id, user_id, start, "end", text, language, words, confidence,'
    " version, edited_by, edited_at, redacted_at"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUtterance:
    """What the recogniser said; times in seconds of the Space."""

    uid: str
    """The utterance's own id, the same in every pass over the same sound."""

    user_id: int
    start: float
    end: float
    text: str
    language: str | None = None
    words: Sequence[tuple[str, float, float, float]] = ()
    """Text, start, end, probability."""

    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class UtteranceRow:
    """One utterance as it is kept, in its newest wording."""

    id: int
    uid: str
    space_id: int
    user_id: int
    start: float
    end: float
    text: str
    language: str | None
    words: Sequence[tuple[str, float, float, float]]
    confidence: float | None
    version: int
    edited_by: int | None
    edited_at: float | None
    redacted_at: float | None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One wording that an utterance has or had."""

    version: int
    text: str
    source: str
    """``machine`` or ``human``."""

    by: int | None
    at: float


class StaleError(Exception):
    """Another wording stands by now: ``row`` has it."""

    def __init__(self, row: UtteranceRow) -> None:
        super().__init__(f"version {row.version} stands")
        self.row = row


def record(
    db: Database, space_id: int, utterance: NewUtterance, at: float
) -> UtteranceRow:
    """Add or improve an utterance and return the row that now stands.

    Where a human has edited or redacted it, the row stands as it is; the machine's
    wording of an edited one is kept among the versions.
    """
    known = _one(db, "space_id = ? AND uid = ?", [space_id, utterance.uid])
    if known is None:
        _insert(db, space_id, utterance)
        row = _must(db, "space_id = ? AND uid = ?", [space_id, utterance.uid])
        _version(db, row.id, VersionRow(1, row.text, "machine", None, at))
        return row
    if known.redacted_at is not None or known.text == utterance.text:
        return known
    version = _newest(db, known.id) + 1
    _version(db, known.id, VersionRow(version, utterance.text, "machine", None, at))
    if known.edited_by is None:
        _improve(db, known.id, utterance, version)
    return _must(db, "id = ?", [known.id])


def edit(
    db: Database, utterance_id: int, version: int, text: str, by: int, at: float
) -> UtteranceRow:
    """Put a human's wording in place of ``version``; from now on it stands.

    Raises LookupError where there is no such line, ``StaleError`` where another wording
    stands by now.
    """
    if standing(db, utterance_id, version).text != text:
        _stand(db, utterance_id, text, by, at)
        db.execute(
            "UPDATE utterances SET edited_by = ?, edited_at = ? WHERE id = ?",
            [by, at, utterance_id],
        )
    return _must(db, "id = ?", [utterance_id])


def standing(db: Database, utterance_id: int, version: int) -> UtteranceRow:
    """Return the line as it stands. Raises LookupError, ``StaleError``."""
    row = _must(db, "id = ?", [utterance_id])
    if row.version != version:
        raise StaleError(row)
    return row


def blank(db: Database, utterance_id: int, left: str, by: int, at: float) -> None:
    """Leave ``left`` of the line and nothing of what it was; for ``redactions``."""
    db.execute(
        "UPDATE utterance_versions SET text = ? WHERE utterance_id = ?",
        [REDACTED, utterance_id],
    )
    _stand(db, utterance_id, left, by, at)
    db.execute("UPDATE utterances SET redacted_at = ? WHERE id = ?", [at, utterance_id])


def read(
    db: Database, space_id: int, after: float = 0.0, limit: int = -1
) -> list[UtteranceRow]:
    """Return the Space's utterances from second ``after`` on, in time order."""
    return _select(
        db,
        "space_id = ? AND start >= ?",
        [space_id, after],
        f"start, id LIMIT {limit:d}",
    )


def get(db: Database, utterance_id: int) -> UtteranceRow | None:
    """Return the utterance, or None when there is no such one."""
    return _one(db, "id = ?", [utterance_id])


def find(db: Database, space_id: int, uid: str) -> UtteranceRow | None:
    """Return the Space's utterance of that name, or None when there is none yet."""
    return _one(db, "space_id = ? AND uid = ?", [space_id, uid])


def of_spaces(db: Database) -> set[int]:
    """Return the Spaces of which there are lines."""
    rows = db.execute("SELECT DISTINCT space_id FROM utterances")
    return {space_id for (space_id,) in rows}


def edited(db: Database) -> dict[int, float]:
    """Return when a line was edited last (Unix seconds), by Space."""
    rows = db.execute(
        "SELECT space_id, max(edited_at) FROM utterances"
        " WHERE edited_at IS NOT NULL GROUP BY space_id"
    )
    return dict(rows.fetchall())


def versions(db: Database, utterance_id: int) -> list[VersionRow]:
    """Return every wording of the utterance, oldest first."""
    rows = db.execute(
        "SELECT version, text, source, by, at FROM utterance_versions"
        " WHERE utterance_id = ? ORDER BY version",
        [utterance_id],
    )
    return [VersionRow(*row) for row in rows]


def _insert(db: Database, space_id: int, utterance: NewUtterance) -> None:
    db.execute(
        "INSERT INTO utterances"
        ' (space_id, uid, user_id, start, "end", text, language, words, confidence)'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            space_id,
            utterance.uid,
            utterance.user_id,
            utterance.start,
            utterance.end,
            utterance.text,
            utterance.language,
            json.dumps(utterance.words, ensure_ascii=False),
            utterance.confidence,
        ],
    )


def _improve(
    db: Database, utterance_id: int, utterance: NewUtterance, version: int
) -> None:
    db.execute(
        'UPDATE utterances SET text = ?, words = ?, confidence = ?, "end" = ?,'
        " start = ?, language = ?, version = ? WHERE id = ?",
        [
            utterance.text,
            json.dumps(utterance.words, ensure_ascii=False),
            utterance.confidence,
            utterance.end,
            utterance.start,
            utterance.language,
            version,
            utterance_id,
        ],
    )


def _stand(db: Database, utterance_id: int, text: str, by: int, at: float) -> None:
    """Put a human's wording among the versions and in place; it has no word times."""
    version = _newest(db, utterance_id) + 1
    _version(db, utterance_id, VersionRow(version, text, "human", by, at))
    db.execute(
        "UPDATE utterances SET text = ?, version = ?, words = '[]' WHERE id = ?",
        [text, version, utterance_id],
    )


def _version(db: Database, utterance_id: int, version: VersionRow) -> None:
    db.execute(
        "INSERT INTO utterance_versions (utterance_id, version, text, source, by, at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            utterance_id,
            version.version,
            version.text,
            version.source,
            version.by,
            version.at,
        ],
    )


def _newest(db: Database, utterance_id: int) -> int:
    (newest,) = db.execute(
        "SELECT coalesce(max(version), 0) FROM utterance_versions"
        " WHERE utterance_id = ?",
        [utterance_id],
    ).fetchone()
    return int(newest)


def _one(db: Database, where: str, values: Sequence[Any]) -> UtteranceRow | None:
    return next(iter(_select(db, where, values)), None)


def _must(db: Database, where: str, values: Sequence[Any]) -> UtteranceRow:
    row = _one(db, where, values)
    if row is None:
        raise LookupError(f"There is no such utterance: {values}.")
    return row


def _select(
    db: Database, where: str, values: Sequence[Any], order: str = "id"
) -> list[UtteranceRow]:
    rows = db.execute(
        f"SELECT {COLUMNS} FROM utterances WHERE {where} ORDER BY {order}",  # noqa: S608 - our own constants
        values,
    )
    return [UtteranceRow(*(*row[:8], _words(row[8]), *row[9:])) for row in rows]


def _words(body: str) -> list[tuple[str, float, float, float]]:
    return [(text, start, end, p) for text, start, end, p in json.loads(body)]
