"""Where redacted words are outside of the record and its files.

Captions quote them, and open rooms of the guild have learned them: at its end a room
writes down what drift knows, and would bring them back.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlite_utils import Database

from bot.captions.quoted import Gone
from bot.captions.quotes import Quotes
from moderation.drift.words import stems
from moderation.store import guilds, transcripts
from moderation.store.database import Store
from moderation.store.spaces import SpaceRow
from moderation.store.transcripts import REDACTED


class Learner(Protocol):
    """What is asked of an open room."""

    def unlearn(self, language: str, gone: Mapping[str, int]) -> None:
        """Let drift count stems less."""


class Learners(Protocol):
    """What is asked of all rooms."""

    def in_guild(self, guild_id: int) -> Sequence[Learner]:
        """Return the live rooms of a guild."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A line that is about to be redacted, as it was."""

    space: SpaceRow
    line_id: int
    language: str
    """That it was spoken in."""

    gone: Gone


class Elsewhere:
    """Takes a line's words out of what the record does not hold."""

    def __init__(
        self,
        store: Store,
        quotes: Quotes | None = None,
        rooms: Learners | None = None,
    ) -> None:
        """Without ``quotes`` nothing quotes lines; without ``rooms`` none is open."""
        self._store = store
        self._quotes = quotes
        self._rooms = rooms

    async def trace(self, space: SpaceRow, line_id: int) -> Traced:
        """Return what there may be of a line: call it before its words go."""
        traced = await self._store.read(lambda db: _traced(db, space, line_id))
        if self._quotes is not None:
            await self._quotes.note(traced.gone)
        return traced

    async def take_out(self, traced: Traced) -> bool:
        """Take out what went of a line; False where it may still be quoted."""
        row = await self._store.read(lambda db: transcripts.get(db, traced.line_id))
        left = REDACTED if row is None else row.text
        self._unlearn(traced, left)
        if self._quotes is None:
            return True
        return await self._quotes.take_out(replace(traced.gone, left=left))

    def _unlearn(self, traced: Traced, left: str) -> None:
        if self._rooms is None:
            return
        space, language = traced.space, traced.language
        known = {
            stem for text in traced.gone.wordings for stem in stems(text, language)
        }
        gone = Counter(known - set(stems(left, language)))
        for room in self._rooms.in_guild(space.guild_id):
            room.unlearn(space.language, gone)


def _traced(db: Database, space: SpaceRow, line_id: int) -> Traced:
    row = transcripts.get(db, line_id)
    if row is None:
        raise LookupError(f"there is no line {line_id}")
    who = guilds.members(db, space.guild_id, [row.user_id]).get(row.user_id)
    wordings = {one.text for one in transcripts.versions(db, line_id)} - {REDACTED}
    gone = Gone(
        space_id=space.id,
        name=who.name if who is not None else "",
        at=space.opened_at + row.start,
        wordings=tuple(sorted(wordings | {row.text})),
        left=row.text,
        user_id=row.user_id,
        uid=row.uid,
    )
    return Traced(space, line_id, row.language or space.language, gone)
