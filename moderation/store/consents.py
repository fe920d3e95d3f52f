"""The ledger of consent: who agreed to which text, to what level, when and how.

Rows are only ever added: the newest row of a member counts.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlite_utils import Database

Counts = Callable[[int, str], bool]
"""Says of a level and the version of a text whether such an answer counts still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    """One answer of one member."""

    guild_id: int
    user_id: int
    level: int
    """``media.consent.Consent``: 0 nothing, 1 transcript, 2 audio."""

    text_version: str
    """Which wording the member saw."""

    source: str
    """``button``, ``command``, ``default``…"""

    at: float
    """Unix seconds."""

    space_id: int | None = None
    """The Space it was given in and holds for; None: for the whole guild."""


def record(db: Database, consent: ConsentRow) -> None:
    """Add one answer."""
    db.execute(
        "INSERT INTO consents"
        " (guild_id, space_id, user_id, level, text_version, source, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            consent.guild_id,
            consent.space_id,
            consent.user_id,
            consent.level,
            consent.text_version,
            consent.source,
            consent.at,
        ],
    )


def current(
    db: Database,
    guild_id: int,
    space_id: int | None,
    counts: Counts,
    user_ids: Collection[int],
) -> dict[int, tuple[int, str]]:
    """Return these members' levels for the Space, and the texts that they answered.

    Only newest answers, and of them those that ``counts``. One that was given for
    another Space is none here.
    """
    rows = db.execute(
        "SELECT user_id, level, text_version FROM consents WHERE id IN ("
        " SELECT max(id) FROM consents WHERE guild_id = ?"
        " AND user_id IN (SELECT value FROM json_each(?))"
        " AND (space_id IS NULL OR space_id = ?) GROUP BY user_id)",
        [guild_id, json.dumps(sorted(user_ids)), space_id],
    )
    return {
        user_id: (level, version)
        for user_id, level, version in rows
        if counts(level, version)
    }


def history(db: Database, guild_id: int, user_id: int) -> list[ConsentRow]:
    """Return everything the member ever answered, oldest first."""
    rows = db.query(
        "SELECT guild_id, space_id, user_id, level, text_version, source, at"
        " FROM consents WHERE guild_id = ? AND user_id = ? ORDER BY id",
        [guild_id, user_id],
    )
    return [ConsentRow(**row) for row in rows]
