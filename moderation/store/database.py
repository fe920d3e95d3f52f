"""The SQLite record of everything: one writer, many readers.

Rules:

- One thread writes. It drains a queue and commits one transaction per drain, and
  a write that fails is undone alone (a savepoint) without its neighbours.
- A write is answered only after its commit. Whoever kills the process undoes nothing
  of it; a power cut may, for some seconds, but for what is written ``durable``.
- Readers have read-only connections of their own, so that a search never waits
  for a write. In memory there is one connection and reads queue with the writes.
- Beside the file some room is kept for writes that come before a deletion: on a full
  disk nothing else could make room (``reserve``).
- One process per file: the neighbour ``<file>.lock`` is held while the store is
  open, and a second process is refused.

Other modules of this package are plain functions over a ``Database``, to be run
inside ``Store.write`` or ``Store.read``.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlite_utils import Database

from moderation.store.file import (
    StoreError,
    connect,
    explained,
    handed,
    lock,
    make_folder,
    purge,
    reader,
)
from moderation.store.reserve import Reserve

__all__ = ["Store", "StoreError"]

T = TypeVar("T")

MAX_DRAIN = 200
"""Writes per transaction, at most."""

NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR")
"""Beginnings of SQLite's names for a full disk; a quota is an error of the disk."""

READERS = 2
"""Threads for reading; searches are short."""


@dataclass(frozen=True, slots=True)
class _Write:
    """One thing to write, and whom to tell."""

    run: Callable[[Database], Any]
    """Anything, because each caller waits for a type of its own."""

    done: "Future[Any]"
    alone: bool = False
    """Not inside a transaction."""

    durable: bool = False
    """On the disk itself when it is answered."""

    frees: bool = False
    """In a transaction of its own, also on a full disk."""


