"""What is erased of a member in one Space: words first, then every trace.

Each function is one write and may be run again: what is gone already is no error. What
becomes of each table is written in ``holdings``. Files are the edge's, and so is
``Store.purge``, which has to follow.
"""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from moderation.drift.words import stems
from moderation.store import journal, redactions, spaces, transcripts
from moderation.store.erasure.stand_in import put, put_into_audit, put_into_json
from moderation.traces import without

TRACES: Final = (
    ("spurts", "user_id"),
    ("missed", "user_id"),
    ("nudges", "user_id"),
    ("nudges", "answered_by"),
    ("redactions", "user_id"),
    ("redactions", "by"),
    ("utterances", "edited_by"),
    ("caption_lines", "user_id"),
    ("tracks", "user_id"),
)
"""Columns in which the stand-in takes the member's place."""

LINES: Final = "utterance_id IN (SELECT id FROM utterances WHERE space_id = :space)"


@dataclass(frozen=True, slots=True)
class Concerned:
    """One Space that an erasure is about."""

    id: int
    folder: str | None
    is_over: bool


def until(db: Database, guild_id: int, last_id: int) -> list[Concerned]:
    """Return the guild's Spaces up to one; practice rooms are among them."""
    rows = db.execute(
        "SELECT id, folder, ended_at IS NOT NULL FROM spaces WHERE guild_id = ?"
        " AND id <= ? ORDER BY id",
        [guild_id, last_id],
    )
    return [Concerned(space_id, at, bool(over)) for space_id, at, over in rows]


def is_traced(db: Database, space_id: int, user_id: int) -> bool:
    """Say whether a Space still holds anything of a member."""
    columns = [*TRACES, ("utterances", "user_id"), ("audit", "actor_id")]
    held = " UNION ALL ".join(
        f"SELECT 1 FROM {table} WHERE space_id = :space AND {column} = :user"  # noqa: S608 - our own constants
        for table, column in columns
    )
    found = db.execute(
        f"SELECT 1 FROM utterance_versions WHERE by = :user AND {LINES}"  # noqa: S608 - our own constants
        " UNION ALL SELECT 1 FROM spaces WHERE id = :space AND host_id = :user"
        f" UNION ALL {held} UNION ALL SELECT 1 FROM journal"
        " WHERE space_id = :space AND instr(body, :user) > 0 LIMIT 1",
        {"space": space_id, "user": user_id},
    ).fetchone()
    return found is not None


def stems_of(db: Database, space_id: int, user_id: int) -> tuple[str, Counter[str]]:
    """Return the Space's language, and in how many of a member's lines each stem is."""
    space = spaces.get(db, space_id)
    language = "en" if space is None else space.language
    found: Counter[str] = Counter()
    for row in transcripts.read(db, space_id):
        if row.user_id == user_id:
            texts = {one.text for one in transcripts.versions(db, row.id)} | {row.text}
            spoken = row.language or language
            found.update({stem for text in texts for stem in stems(text, spoken)})
    return language, found


def erase_words(db: Database, space_id: int, user_id: int) -> int:
    """Erase what a member said, and what quotes it; return how many lines it was.

    A Space that goes on keeps the rest until it is over.
    """
    lines = [row for row in transcripts.read(db, space_id) if row.user_id == user_id]
    row = spaces.get(db, space_id)
    over = row is not None and row.ended_at is not None
    redactions.unquote(db, space_id, lines, learned=over)  # drift learns at the end
    ids = [json.dumps([row.id for row in lines])]
    chosen = "IN (SELECT value FROM json_each(?))"
    db.execute(f"DELETE FROM utterance_versions WHERE utterance_id {chosen}", ids)  # noqa: S608 - our own constants
    db.execute(f"DELETE FROM utterances WHERE id {chosen}", ids)  # noqa: S608 - our own constants
    if lines:
        # The search index keeps deleted words in its old segments until it is merged.
        db.execute("INSERT INTO utterances_fts (utterances_fts) VALUES ('optimize')")
    return len(lines)


def erase(db: Database, space_id: int, user_id: int, stand_in: int) -> None:
    """Erase every trace of a member from a Space that is over.

    Files of theirs have to be gone before: their rows become the proof of that.
    """
    _forget_name(db, space_id, user_id)
    erase_words(db, space_id, user_id)
    whose = {"space": space_id, "user": user_id, "stand_in": stand_in}
    here = "space_id = :space"
    # A track is named after whose it is.
    db.execute(
        "UPDATE tracks SET path = replace(path, '/' || :user || '.opus',"
        " '/' || :stand_in || '.opus') WHERE space_id = :space AND user_id = :user",
        whose,
    )
    # What Discord let nobody take out keeps its place among the lines of others; its
    # name begins with whose it is.
    db.execute(
        "UPDATE caption_lines SET uid = '' WHERE space_id = :space AND user_id = :user",
        whose,
    )
    for table, column in TRACES:
        put(db, table, column, here, whose)
    put(db, "utterance_versions", "by", LINES, whose)
    put(db, "spaces", "host_id", "id = :space", whose)
    put_into_json(db, "nudges", "evidence", here, whose)
    put_into_audit(db, here, whose)
    for row in journal.read(db, space_id):
        if str(user_id) in row.body:
            body = without(row.name, row.body, user_id, stand_in)
            journal.redact(db, space_id, row.seq, body)


def _forget_name(db: Database, space_id: int, user_id: int) -> None:
    """Take a member's name out of the words that a better pass is given."""
    db.execute(
        "UPDATE final_passes SET hotwords = replace(hotwords, called.name, '')"
        " FROM (SELECT m.name FROM members AS m JOIN spaces AS s"
        " ON s.guild_id = m.guild_id WHERE s.id = :space AND m.user_id = :user"
        " AND m.name <> '') AS called WHERE space_id = :space",
        {"space": space_id, "user": user_id},
    )
