"""Redactions: words of the transcript that are taken out for good.

Rule 1: nothing that holds the words stays. They go out of the line, out of every
wording that it had, out of what quotes it (nudges, parked topics), out of what drift
learned, out of the search index, and with them what drift found of the line;
``Store.purge`` then clears the bytes of the file.
Rule 2: what remains is who did it and when, and where the sound is that has to go too:
a redaction is ``settled`` once its files are without it. Captions that show the words
are noted in the same write (``caption_lines``).
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from moderation.drift.words import stems, words
from moderation.events import TopicParked
from moderation.store import (
    caption_lines,
    drift,
    drift_scores,
    journal,
    nudges,
    spaces,
    transcripts,
)
from moderation.store.spaces import SpaceRow
from moderation.store.transcripts import REDACTED, UtteranceRow

COLUMNS = 'id, space_id, utterance_id, user_id, start, "end", by, at, settled_at'

QUOTE_WORDS = 4
"""Words from which a text that is found within a line counts as a quote of it."""


@dataclass(frozen=True, slots=True)
class RedactionRow:
    """One redaction."""

    id: int
    space_id: int
    utterance_id: int
    user_id: int
    """Whose words they were."""

    start: float
    """Where the sound of the words begins, seconds of the Space."""

    end: float
    by: int
    """Who did it."""

    at: float
    """Unix seconds."""

    settled_at: float | None
    """When sound and files were without the words; None: not yet."""


class NothingToRedactError(ValueError):
    """The line has no such words, or none any more."""


def redact(
    db: Database,
    utterance_id: int,
    version: int,
    by: int,
    at: float,
    part: tuple[int, int] | None = None,
) -> RedactionRow:
    """Take words out of a line: all of them, or the characters ``part`` (from, to).

    A word that is touched goes whole. Earlier wordings go whole, as nobody knows where
    in them the words are. ``Store.purge`` has to follow.

    A line without words goes, too, where it is asked for whole: earlier wordings of it
    may have some.

    Raises LookupError where there is no such line, ``StaleError`` where ``version`` is
    not the one that stands, ``NothingToRedactError``.
    """
    row = transcripts.standing(db, utterance_id, version)
    if row.text == REDACTED:
        raise NothingToRedactError("nothing is left of the line")
    start, end = (0, len(row.text)) if part is None else _whole_words(row.text, *part)
    left = row.text[:start] + REDACTED + row.text[end:]
    if not words(left):
        left = REDACTED
    sound = (row.start, row.end) if left == REDACTED else _sound(row, start, end)
    unquote(db, row.space_id, [row], left)
    transcripts.blank(db, utterance_id, left, by, at)
    drift_scores.forget(db, utterance_id)
    caption_lines.redacted(db, row.space_id, row.uid)
    # The search index keeps deleted words in its old segments until it is merged.
    db.execute("INSERT INTO utterances_fts (utterances_fts) VALUES ('optimize')")
    (new,) = db.execute(
        'INSERT INTO redactions (space_id, utterance_id, user_id, start, "end", by, at)'
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        [row.space_id, utterance_id, row.user_id, *sound, by, at],
    ).fetchone()
    return _select(db, "id = ?", [new])[0]


def unquote(
    db: Database,
    space_id: int,
    lines: Iterable[UtteranceRow],
    left: str = "",
    *,
    learned: bool = True,
) -> None:
    """Take words of lines, but for ``left``, out of everything but the lines.

    Out of what quotes any wording that they had, and (``learned``) out of what drift
    learned; call it before the wordings go.
    """
    gone: Counter[str] = Counter()
    quoted: list[str] = []
    space = spaces.get(db, space_id)
    for row in lines:
        before = {one.text for one in transcripts.versions(db, row.id)} | {row.text}
        quoted += [" ".join(words(text)) for text in before if text != REDACTED]
        spoken = row.language or (space.language if space is not None else "en")
        gone.update(
            {stem for text in before for stem in stems(text, spoken)}
            - set(stems(left, spoken))
        )
    _take_out_of_nudges(db, space_id, quoted)
    _take_out_of_journal(db, space_id, quoted)
    if learned and space is not None:
        _unlearn(db, space, gone)


def read(db: Database, space_id: int) -> list[RedactionRow]:
    """Return the Space's redactions, oldest first."""
    return _select(db, "space_id = ?", [space_id])


