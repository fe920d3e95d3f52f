"""Deletes the words of Spaces where transcripts have a time of their own.

Rules:

- They go out of lines, wordings, search index and what quotes them in one write that
  keeps the proof, then out of the bytes of the record and out of the files.
- Not while a Space goes on, its files are made, or a redaction of it is under way:
  that one has to find its place in the sound first.
- Not by a clock that is in doubt.
- What Discord has (captions, a thread) is the server's. Where whose lines stand there
  stays on record, so that an erasure finds them without their words.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from bot.afterwards import exports
from bot.afterwards.doubts import Doubts
from bot.afterwards.passes import NO_RECORDING
from moderation.store import passes, redactions, spaces, transcripts, word_deletions
from moderation.store.database import Store, StoreError
from scheduler import retention
from scheduler.retention import Sound

log = logging.getLogger(__name__)

LOOK_S: Final = 600.0
"""Seconds between two looks."""

TRANSCRIPT: Final = "transcript.json"


class Forgetting:
    """Keeps the promise of ``transcript.keep_days``."""

    def __init__(
        self,
        store: Store,
        keep_days: float,
        now: Callable[[], float],
        is_busy: Callable[[int], bool],
        doubts: Doubts,
    ) -> None:
        """``keep_days`` of 0: words are kept until somebody has them erased.

        ``now`` is the wall clock; ``is_busy`` says of a Space whether it is live or
        its files are being made or heard.
        """
        self._store = store
        self._keep_days = keep_days
        self._now = now
        self._is_busy = is_busy
        self._doubts = doubts

    async def run(self) -> None:
        """Look at once, and again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except (StoreError, OSError) as error:
                log.error("words that are over are deleted later: %s", error)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> list[int]:
        """Delete words whose time is over; return the Spaces that are without now."""
        now = self._now()
        if self._keep_days and not await self._doubts.any(now):
            for space_id in await self._store.read(lambda db: self._due(db, now)):
                if not self._is_busy(space_id):
                    await self._store.write(partial(_forget, space_id, now))
        left = [
            row.space_id
            for row in await self._store.read(word_deletions.unsettled)
            if not self._is_busy(row.space_id)
        ]
        if left:
            await self._store.purge()
        for space_id in left:
            await self._clear(space_id)
        return left

    def _due(self, db: Database, now: float) -> list[int]:
        with_words, open_ = transcripts.of_spaces(db), redactions.unsettled(db)
        return [
            one.id
            for one in spaces.ended(db)
            if one.id in with_words and one.id not in open_
            if retention.expires_at(
                Sound(one.ended_at or one.opened_at), self._keep_days, now
            )
            <= now
        ]

    async def _clear(self, space_id: int) -> None:
        """Write the Space's files without its words."""
        space = await self._store.read(lambda db: spaces.get(db, space_id))
        folder = None if space is None or space.folder is None else Path(space.folder)
        if folder is not None and await asyncio.to_thread(folder.is_dir):
            await exports.rewrite(self._store, space_id, folder)
        at = self._now()
        await self._store.write(lambda db: word_deletions.settle(db, space_id, at))
        log.info("space %s: its words are deleted", space_id)


def _forget(space_id: int, at: float, db: Database) -> None:
    """Delete the words; a better pass that waits has nothing to hear any more."""
    kept = exports.read(db, space_id)
    text = exports.texts(kept, space_id)[TRANSCRIPT]
    digest = hashlib.sha256(text.encode()).hexdigest()
    word_deletions.forget(db, space_id, at, digest)
    waiting = passes.get(db, space_id)
    if waiting is not None and waiting.state == "waiting":
        passes.settle(db, space_id, "done", at, reason=NO_RECORDING)
