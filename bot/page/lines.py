"""Lines of the transcript as the page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from bot.page.colours import colour
from moderation.store import guilds, redactions, spaces, transcripts
from moderation.store.missed import MissedRow
from moderation.store.redactions import RedactionRow
from moderation.store.transcripts import REDACTED, UtteranceRow, VersionRow

UNKNOWN = "?"
"""Somebody whose name was never seen."""


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one line and what was done to them."""

    id: int
    """Of the utterance; 0 where there are no words."""

    version: int
    text: str
    language: str
    """That it was spoken in, as far as the room's language says."""

    edited: bool = False
    improved: bool = False
    """The better pass after the Space found these words."""

    redacted_by: str = ""
    """Who took words out of it last; empty where nobody did."""

    redacted_at: float = 0.0
    """Unix seconds."""

    missed: str = ""
    """Why there are no words although somebody spoke."""

    @property
    def is_gone(self) -> bool:
        """Say whether none of its words are left."""
        return self.text == REDACTED


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance on the page, or talk that has no words."""

    user_id: int
    name: str
    start: float
    end: float
    colour: str
    said: Said


def said(
    row: UtteranceRow,
    language: str,
    redacted: RedactionRow | None,
    names: Mapping[int, str],
) -> Said:
    """Return the words of a line; ``redacted`` is its last redaction."""
    return Said(
        id=row.id,
        version=row.version,
        text=row.text,
        language=language,
        edited=row.edited_by is not None,
        improved=row.version > 1 and not (row.edited_by or row.redacted_at),
        redacted_by=names.get(redacted.by, UNKNOWN) if redacted else "",
        redacted_at=redacted.at if redacted else 0.0,
    )


def transcript(
    rows: Sequence[UtteranceRow],
    unsaid: Sequence[MissedRow],
    taken: Sequence[RedactionRow],
    language: str,
    names: Mapping[int, str],
    colours: Mapping[int, str],
) -> list[Line]:
    """Return everything that was said, in order, and talk that has no words."""
    last = {one.utterance_id: one for one in taken}

    def line(row: UtteranceRow | MissedRow, words: Said) -> Line:
        return Line(
            user_id=row.user_id,
            name=names.get(row.user_id, UNKNOWN),
            start=row.start,
            end=row.end,
            colour=colours.get(row.user_id, colour(0)),
            said=words,
        )

    found = [line(row, said(row, language, last.get(row.id), names)) for row in rows]
    found += [line(row, Said(0, 0, "", language, missed=row.reason)) for row in unsaid]
    return sorted(found, key=lambda one: one.start)


def find(db: Database, guild_id: int, space_id: int, line_id: int) -> Said | None:
    """Return one line of a guild's Space, or None where there is no such one."""
    space, row = spaces.get(db, space_id), transcripts.get(db, line_id)
    if space is None or row is None:
        return None
    if space.guild_id != guild_id or row.space_id != space_id:
        return None
    taken = redactions.of_line(db, line_id)
    people = guilds.members(db, guild_id, {one.by for one in taken})
    names = {user: member.name for user, member in people.items()}
    return said(row, space.language, taken[-1] if taken else None, names)


def history(db: Database, guild_id: int, line_id: int) -> list[tuple[VersionRow, str]]:
    """Return every wording of a line with who wrote it, newest first."""
    wordings = transcripts.versions(db, line_id)
    people = guilds.members(db, guild_id, {one.by for one in wordings if one.by})
    return [
        (one, people[one.by].name if one.by in people else UNKNOWN)
        for one in reversed(wordings)
    ]
