"""Full-text search of what was said.

``unicode61 remove_diacritics 2`` finds *reunión* by *reunion*; its price is that n
finds ñ. So a query that itself has accents is matched by exact spelling afterwards.
Newest first: ranking a common word costs a hundred times more, and moderators look
for the latest anyway.
"""

import re
import unicodedata
from dataclasses import dataclass

from sqlite_utils import Database

OVERFETCH = 5
"""How many times more rows to look at when spelling is filtered afterwards."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One utterance that was found."""

    utterance_id: int
    space_id: int
    user_id: int
    start: float
    """Seconds of the Space."""

    text: str


def search(
    db: Database, guild_id: int, query: str, *, limit: int = 20, prefix: bool = False
) -> list[Hit]:
    """Return the newest utterances of the guild that hold every word of ``query``."""
    words = re.findall(r"\w+", query)
    if not words:
        return []
    match = " ".join(f'"{word}"' for word in words) + ("*" if prefix else "")
    accented = [word.casefold() for word in words if _has_accent(word)]
    rows = db.execute(
        "SELECT u.id, u.space_id, u.user_id, u.start, u.text FROM utterances_fts f"
        " JOIN utterances u ON u.id = f.rowid JOIN spaces s ON s.id = u.space_id"
        " WHERE utterances_fts MATCH ? AND s.guild_id = ?"
        " ORDER BY f.rowid DESC LIMIT ?",
        [match, guild_id, limit * OVERFETCH if accented else limit],
    )
    hits = [Hit(*row) for row in rows]
    return [hit for hit in hits if _spelled(hit.text, accented)][:limit]


def _has_accent(word: str) -> bool:
    return any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", word))


def _spelled(text: str, words: list[str]) -> bool:
    folded = unicodedata.normalize("NFC", text).casefold()
    return all(unicodedata.normalize("NFC", word) in folded for word in words)
