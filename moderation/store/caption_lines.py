"""Which lines stand in which messages of the captions' thread, without their words.

A message is lines, each of one utterance; a row says whose and of which, so that a line
is found there when the record has its words no more. Rows of a message have the order
of its lines: a line that is taken out takes its row with it.

Rule: what a message is to lose is noted in the write by which the record loses it
(``redacted``), and stays noted until the message is without it (``shown``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

NOBODY: Final = 0
"""In place of a member: nobody knows whose the line is."""


@dataclass(frozen=True, slots=True)
class CaptionLine:
    """One line of a message."""

    number: int
    """Order within the message."""

    user_id: int
    """Whose; ``NOBODY`` where that is not known."""

    uid: str
    """Of which utterance; empty where that is not known."""

    is_stale: bool = False
    """Whether it may still show what was redacted."""


@dataclass(frozen=True, slots=True)
class CaptionMessage:
    """One message of a thread."""

    thread_id: int
    id: int
    lines: tuple[CaptionLine, ...]
    """In the order in which they stand there."""

    @property
    def is_stale(self) -> bool:
        """Whether it may still show what was redacted."""
        return any(one.is_stale for one in self.lines)


def keep(
    db: Database,
    space_id: int,
    thread_id: int,
    message_id: int,
    lines: Iterable[tuple[int, str]],
) -> None:
    """Note a message's lines in their order, each as (user id, uid of the utterance).

    A message that is known stays as it was noted.
    """
    known = db.execute(
        "SELECT 1 FROM caption_lines WHERE message_id = ? LIMIT 1", [message_id]
    ).fetchone()
    if known is None:
        db.conn.executemany(
            "INSERT INTO caption_lines (message_id, number, space_id, thread_id,"
            " user_id, uid) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (message_id, number, space_id, thread_id, user_id, uid)
                for number, (user_id, uid) in enumerate(lines)
            ],
        )


def of_space(db: Database, space_id: int) -> list[CaptionMessage]:
    """Return the messages of a Space that are known, in the order they were written."""
    found: dict[tuple[int, int], list[CaptionLine]] = {}
    for thread_id, message_id, number, user_id, uid, stale in db.execute(
        "SELECT thread_id, message_id, number, user_id, uid, stale FROM caption_lines"
        " WHERE space_id = ? ORDER BY message_id, number",
        [space_id],
    ):
        line = CaptionLine(number, user_id, uid, bool(stale))
        found.setdefault((thread_id, message_id), []).append(line)
    return [CaptionMessage(*where, tuple(lines)) for where, lines in found.items()]


def redacted(db: Database, space_id: int, uid: str) -> None:
    """Note that the lines of an utterance show what was redacted of it."""
    db.execute(
        "UPDATE caption_lines SET stale = 1 WHERE space_id = ? AND uid = ?",
        [space_id, uid],
    )


def shown(db: Database, message_id: int) -> None:
    """Note that a message is as the record is."""
    db.execute("UPDATE caption_lines SET stale = 0 WHERE message_id = ?", [message_id])


def gone(db: Database, message_id: int, numbers: Iterable[int]) -> None:
    """Note that lines of a message are gone."""
    db.conn.executemany(
        "DELETE FROM caption_lines WHERE message_id = ? AND number = ?",
        [(message_id, one) for one in numbers],
    )


def stale(db: Database) -> list[int]:
    """Return the Spaces of which captions may show what was redacted."""
    rows = db.execute(
        "SELECT DISTINCT space_id FROM caption_lines WHERE stale = 1 ORDER BY space_id"
    )
    return [space_id for (space_id,) in rows]
