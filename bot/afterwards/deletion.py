"""Deletes recorded files, one at a time, and keeps the proof of what is gone.

Rules:

- The row says that a file is to go, why, and what it is (SHA-256, size) before it
  goes, on the disk itself, and that it is gone only after. Killed in between, or
  without power, the next process goes on from the row: ``retention`` asks for it again.
  On a full disk, too: the record keeps room for that (``Store.write(frees=True)``).
- A file that is gone already is no error. One that cannot be deleted stays in the
  record as it is; its row says what the system said, and the log says it once.
- What lies beside a track and is of no use without it goes first, with it.
"""

import asyncio
import errno
import hashlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.afterwards.sound import BESIDE
from moderation.store import tracks
from moderation.store.database import Store
from moderation.store.tracks import TrackRow

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a file was."""

    sha256: str | None = None
    """None where it is gone already, or cannot be read."""

    size_bytes: int | None = None
    trouble: str = ""
    """Why it cannot be read."""


class Deletions:
    """Deletes files of the record; whoever shares one never deletes two at a time."""

    def __init__(self, store: Store, now: Callable[[], float]) -> None:
        """``now`` is the wall clock: what is deleted has a date."""
        self._store = store
        self._now = now
        self._one_at_a_time = asyncio.Lock()

    async def delete(self, track_id: int, why: str) -> TrackRow:
        """Delete one file and return its row as it is then.

        ``why`` is one of those in ``moderation.store.tracks``. Where the system
        refuses, ``deleted_at`` is still None and ``trouble`` says what it said: ask
        again later. The caller sees to it that nobody writes or renders the file.
        Raises LookupError where there is no such file on record, StoreError where the
        record cannot be written; the file is then as it was or, at the end, gone.
        """
        async with self._one_at_a_time:
            row = await self._row(track_id)
            if row.deleted_at is None:
                await self._delete(row, why)
                row = await self._row(track_id)
            return row

    async def _row(self, track_id: int) -> TrackRow:
        row = await self._store.read(lambda db: tracks.get(db, track_id))
        if row is None:
            raise LookupError(f"there is no track {track_id}")
        return row

    async def _delete(self, row: TrackRow, why: str) -> None:
        path, now = Path(row.path), self._now()
        proof = await asyncio.to_thread(look, path)
        await self._store.write(
            lambda db: tracks.intend(
                db,
                row.id,
                now,
                why,
                sha256=proof.sha256,
                size_bytes=proof.size_bytes,
                trouble=proof.trouble,
            ),
            durable=True,
            frees=True,
        )
        try:
            await asyncio.to_thread(remove, path)
        except OSError as error:
            await self._refused(row, error.strerror or type(error).__name__)
            return
        at = self._now()
        await self._store.write(lambda db: tracks.deleted(db, row.id, at), frees=True)
        log.info("space %s: file %s is deleted (%s)", row.space_id, row.id, why)

    async def _refused(self, row: TrackRow, trouble: str) -> None:
        await self._store.write(
            lambda db: tracks.refused(db, row.id, trouble), frees=True
        )
        if trouble != row.trouble:
            log.error(
                "space %s: %s cannot be deleted: %s; it is tried again",
                row.space_id,
                row.path,
                trouble,
            )


def look(path: Path) -> Proof:
    """Read a file that is to be deleted; blocks."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return Proof(digest, os.fstat(file.fileno()).st_size)
    except (FileNotFoundError, NotADirectoryError):
        return Proof()
    except OSError as error:
        # The promise to whoever spoke comes before the proof of having kept it.
        return Proof(trouble=error.strerror or type(error).__name__)


def remove(path: Path) -> None:
    """Delete a file and what lies beside it, on the disk, too; blocks.

    Raises OSError where the system refuses.
    """
    try:
        if path.suffix == ".opus":
            path.with_suffix(BESIDE).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        sync(path.parent)
    except (FileNotFoundError, NotADirectoryError):
        return  # the whole folder is gone


def sync(folder: Path) -> None:
    """Put what became of a folder's files on the disk; blocks.

    One that was deleted must not come back with the power.
    """
    opened = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno != errno.EINVAL:  # this file system has no such thing
            raise
    finally:
        os.close(opened)