def of_line(db: Database, utterance_id: int) -> list[RedactionRow]:
    """Return the redactions of one line, oldest first."""
    return _select(db, "utterance_id = ?", [utterance_id])


def unsettled(db: Database) -> list[int]:
    """Return the Spaces that have words in their files still, which are redacted."""
    rows = db.execute(
        "SELECT DISTINCT space_id FROM redactions WHERE settled_at IS NULL"
        " ORDER BY space_id"
    )
    return [space_id for (space_id,) in rows.fetchall()]


def of_spaces(db: Database) -> list[int]:
    """Return the Spaces of which something is redacted."""
    rows = db.execute("SELECT DISTINCT space_id FROM redactions ORDER BY space_id")
    return [space_id for (space_id,) in rows.fetchall()]


def covers(db: Database, space_id: int, user_id: int, start: float, end: float) -> bool:
    """Say whether something that a member said between two seconds is redacted."""
    found = db.execute(
        "SELECT 1 FROM redactions WHERE space_id = ? AND user_id = ?"
        ' AND start < ? AND "end" > ? LIMIT 1',
        [space_id, user_id, end, start],
    ).fetchone()
    return found is not None


def settle(db: Database, ids: Iterable[int], at: float) -> None:
    """Note that files and sound are without the words of these redactions."""
    db.conn.executemany(
        "UPDATE redactions SET settled_at = ? WHERE id = ?", [(at, one) for one in ids]
    )


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the characters from ``start`` to ``end``, grown to whole words."""
    if not 0 <= start < end <= len(text):
        raise NothingToRedactError(f"{start} to {end} of {len(text)} characters")
    if not words(text[start:end]):
        raise NothingToRedactError("no word is among these characters")
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _sound(row: UtteranceRow, start: int, end: int) -> tuple[float, float]:
    """Return when characters of a line were said; all of it where that is unknown."""
    at, spoken = 0, []
    for word, begins, ends, _ in row.words:
        found = row.text.find(word.strip(), at)
        if found < 0:
            return row.start, row.end
        at = found + len(word.strip())
        if found < end and at > start:
            spoken.append((begins, ends))
    if not spoken:
        return row.start, row.end
    return spoken[0][0], spoken[-1][1]


def _take_out_of_nudges(db: Database, space_id: int, quoted: Sequence[str]) -> None:
    for nudge in nudges.read(db, space_id):
        lines = [str(line) for line in nudge.evidence.get("lines") or ()]
        left = [REDACTED if _is_in(line, quoted) else line for line in lines]
        if left != lines:
            nudges.quote(db, nudge.id, {**nudge.evidence, "lines": left})


def _take_out_of_journal(db: Database, space_id: int, quoted: Sequence[str]) -> None:
    """Take quotes out of parked topics: the one event that is made of what was said."""
    for event in journal.read(db, space_id):
        if event.name != TopicParked.__name__:
            continue
        body = json.loads(event.body)
        said = " ".join(words(body["text"]))
        if said in quoted or (
            said.count(" ") >= QUOTE_WORDS - 1 and _is_in(body["text"], quoted)
        ):
            left = json.dumps({**body, "text": REDACTED}, ensure_ascii=False)
            journal.redact(db, space_id, event.seq, left)


def _unlearn(db: Database, space: SpaceRow, gone: Mapping[str, int]) -> None:
    """Count the words that went less where drift learned them."""
    for learned in drift.background(db, space.guild_id):
        if learned.language == space.language and gone.keys() & learned.terms.keys():
            drift.unlearn(db, space.guild_id, learned, gone)


def _is_in(line: str, quoted: Sequence[str]) -> bool:
    said = " ".join(words(line))
    return bool(said) and any(said in wording for wording in quoted)


def _select(db: Database, where: str, values: Sequence[int]) -> list[RedactionRow]:
    rows = db.execute(
        f"SELECT {COLUMNS} FROM redactions WHERE {where} ORDER BY id",  # noqa: S608 - our own constants
        list(values),
    )
    return [RedactionRow(*row) for row in rows]
