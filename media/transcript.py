"""Transcripts as JSON, and the line that every export is made of.

Rule 1: the document names its schema and version; a reader refuses a newer one.
Rule 2: reading never guesses: what is not a transcript raises ``TranscriptError``
with one line that says where.
Rule 3: lines are in time order; speakers that talk at once keep a line each.

``{"schema": "tertulia-transcript", "version": 1, "title", "utterances": [{"id",
"speaker", "start", "end", "text", "language", "confidence", "grade", "words":
[{"text", "start", "end", "probability"}]}]}``. Times are seconds. Transcripts that
other tools write as a list of segments under ``segments`` are read too.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from media.errors import MediaError
from media.utterance import Grade, Utterance, Word

SCHEMA = "tertulia-transcript"
VERSION = 1
LISTS = ("utterances", "segments")


class TranscriptError(MediaError):
    """A transcript cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance under its speaker's name."""

    speaker: str
    """Name as shown; "" where the source names nobody."""
    start: float
    """Seconds."""
    end: float
    """Seconds."""
    text: str
    language: str = ""
    """ISO 639-1 code; "" where the source does not say."""
    words: tuple[Word, ...] = ()
    confidence: float = 1.0
    """0 to 1."""
    id: str = ""
    grade: Grade = Grade.LIVE


def lines(utterances: Iterable[Utterance], names: Mapping[int, str]) -> list[Line]:
    """Put names to utterances, in time order; who has no name keeps the number."""
    return [
        Line(
            speaker=names.get(said.user_id, str(said.user_id)),
            start=said.start,
            end=said.end,
            text=said.text,
            language=said.language,
            words=said.words,
            confidence=said.confidence,
            id=said.id,
            grade=said.grade,
        )
        for said in sorted(utterances, key=lambda said: (said.start, said.end))
    ]


def to_json(said: Iterable[Line], *, title: str = "") -> str:
    """Write lines as a document that ``from_json`` reads."""
    document = {
        "schema": SCHEMA,
        "version": VERSION,
        "title": title,
        "utterances": [_row(line) for line in said],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> list[Line]:
    """Read lines, in time order. TranscriptError if it is no transcript."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TranscriptError(f"not JSON: {error}") from None
    if isinstance(document, dict):
        if document.get("schema", SCHEMA) != SCHEMA:
            raise TranscriptError(f"another schema: {document['schema']!r:.60}")
        if document.get("version", VERSION) != VERSION:
            raise TranscriptError(f"another version: {document['version']!r:.20}")
        document = next((document[key] for key in LISTS if key in document), None)
    if not isinstance(document, list):
        raise TranscriptError(f"no list of {' or '.join(LISTS)}")
    read = [_line(row, number) for number, row in enumerate(document, 1)]
    return sorted(read, key=lambda line: (line.start, line.end))


def _row(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "speaker": line.speaker,
        "start": round(line.start, 3),
        "end": round(line.end, 3),
        "text": line.text,
        "language": line.language,
        "confidence": round(line.confidence, 3),
        "grade": line.grade.value,
        "words": [
            {
                "text": word.text,
                "start": round(word.start, 3),
                "end": round(word.end, 3),
                "probability": round(word.probability, 3),
            }
            for word in line.words
        ],
    }


def _line(row: object, number: int) -> Line:
    where = f"utterance {number}"
    if not isinstance(row, dict):
        raise TranscriptError(f"{where}: not an object")
    text = row.get("text")
    if not isinstance(text, str):
        raise TranscriptError(f"{where}: no text")
    start, end = _time(row, "start", where), _time(row, "end", where)
    if end < start:
        raise TranscriptError(f"{where}: it ends before it starts")
    grade = row.get("grade")
    return Line(
        speaker=str(row.get("speaker") or ""),
        start=start,
        end=end,
        text=text.strip(),
        language=str(row.get("language") or ""),
        words=tuple(_word(word, where) for word in row.get("words") or ()),
        confidence=_number(row.get("confidence", 1.0), where, "confidence"),
        id=str(row.get("id", "")),
        grade=Grade(grade) if grade in set(Grade) else Grade.LIVE,
    )


def _word(row: object, where: str) -> Word:
    if not isinstance(row, dict):
        raise TranscriptError(f"{where}: a word is not an object")
    text = row.get("text", row.get("word", ""))
    return Word(
        str(text).strip(),
        _time(row, "start", where),
        _time(row, "end", where),
        _number(row.get("probability", 1.0), where, "probability"),
    )


def _time(row: Mapping[str, object], key: str, where: str) -> float:
    value = _number(row.get(key), where, key)
    if value < 0:
        raise TranscriptError(f"{where}: {key} is negative")
    return value


def _number(value: object, where: str, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TranscriptError(f"{where}: {key} is not a number")
    if not math.isfinite(value):
        raise TranscriptError(f"{where}: {key} is not a finite number")
    return float(value)
