"""The clockwork: wakes when something is due, and sees to it exactly once.

Rules:

- Rows are the truth. The alarm is set for the next send only.
- What is due is said by sources; each brings what it asked for. The clockwork knows
  keys and times, and nothing of what they are about.
- A send is claimed in the store before it goes out and settled after. What a crash
  left claimed is looked for at Discord first, and sent again only if it is not there.
- What fails for the moment stays claimed and is tried again at the next look.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final
from weakref import WeakValueDictionary

from sqlite_utils import Database

from moderation.store import sends as ledger
from moderation.store.database import Store
from scheduler.clockwork import records, series
from scheduler.clockwork.alarm import Alarm
from scheduler.clockwork.claims import Claims, row_of
from scheduler.clockwork.deliveries import (
    Notice,
    Source,
    UndeliverableError,
    nonce,
)
from scheduler.clockwork.underway import Underway, ended
from scheduler.plans import Plan
from scheduler.sends import Send, Timing, superseded, timing
from scheduler.settings import SchedulerSettings
from scheduler.timetable import Timetable

log = logging.getLogger(__name__)

KEPT_S: Final = 4 * 86400.0
"""Seconds after its start that a plan which is over is still asked about, so that
something may come after a Space."""


UNFOLD_S: Final = 3600.0
"""Seconds between two looks at series."""


class Clockwork:
    """The scheduler of one bot, running between ``start()`` and ``stop()``."""

    def __init__(
        self,
        store: Store,
        sources: Iterable[Source],
        now: Callable[[], float],
        settings: SchedulerSettings,
    ) -> None:
        """``now`` is the wall clock in Unix seconds."""
        self._store = store
        self._now = now
        self._settings = settings
        self._sources: dict[str, Source] = {}
        for source in sources:
            self.add(source)
        self._plans: dict[int, Plan] = {}
        self._table: Timetable[Send] = Timetable()
        self._claims = Claims(store, now)
        self._unfold_at = 0.0
        """When series are looked at next, Unix seconds."""

        self._meanwhile: set[int] | None = None
        """Plans that change while all rows are being read."""

        self._reading: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        """One reading of a plan after another: an older one must not come last."""

        self._listeners: list[Callable[[int], Awaitable[None]]] = []
        self._late: list[Callable[[], Awaitable[None]]] = []
        self._busy = asyncio.Lock()
        self._underway = Underway()
        self._alarm = Alarm(self.ring, settings.look_s)

    def add(self, source: Source) -> None:
        """Let ``source`` have its say, before ``start``."""
        self._sources |= dict.fromkeys(source.kinds, source)

    def listen(
        self,
        changed: Callable[[int], Awaitable[None]],
        catch_up: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Call ``changed`` with the id of every plan that has changed, once kept.

        ``catch_up`` is called when everything is rebuilt: a process may have died
        between keeping a change and telling of it.
        """
        self._listeners.append(changed)
        if catch_up is not None:
            self._late.append(catch_up)

    async def start(self) -> None:
        """Rebuild everything from the rows, catch up, and begin to watch the clock."""
        await self.stop()  # where an attempt before this one broke off
        await self.load()
        self._alarm.start()
        await self.tick()

    async def stop(self) -> None:
        """Stop watching; what is on its way is finished first."""
        async with self._busy:
            self._alarm.stop()
        await self._underway.over()

    async def load(self) -> None:
        """Read all rows; ``start`` does it, a simulation may."""
        self._meanwhile = set()
        await self._read_all()
        meanwhile, self._meanwhile = self._meanwhile, None
        for plan_id in meanwhile:
            await self.changed(plan_id)  # what was read may be older

    async def _read_all(self) -> None:
        await self._unfold()
        since = self._now() - KEPT_S
        plans = await self._store.read(lambda db: records.current(db, since))
        done = await self._store.read(
            lambda db: ledger.claimed_keys(db, records.LIVE, since)
        )
        calls = await self._store.read(lambda db: self._calls(db, plans))
        self._plans = {plan.id: plan for plan in plans}
        self._table = Timetable()
        for plan_id, sends in calls.items():
            self._table.put(plan_id, sends, done)
        await self._claims.recall(calls)
        log.info("%d plans, %d sends to come", len(plans), len(self._table))
        for catch_up in self._late:
            await catch_up()

    async def changed(self, plan_id: int) -> None:
        """Read one plan again; call it after every change of it or about it."""
        if self._meanwhile is not None:
            self._meanwhile.add(plan_id)

        def look(db: Database) -> tuple[Plan | None, set[str], list[Send]]:
            plan = records.get(db, plan_id)
            done = {row.key for row in ledger.of_plan(db, plan_id)}
            calls = self._calls(db, [plan] if plan else [])
            return plan, done, calls.get(plan_id, [])

        async with self._reading.setdefault(plan_id, asyncio.Lock()):
            plan, done, calls = await self._store.read(look)
            if plan is None:
                self._plans.pop(plan_id, None)
            else:
                self._plans[plan_id] = plan
            self._table.put(plan_id, calls, done)
        wanted = {send.key for send in calls}
        self._claims.withdraw(plan_id, wanted)
        self._arm()
        await self._tell(plan_id)

    async def _tell(self, plan_id: int) -> None:
        for changed in self._listeners:
            await changed(plan_id)

    async def tick(self) -> None:
        """See to everything that is due and wait for it, as a simulation may."""
        for raised in await ended(await self.ring()):
            if raised is not None:
                raise raised  # cancelled, or the process is being ended

    async def ring(self) -> list[asyncio.Task[None]]:
        """Begin everything that is due; the timers call it and wait for nothing."""
        begun: list[asyncio.Task[None]] = []
        async with self._busy:
            # Later than one pause: the wall clock was set back.
            if not 0 < self._unfold_at - self._now() <= UNFOLD_S:
                for plan in await self._unfold():
                    await self.changed(plan.id)
            begun += self._retry()
            due = self._table.take_due(self._now())
            if due:
                begun += await self._see_to(due)
        self._arm()
        return begun

    def next_at(self) -> float | None:
        """Return when the next send is due, Unix seconds."""
        return self._table.next_at()

    async def _unfold(self) -> list[Plan]:
        """Let series become plans, and return the new ones."""
        now = self._now()
        self._unfold_at = now + UNFOLD_S
        return await self._store.write(
            lambda db: series.unfold(db, self._settings, now)
        )

    async def _see_to(self, due: list[Send]) -> list[asyncio.Task[None]]:
        now = self._now()
        old = superseded(due)
        timings = {s.key: timing(s, self._settings.late_s, now) for s in due}
        rows = [
            row_of(
                send,
                timings[send.key],
                self._plans.get(send.plan_id),
                now,
                superseded=send.key in old,
            )
            for send in due
        ]
        before = {send.plan_id: self._plans.get(send.plan_id) for send in due}
        try:
            fresh = await self._claims.make(due, rows, now)
        except Exception:  # raised again: nothing that is due may go missing by it
            # A plan that changed meanwhile has put everything back already.
            self._table.give_back(
                s for s in due if self._plans.get(s.plan_id) is before[s.plan_id]
            )
            raise
        return [self._begin(s, timings[s.key], look_first=False) for s in fresh]

    def _retry(self) -> list[asyncio.Task[None]]:
        """Find or send again what was claimed and not settled."""
        now = self._now()
        again = [
            claim.send
            for claim in self._claims.every()
            if claim.send.key not in self._underway
        ]
        if again:
            log.info("%d messages to look for or send again", len(again))
        late_s = self._settings.late_s
        return [self._begin(s, timing(s, late_s, now), look_first=True) for s in again]

    def _begin(
        self, send: Send, how: Timing, *, look_first: bool
    ) -> asyncio.Task[None]:
        async def see_to() -> None:
            try:
                await self._one(send, how, look_first=look_first)
            except Exception as error:
                # It stays claimed, and the next look tries it again.
                log.warning("A message could not be delivered", exc_info=error)

        return self._underway.begin(send.key, str(send.kind), see_to)

    async def _one(self, send: Send, how: Timing, *, look_first: bool) -> None:
        claim, plan = self._claims.of(send), self._plans.get(send.plan_id)
        source = self._sources.get(send.kind)
        if plan is None or source is None:
            await self._claims.settle(send, "dropped", reason="the plan changed")
            return
        notice = Notice(plan, send, how, nonce(send.key))
        found = await source.find(notice, claim.claimed_at) if look_first else None
        if found is not None:
            await self._claims.settle(send, "sent", message_id=found)
            await self._after(send)
            return
        if claim.withdrawn:
            await self._claims.settle(send, "dropped", reason="the plan changed")
            return
        if how is Timing.DROPPED:
            await self._claims.settle(send, "dropped", reason="too late")
            return
        try:
            message_id = await source.deliver(notice)
        except UndeliverableError as error:
            await self._claims.settle(send, "failed", reason=str(error))
            return
        await self._claims.settle(send, "sent", message_id=message_id)
        await self._after(send)

    async def _after(self, send: Send) -> None:
        """Look at the plan again where the send was about it, not to somebody."""
        if not send.user_ids:
            await self.changed(send.plan_id)

    def _calls(self, db: Database, plans: Sequence[Plan]) -> dict[int, list[Send]]:
        """Return what every source says about these plans."""
        found: dict[int, list[Send]] = {}
        for source in dict.fromkeys(self._sources.values()):
            for send in source.sends(db, plans):
                found.setdefault(send.plan_id, []).append(send)
        return found

    def _arm(self) -> None:
        """Set the alarm for the next message."""
        at = self.next_at()
        self._alarm.set(None if at is None else max(at, self._now()))