class Store:
    """The record of one bot, open between ``open()`` and ``close()``."""

    def __init__(self, path: Path | str) -> None:
        self._path = None if str(path) == ":memory:" else Path(path)
        self._reserve = (
            None
            if self._path is None
            else Reserve(self._path.with_name(f"{self._path.name}.reserve"))
        )
        self._queue: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._readers: ThreadPoolExecutor | None = None
        self._reader = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._lock: sqlite3.Connection | None = None
        self._closed = True

    async def __aenter__(self) -> Self:
        """Open."""
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        await self.close()

    async def open(self) -> None:
        """Take the lock, check the file, migrate it, start the threads.

        Raises StoreError when the file is corrupt, of another kind, not writable,
        or open in another process.
        """
        await asyncio.to_thread(self._open)

    async def close(self) -> None:
        """Finish every queued write, then let go of the file."""
        await asyncio.to_thread(self._close)

    async def write(
        self,
        run: Callable[[Database], T],
        *,
        durable: bool = False,
        frees: bool = False,
    ) -> T:
        """Run ``run`` in the writer thread and return its result once committed.

        ``run`` must not keep the database nor wait for anything. What it raises is
        raised here, and nothing of it stays in the file. ``durable``: for what nobody
        may take back, a power cut neither (a consent, what proves a deletion); some
        milliseconds of the disk. ``frees``: for what has to be on record before a file
        goes; where the disk is full, the room that is kept for that is given up, and
        ``run`` is run a second time.
        """
        if self._closed:
            raise StoreError("The store is closed.")
        done: Future[T] = Future()
        self._queue.put(_Write(run, done, durable=durable, frees=frees))
        return await asyncio.wrap_future(done)

    async def purge(self) -> None:
        """Leave nothing in the file, nor beside it, of what was deleted until now.

        Other writes wait for it, about a second per 50 MB. Raises StoreError; what is
        on record is then as it was, and may still be found in the file's bytes.
        """
        if self._closed:
            raise StoreError("The store is closed.")
        if self._path is None:
            return
        done: Future[None] = Future()
        self._queue.put(_Write(purge, done, alone=True))
        await asyncio.wrap_future(done)

    async def read(self, run: Callable[[Database], T]) -> T:
        """Run ``run`` on a read-only connection, which sees every finished write."""
        if self._path is None or self._readers is None:
            return await self.write(run)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, run)

    def _open(self) -> None:
        if self._path is not None:
            make_folder(self._path.parent)
            self._lock = lock(self._path)
        ready: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._write_all, args=(ready,), name="store-writer", daemon=True
        )
        self._thread.start()
        try:
            ready.result()
        except StoreError:
            self._unlock()
            raise
        if self._path is not None:
            self._readers = ThreadPoolExecutor(READERS, "store-reader")
        self._closed = False

    def _close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()
        if self._readers is not None:
            self._readers.shutdown()
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _write_all(self, ready: "Future[None]") -> None:
        try:
            db = connect(self._path)
        except StoreError as error:
            ready.set_exception(error)
            return
        if self._reserve is not None:
            self._reserve.keep()
        ready.set_result(None)
        open_ = True
        while open_:
            batch, open_ = self._drain()
            together = [one for one in batch if not (one.alone or one.frees)]
            with _synced(db) if any(one.durable for one in together) else nullcontext():
                self._commit(db, together)
            for one in batch:
                if one.alone:
                    self._run_alone(db, one)
                elif one.frees:
                    self._run_freeing(db, one)
        db.close()

    def _drain(self) -> tuple[list[_Write], bool]:
        batch: list[_Write] = []
        item = self._queue.get()
        while item is not None:
            batch.append(item)
            if len(batch) == MAX_DRAIN or self._queue.empty():
                return batch, True
            item = self._queue.get()
        return batch, False

    def _commit(self, db: Database, batch: list[_Write]) -> None:
        results: list[tuple[_Write, Any]] = []
        try:
            with db.atomic():
                for item in batch:
                    if item.done.set_running_or_notify_cancel():
                        _run_one(db, item, results, self._path)
        except sqlite3.Error as error:
            for item in batch:
                if not item.done.done():
                    item.done.set_exception(explained(error, self._path))
            return
        for item, result in results:
            item.done.set_result(result)

    def _run_alone(self, db: Database, item: _Write) -> None:
        if not item.done.set_running_or_notify_cancel():
            return
        try:
            item.done.set_result(item.run(db))
        except sqlite3.Error as error:
            item.done.set_exception(explained(error, self._path))

    def _run_freeing(self, db: Database, item: _Write) -> None:
        if not item.done.set_running_or_notify_cancel():
            return
        if self._reserve is not None:
            self._reserve.keep()
        try:
            with _synced(db) if item.durable else nullcontext():
                item.done.set_result(self._freeing(db, item))
        except Exception as error:  # noqa: BLE001 - handed to whoever awaits it
            item.done.set_exception(handed(error, self._path))

    def _freeing(self, db: Database, item: _Write) -> Any:
        try:
            with db.atomic():
                return item.run(db)
        except sqlite3.Error as error:
            full = getattr(error, "sqlite_errorname", "").startswith(NO_ROOM)
            if not full or self._reserve is None or not self._reserve.give_up():
                raise
        with db.atomic():
            return item.run(db)

    def _read(self, run: Callable[[Database], T]) -> T:
        db: Database | None = getattr(self._reader, "db", None)
        if db is None:
            db = self._connect_reader()
            self._reader.db = db
        return run(db)

    def _connect_reader(self) -> Database:
        assert self._path is not None  # noqa: S101 - reading in memory goes to write()
        connection = reader(self._path)
        self._connections.append(connection)
        return Database(connection, recursive_triggers=False)


@contextmanager
def _synced(db: Database) -> Iterator[None]:
    """Have commits wait for the disk; by itself SQLite lets the system write the log.

    https://www.sqlite.org/pragma.html#pragma_synchronous
    """
    db.execute("PRAGMA synchronous=FULL")
    try:
        yield
    finally:
        db.execute("PRAGMA synchronous=NORMAL")


def _run_one(
    db: Database, item: _Write, results: list[tuple[_Write, Any]], path: Path | None
) -> None:
    try:
        with db.atomic():
            result = item.run(db)
    except Exception as error:
        # Not swallowed: handed to whoever awaits this write, as an executor would.
        told = handed(error, path)
        item.done.set_exception(told)
        if not db.conn.in_transaction:
            # The error destroyed the whole transaction (disk full): the writes
            # before it are lost as well and must say so.
            if told is not error:
                raise
            raise sqlite3.OperationalError(str(error)) from error
        return
    results.append((item, result))
