"""The dispatch: sees to errands when they are due, each exactly once.

It works as the clockwork does, beside it: rows are the truth, an errand is claimed in
the store before it goes out and settled after, and what a crash left claimed is looked
for first. What it adds:

- Caps are asked in the transaction that claims, so that two posts cannot both be the
  last that fits.
- What fails for the moment is tried again after twice the time each, until it is too
  late for it or, where attempts are counted, until they are used up.
- An errand on its way holds up no other: a slow outside tool delays no announcement.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final
from weakref import WeakValueDictionary

from sqlite_utils import Database

from moderation.store import errands as ledger
from moderation.store.database import Store
from moderation.store.errands import ErrandRow
from scheduler.clockwork import errand_records, records
from scheduler.clockwork.deliveries import UndeliverableError
from scheduler.clockwork.outbound import Done, Going, LaterError, Outbound
from scheduler.clockwork.underway import let_go
from scheduler.errands import Errand, ErrandKind, Patience, is_late, superseded
from scheduler.plans import Plan
from scheduler.timetable import Timetable

log = logging.getLogger(__name__)

AT_ONCE_MOST: Final = 8
"""Errands of one kind on their way at the same time."""

TOLD_S: Final = 15 * 86400.0
"""How long after the start a message about a plan may still have to be edited."""


class Dispatch:
    """The errands of one bot, seen to between ``run()`` and ``stop()``."""

    def __init__(
        self,
        store: Store,
        outbound: Outbound,
        now: Callable[[], float],
        choices: errand_records.Choices,
        *,
        look_s: float = 30.0,
        patience: Callable[[ErrandKind], Patience] = lambda _: Patience(),
    ) -> None:
        """``now`` is the wall clock in Unix seconds, ``look_s`` between two looks."""
        self._store = store
        self._outbound = outbound
        self._now = now
        self._choices = choices
        self._look_s = look_s
        self._patience = patience
        self._plans: dict[int, Plan] = {}
        self._wanted: dict[int, dict[str, Errand]] = {}
        self._table: Timetable[Errand] = Timetable()
        self._open: dict[str, tuple[Errand, ErrandRow]] = {}
        """Claimed and not settled."""

        self._reading: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        """One reading of a plan after another: an older one must not come last."""

        self._going: dict[str, asyncio.Task[None]] = {}
        self._gates = {kind: asyncio.Semaphore(AT_ONCE_MOST) for kind in ErrandKind}
        self._busy = asyncio.Lock()
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Rebuild everything from the rows, and see to what is due until cancelled."""
        await self.load()
        while True:
            self._wake.clear()
            try:
                await self.tick()
            except Exception as error:  # a full disk may have room at the next look
                log.warning("errands could not be looked at", exc_info=error)
            try:
                async with asyncio.timeout(self._pause_s()):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Let what is on its way finish, or leave it claimed for the next start."""
        await let_go(self._going.values())

    async def load(self) -> None:
        """Read all rows; ``run`` does it, a simulation may."""
        now = self._now()
        self._plans.clear()
        self._wanted.clear()
        self._table = Timetable()
        # Cleared before the rows are read: what changes meanwhile is kept.
        ids = await self._store.read(
            lambda db: errand_records.concerned(db, now - TOLD_S, now)
        )
        for plan_id in ids:
            await self._read(plan_id)
        for row in await self._store.read(ledger.unsettled):
            wanted = self._wanted.get(row.plan_id, {})
            errand = wanted.get(row.key) or errand_records.from_row(row)
            self._open.setdefault(row.key, (errand, row))
        log.info("%d errands to come", len(self._table))

    async def changed(self, plan_id: int) -> None:
        """Read one plan again; call it after every change that concerns errands."""
        await self._read(plan_id)
        self._wake.set()

    async def tick(self) -> None:
        """Begin everything that is due; ``settled`` waits for it."""
        async with self._busy:
            now = self._now()
            for key, (errand, row) in list(self._open.items()):
                # A pause longer than the longest: the wall clock was set back.
                wait_s = (row.retry_at or 0.0) - now
                again = not 0 < wait_s <= self._patience(errand.kind).longest_s
                if again and key not in self._going:
                    self._begin(errand, row, look_first=True)
            due = self._table.take_due(now)
            if due:
                await self._claim(due, now)

    async def settled(self) -> None:
        """Wait for everything that is on its way."""
        while self._going:
            await asyncio.gather(*list(self._going.values()))

    def next_at(self) -> float | None:
        """Return when the next errand is due or tried again (Unix seconds)."""
        times = [
            row.retry_at or 0.0
            for key, (_, row) in self._open.items()
            if key not in self._going
        ]
        first = self._table.next_at()
        return min([*times, *([] if first is None else [first])], default=None)

    def _pause_s(self) -> float:
        at = self.next_at()
        if at is None:
            return self._look_s
        return min(self._look_s, max(0.01, at - self._now()))

    async def _read(self, plan_id: int) -> None:
        def read(db: Database) -> tuple[Plan | None, list[Errand], set[str]]:
            plan = records.get(db, plan_id)
            if plan is None:
                return None, [], set()
            calls = errand_records.calls(db, plan, self._choices)
            return plan, calls, {row.key for row in ledger.of_plan(db, plan_id)}

        async with self._reading.setdefault(plan_id, asyncio.Lock()):
            plan, calls, done = await self._store.read(read)
            if plan is None:
                return
            self._plans[plan_id] = plan
            self._wanted[plan_id] = {errand.key: errand for errand in calls}
            self._table.put(plan_id, calls, done)

    async def _claim(self, due: list[Errand], now: float) -> None:
        old = superseded(due)

        def claim(db: Database) -> list[tuple[Errand, ErrandRow]]:
            kept = []
            for errand in sorted(due, key=lambda one: (one.due_at, one.key)):
                plan, late = self._plans[errand.plan_id], errand.key in old
                row = errand_records.row_of(
                    db, errand, plan, now, self._choices, superseded=late
                )
                if ledger.claim(db, [row]):
                    kept.append((errand, row))
            return kept

        before = {errand.plan_id: self._plans[errand.plan_id] for errand in due}
        try:
            kept = await self._store.write(claim)
        except Exception:  # raised again: nothing that is due may go missing by it
            # A plan that changed meanwhile has put everything back already.
            self._table.give_back(
                e for e in due if self._plans[e.plan_id] is before[e.plan_id]
            )
            raise
        for errand, row in kept:
            if row.state == "claimed":
                self._open[errand.key] = (errand, row)
                self._begin(errand, row, look_first=False)

    def _begin(self, errand: Errand, row: ErrandRow, *, look_first: bool) -> None:
        async def see_to() -> None:
            try:
                async with self._gates[errand.kind]:
                    await self._one(errand, row, look_first=look_first)
            except Exception as error:
                # What came of it could not be written down: not again at once.
                log.warning("errand %s is not noted", row.nonce, exc_info=error)
                self._put_off(errand, row)
            finally:
                self._going.pop(errand.key, None)
                self._wake.set()

        name = f"errand-{errand.kind.value}"
        self._going[errand.key] = asyncio.create_task(see_to(), name=name)

    def _put_off(self, errand: Errand, row: ErrandRow) -> None:
        if errand.key in self._open:
            attempts = row.attempts + 1
            at = self._now() + self._patience(errand.kind).wait_s(attempts)
            self._open[errand.key] = (errand, errand_records.tried(row, attempts, at))

    async def _one(self, errand: Errand, row: ErrandRow, *, look_first: bool) -> None:
        going = Going(errand, row.nonce, row.role_id, row.attempts + 1)
        try:
            done = (
                await self._outbound.find(going, row.claimed_at) if look_first else None
            )
            if done is None:
                reason = self._stale(errand)
                if reason is not None:
                    await self._settle(row, "dropped", reason=reason)
                    return
                done = await self._outbound.deliver(going)
        except UndeliverableError as error:
            await self._settle(row, "failed", reason=str(error))
        except Exception as error:  # noqa: BLE001 (whatever it is, it is tried again; logged there)
            await self._later(errand, row, error)
        else:
            await self._settle(row, "sent", done)

    def _stale(self, errand: Errand) -> str | None:
        if errand.key not in self._wanted.get(errand.plan_id, {}):
            return "the plan changed"
        return "too late" if is_late(errand, self._now()) else None

    async def _later(self, errand: Errand, row: ErrandRow, error: Exception) -> None:
        patience, attempts = self._patience(errand.kind), row.attempts + 1
        expected = isinstance(error, LaterError)
        why = str(error) if expected else type(error).__name__
        if patience.attempts is not None and attempts >= patience.attempts:
            log.warning("errand %s is given up: %s", row.nonce, why)
            await self._settle(row, "failed", reason=f"given up: {why}"[:200])
            return
        wait_s = patience.wait_s(attempts)
        if isinstance(error, LaterError) and error.after_s is not None:
            wait_s = min(max(wait_s, error.after_s), patience.longest_s)
        log.info(
            "errand %s is tried again in %.0f s: %s",
            row.nonce,
            wait_s,
            why,
            exc_info=None if expected else error,
        )
        at = self._now() + wait_s
        await self._store.write(
            lambda db: ledger.retry(db, row.key, attempts=attempts, at=at)
        )
        again = errand_records.tried(row, attempts, at)
        self._open[row.key] = (errand, again)

    async def _settle(
        self, row: ErrandRow, state: str, done: Done | None = None, reason: str = ""
    ) -> None:
        now, came = self._now(), done or Done()

        def write(db: Database) -> None:
            ledger.settle(
                db,
                row.key,
                state,
                now,
                message_id=came.message_id,
                reason=reason or None,
                words=came.words,
                promotion=came.promotion,
            )
            edited = state == "sent" and row.kind == ErrandKind.EDIT.value
            if edited and row.message_id is not None:
                ledger.shown(db, row.plan_id, row.message_id, row.sequence)

        await self._store.write(write)
        self._open.pop(row.key, None)
        if state == "sent":
            await self._read(row.plan_id)  # what is there may have to be taken back
