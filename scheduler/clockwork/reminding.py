"""The two sources that every plan has: reminders, and the plan's own turn."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from sqlite_utils import Database

from moderation.store.database import Store
from scheduler.clockwork import records
from scheduler.clockwork.deliveries import Courier, Notice
from scheduler.plans import Plan, PlanState, turn
from scheduler.reminders import Kind, sends, turns
from scheduler.sends import Send
from scheduler.settings import SchedulerSettings


class Reminding:
    """Reminders to those who asked and to the host, brought by a courier."""

    kinds = frozenset({Kind.MEMBERS.value, Kind.DIRECT.value, Kind.HOST.value})

    def __init__(self, courier: Courier, settings: SchedulerSettings) -> None:
        self._settings = settings
        self.deliver = courier.deliver
        self.find = courier.find

    def sends(self, db: Database, plans: Sequence[Plan]) -> Iterable[Send]:
        """Return the reminders of the plans that are still to come."""
        coming = [plan for plan in plans if plan.state is PlanState.SCHEDULED]
        wishes = records.wishes_for(db, [plan.id for plan in coming])
        for plan in coming:
            yield from sends(plan, wishes.get(plan.id, ()), self._settings)


class Doors(Courier, Protocol):
    """Who says in the channel that it is time, or that a plan is given up."""


class Turning:
    """A plan's turn: it is time to open it, or it was waited for long enough."""

    kinds = frozenset({Kind.START.value, Kind.MISSED.value})

    def __init__(self, store: Store, doors: Doors, settings: SchedulerSettings) -> None:
        self._store = store
        self._settings = settings
        self._doors = doors
        self.find = doors.find

    def sends(self, db: Database, plans: Sequence[Plan]) -> Iterable[Send]:
        """Return the turns of these plans."""
        for plan in plans:
            yield from turns(plan, self._settings)

    async def deliver(self, notice: Notice) -> int | None:
        """Say that it is time; or write down that the plan was missed, and say so."""
        plan = notice.plan
        if notice.send.kind == Kind.MISSED and plan.state is PlanState.SCHEDULED:
            over = turn(plan, PlanState.MISSED)
            await self._store.write(lambda db: records.keep(db, over))
            notice = replace(notice, plan=over)
        return await self._doors.deliver(notice)
