"""The clockwork: wakes when something is due, and sees to it exactly once.

Rules:

- Rows are the truth. APScheduler holds one timer for the next message and one that
  looks at the wall clock now and then, because it may jump (suspend, NTP).
- A message is claimed in the store before it goes out and settled after. What a crash
  left claimed is looked for at Discord first, and sent again only if it is not there.
- What fails for the moment stays claimed and is tried again at the next look.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlite_utils import Database

from moderation.store import sends as ledger
from moderation.store.database import Store
from scheduler.clockwork import records
from scheduler.clockwork.deliveries import (
    Courier,
    Notice,
    UndeliverableError,
    nonce,
)
from scheduler.plans import Plan, PlanState, turn
from scheduler.reminders import Kind, Send, Timing, Wish, sends, superseded, timing
from scheduler.settings import SchedulerSettings
from scheduler.timetable import Timetable

log = logging.getLogger(__name__)

AT_ONCE: Final = 8
"""Messages on their way at the same time."""

JOBS: Final = {"misfire_grace_time": None, "coalesce": True, "max_instances": 3}
"""A late timer still runs, once; the next one may be set before the last has ended."""

NEXT, LOOK = "next", "look"
"""Names of the two timers."""


class Clockwork:
    """The scheduler of one bot, running between ``start()`` and ``stop()``."""

    def __init__(
        self,
        store: Store,
        courier: Courier,
        now: Callable[[], float],
        settings: SchedulerSettings,
    ) -> None:
        """``now`` is the wall clock in Unix seconds."""
        self._store = store
        self._courier = courier
        self._now = now
        self._settings = settings
        self._plans: dict[int, Plan] = {}
        self._table = Timetable()
        self._open: dict[str, tuple[Send, float]] = {}
        """Claimed and not settled: since when (Unix seconds)."""

        self._busy = asyncio.Lock()
        self._timers: AsyncIOScheduler | None = None

    async def start(self) -> None:
        """Rebuild everything from the rows, catch up, and begin to watch the clock."""
        await self.load()
        self._timers = AsyncIOScheduler(timezone=UTC, job_defaults=JOBS)
        self._timers.add_job(
            self.tick, "interval", seconds=self._settings.look_s, id=LOOK
        )
        self._timers.start()
        await self.tick()

    async def stop(self) -> None:
        """Stop watching; what is on its way is finished first."""
        if self._timers is not None:
            self._timers.shutdown(wait=False)
            self._timers = None
        async with self._busy:
            pass

    async def load(self) -> None:
        """Read all rows; ``start`` does it, a simulation may."""
        plans = await self._store.read(records.live)
        ids = [plan.id for plan in plans]
        wishes = await self._store.read(lambda db: records.wishes_for(db, ids))
        done = await self._store.read(lambda db: ledger.claimed_keys(db, records.LIVE))
        self._plans = {plan.id: plan for plan in plans}
        self._table = Timetable()
        for plan in plans:
            calls = sends(plan, wishes.get(plan.id, ()), self._settings)
            self._table.put(plan.id, calls, done)
        await self._recall()
        log.info("%d plans, %d messages to come", len(plans), len(self._table))

    async def changed(self, plan_id: int) -> None:
        """Read one plan and its wishes again; call it after every change of them."""
        plan = await self._store.read(lambda db: records.get(db, plan_id))
        past = await self._store.read(lambda db: ledger.of_plan(db, plan_id))
        calls: list[Send] = []
        if plan is None or plan.state not in (PlanState.SCHEDULED, PlanState.OPENED):
            self._plans.pop(plan_id, None)
        else:
            self._plans[plan_id] = plan
            calls = sends(plan, await self._wishes(plan_id), self._settings)
        self._table.put(plan_id, calls, {row.key for row in past})
        self._arm()

    async def tick(self) -> None:
        """See to everything that is due; the timers call it, a simulation may."""
        async with self._busy:
            await self._retry()
            due = self._table.take_due(self._now())
            if due:
                await self._see_to(due)
        self._arm()

    async def _see_to(self, due: list[Send]) -> None:
        now = self._now()
        old = superseded(due)
        timings = {send.key: timing(send, self._settings, now) for send in due}
        rows = [
            self._row(send, timings[send.key], send.key in old, now) for send in due
        ]
        claimed = set(await self._store.write(lambda db: ledger.claim(db, rows)))
        going = {row.key for row in rows if row.state == "claimed"} & claimed
        for send in due:
            if send.key in going:
                self._open[send.key] = (send, now)
        await self._deliver(
            [(s, timings[s.key]) for s in due if s.key in going], look_first=False
        )

    async def _retry(self) -> None:
        """Find or send again what was claimed and not settled."""
        now = self._now()
        again = [
            (send, timing(send, self._settings, now)) for send, _ in self._open.values()
        ]
        if again:
            log.info("%d messages to look for or send again", len(again))
            await self._deliver(again, look_first=True)

    async def _deliver(
        self, going: Iterable[tuple[Send, Timing]], *, look_first: bool
    ) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(send: Send, how: Timing) -> None:
            async with gate:
                await self._one(send, how, look_first=look_first)

        results = await asyncio.gather(
            *(one(send, how) for send, how in going), return_exceptions=True
        )
        for result in results:
            if isinstance(result, Exception):
                # It stays claimed, and the next look tries it again.
                log.warning("A message could not be delivered", exc_info=result)
            elif result is not None:
                raise result  # cancelled, or the process is being ended

    async def _one(self, send: Send, how: Timing, *, look_first: bool) -> None:
        plan = self._plans.get(send.plan_id)
        _, claimed_at = self._open[send.key]
        if plan is None or plan.starts_at != send.starts_at:
            await self._settle(send, "dropped", reason="the plan changed")
            return
        if send.kind in (Kind.START, Kind.MISSED):
            await self._turn(send, plan)
            return
        notice = Notice(plan, send, how, nonce(send.key))
        found = await self._courier.find(notice, claimed_at) if look_first else None
        if found is not None:
            await self._settle(send, "sent", message_id=found)
            return
        if how is Timing.DROPPED:
            await self._settle(send, "dropped", reason="too late")
            return
        try:
            message_id = await self._courier.deliver(notice)
        except UndeliverableError as error:
            await self._settle(send, "failed", reason=str(error))
            return
        await self._settle(send, "sent", message_id=message_id)

    async def _turn(self, send: Send, plan: Plan) -> None:
        """Open the Space, or call the plan missed, if it is still only scheduled."""
        if plan.state is PlanState.SCHEDULED:
            if send.kind is Kind.START:
                await self._courier.start(plan)
            else:
                over = turn(plan, PlanState.MISSED)
                await self._store.write(lambda db: records.keep(db, over))
                self._plans.pop(plan.id, None)
                await self._courier.missed(over)
        await self._settle(send, "sent")

    async def _settle(
        self,
        send: Send,
        state: str,
        *,
        message_id: int | None = None,
        reason: str | None = None,
    ) -> None:
        now = self._now()

        def write(db: Database) -> None:
            ledger.settle(
                db, send.key, state, now, message_id=message_id, reason=reason
            )

        await self._store.write(write)
        self._open.pop(send.key, None)

    async def _wishes(self, plan_id: int) -> list[Wish]:
        found = await self._store.read(lambda db: records.wishes_for(db, [plan_id]))
        return found.get(plan_id, [])

    async def _recall(self) -> None:
        """Take up what a crash left claimed."""
        rows = await self._store.read(ledger.unsettled)
        self._open = {}
        for row in rows:
            plan = self._plans.get(row.plan_id)
            send = Send(
                key=row.key,
                plan_id=row.plan_id,
                kind=Kind(row.kind),
                due_at=row.due_at,
                starts_at=float(row.key.split("/")[1]),
                user_ids=(),
            )
            if plan is not None:
                calls = sends(plan, await self._wishes(plan.id), self._settings)
                send = next((call for call in calls if call.key == row.key), send)
            self._open[row.key] = (send, row.claimed_at)

    def _row(self, send: Send, how: Timing, old: bool, now: float) -> ledger.SendRow:
        dropped = "superseded" if old else "too late" if how is Timing.DROPPED else None
        plan = self._plans.get(send.plan_id)
        return ledger.SendRow(
            key=send.key,
            plan_id=send.plan_id,
            kind=send.kind.value,
            due_at=send.due_at,
            state="dropped" if dropped else "claimed",
            nonce=nonce(send.key),
            channel_id=plan.post_channel_id if plan else None,
            claimed_at=now,
            settled_at=now if dropped else None,
            reason=dropped,
        )

    def _arm(self) -> None:
        """Set the timer for the next message."""
        if self._timers is None:
            return
        at = self._table.next_at()
        if at is None:
            return
        self._timers.add_job(
            self.tick,
            "date",
            run_date=datetime.fromtimestamp(max(at, self._now()), UTC),
            id=NEXT,
            replace_existing=True,
        )
