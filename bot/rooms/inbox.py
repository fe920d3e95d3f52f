"""One live Space: its inbox, its journal, its timers.

Rule 1: everything that happens to a Space goes through one inbox, in one order.
Rule 2: a fact is a row of the journal before any of its effects runs.
Rule 3: a fact whose row cannot be written did not happen: the Space is rebuilt from
the journal, and whoever reported the fact is told.
Rule 4: the room never waits for Discord; effects go to ``perform``, which queues them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from sqlite_utils import Database

from bot.clock import Clock
from bot.rooms import records
from moderation.effects import Effect
from moderation.events import Event, Row, to_row
from moderation.refused import Refused
from moderation.space import Space
from moderation.store import journal
from moderation.store.database import Store, StoreError
from moderation.store.spaces import SpaceRow

log = logging.getLogger(__name__)

Perform = Callable[[Sequence[Effect], int | None], None]
Replay = Callable[[], Awaitable[Space]]


class Inbox:
    """The one way into a Space: facts in order, journalled, then their effects."""

    def __init__(
        self,
        row: SpaceRow,
        space: Space,
        store: Store,
        clock: Clock,
        *,
        perform: Perform,
        replay: Replay,
    ) -> None:
        self._space_id = row.id
        self._guild_id = row.guild_id
        self.space = space
        self._store = store
        self._clock = clock
        self._perform = perform
        self._replay = replay
        self._waiting: asyncio.Queue[
            tuple[Event | None, asyncio.Future[list[Effect]] | None, int | None]
        ] = asyncio.Queue()
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    def start(self) -> None:
        """Begin to take facts; call it on the event loop."""
        self._task = asyncio.create_task(self._run(), name="room-inbox")
        self._arm()

    async def stop(self) -> None:
        """Take no more facts. What waits is answered as if the Space had ended."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        while not self._waiting.empty():
            _, asked, _ = self._waiting.get_nowait()
            if asked is not None and not asked.done():
                asked.set_exception(Refused("space.ended"))

    async def tell(self, event: Event, shown_to: int | None = None) -> list[Effect]:
        """Hand in a fact and return its effects; raises Refused or StoreError.

        What they tell ``shown_to`` is the caller's to show.
        """
        if self._stopped:
            raise Refused("space.ended")
        asked: asyncio.Future[list[Effect]] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((event, asked, shown_to))
        return await asked

    def notice(self, event: Event, shown_to: int | None = None) -> None:
        """Hand in a fact that nobody waits for; ``shown_to`` is told nothing of it."""
        self._waiting.put_nowait((event, None, shown_to))

    async def _run(self) -> None:
        while True:
            event, asked, shown_to = await self._waiting.get()
            try:
                if event is None:
                    await self._take_due()
                    continue
                effects = await self._take(event)
            except (Refused, StoreError) as error:
                self._failed(event, asked, error)
            else:
                if asked is not None and not asked.done():
                    asked.set_result(effects)
                self._perform(effects, shown_to)
            finally:
                self._arm()

    async def _take(self, event: Event) -> list[Effect]:
        now = self._clock.now()
        effects = self.space.handle(event, now)
        row = to_row(event)
        try:
            await self._store.write(lambda db: self._keep(db, row, effects, now))
        except StoreError:
            self.space = await self._replay()
            raise
        return effects

    def _keep(self, db: Database, row: Row, effects: list[Effect], now: float) -> None:
        """Write a fact and what is kept of its effects; runs in one transaction."""
        journal.append(db, self._space_id, now, row.name, row.body)
        records.keep(db, self._guild_id, self._space_id, effects, now)

    async def _take_due(self) -> None:
        for event in self.space.on_deadline(self._clock.now()):
            self._perform(await self._take(event), None)

    def _failed(
        self,
        event: Event | None,
        asked: asyncio.Future[list[Effect]] | None,
        error: Refused | StoreError,
    ) -> None:
        if asked is not None and not asked.done():
            asked.set_exception(error)
        elif isinstance(error, StoreError):
            log.error("space %s: a fact was not kept: %s", self._space_id, error)
        else:
            log.debug(
                "space %s: %s refused (%s)",
                self._space_id,
                type(event).__name__,
                error.key,
            )

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self.space.deadline()
        if due is None:
            return
        wait = max(0.0, due - self._clock.now())
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(
            wait, self._waiting.put_nowait, (None, None, None)
        )
