"""What is heard and said, on its way into the record.

Rule 1: nobody waits for it, and what is written first is kept first.
Rule 2: what the record refuses (a full disk) waits in memory and is tried again until
it is kept; the hosts are told that it waits, and that it does no more.
Rule 3: what is still refused when the process stops is lost, and the log says how much.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from sqlite_utils import Database

from moderation.store.database import Store, StoreError

log = logging.getLogger(__name__)

RETRY_S = 5.0
"""Seconds between two attempts while the record refuses."""

REFUSED, KEPT = "record.refused", "record.kept"
"""Texts for the hosts."""

Write = Callable[[Database], object]


class Keeper:
    """Writes down what one Space says."""

    def __init__(
        self, store: Store, space_id: int, tell: Callable[[str], None]
    ) -> None:
        """``tell`` brings a text to the hosts."""
        self._store = store
        self._space_id = space_id
        self._tell = tell
        self._waiting: list[Write] = []
        self._keeping: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._refused = False

    def write(self, write: Write) -> None:
        """Write something down without waiting for it; ``stop`` waits."""
        self._waiting.append(write)
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.get_running_loop().create_task(self._keep())

    async def stop(self) -> None:
        """Wait until everything is kept; what is refused now is given up."""
        self._stopping.set()
        if self._keeping is not None:
            await self._keeping
        if self._waiting:
            lost = len(self._waiting)
            log.error("space %s: %s writes are lost", self._space_id, lost)

    async def _keep(self) -> None:
        while self._waiting:
            last = self._stopping.is_set()
            batch, self._waiting = self._waiting, []
            left = await self._left(batch)
            self._waiting = [*left, *self._waiting]
            if not left:
                continue
            if last:
                return
            if not self._refused:
                self._refused = True
                self._tell(REFUSED)
            await self._pause()
        if self._refused:
            self._refused = False
            self._tell(KEPT)

    async def _left(self, batch: list[Write]) -> list[Write]:
        """Write all down; return what the record refused, in order."""
        results = await asyncio.gather(
            *map(self._store.write, batch), return_exceptions=True
        )
        left = []
        for write, result in zip(batch, results, strict=True):
            if isinstance(result, StoreError):
                left.append(write)
            elif isinstance(result, Exception):  # ours: the same would fail again
                name = type(result).__name__
                log.error("space %s: not kept: %s", self._space_id, name)
            elif isinstance(result, BaseException):
                raise result
        if left and not self._refused:
            log.error("space %s: the record refuses: it waits", self._space_id)
        return left

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), RETRY_S)
