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
        if notice.send.kind == Kind.MISSED:
            over = await self._store.write(lambda db: _miss(db, notice.plan))
            if over is None:
                return None
            notice = replace(notice, plan=over)
        return await self._doors.deliver(notice)


def _miss(db: Database, seen: Plan) -> Plan | None:
    """Let a plan be missed; None where it opened, moved or was called off just now."""
    plan = records.get(db, seen.id)
    if plan is None or plan.starts_at != seen.starts_at:
        return None
    if plan.state is PlanState.MISSED:  # kept, and a crash came before the word
        return plan
    if plan.state is not PlanState.SCHEDULED:
        return None
    return records.keep(db, turn(plan, PlanState.MISSED))
