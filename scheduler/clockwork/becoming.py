"""A plan becomes a Space, and is over with it: in the transaction of the Space's row.

Run each in the one ``Store.write`` that makes or ends the Space, so that no crash can
leave a Space open whose plan still waits, or the other way round.
"""

from sqlite_utils import Database

from scheduler.clockwork import records
from scheduler.plans import Plan, PlanRefused, PlanState, turn


def due(db: Database, guild_id: int, channel_id: int, until: float) -> int | None:
    """Return the earliest plan of the channel that starts by ``until`` (Unix)."""
    for plan in records.scheduled_in(db, guild_id, channel_id):
        if plan.starts_at <= until:
            return plan.id
    return None


def opened(db: Database, plan_id: int) -> Plan:
    """Turn a plan into an open one. Raises PlanRefused where it is not to come."""
    plan = records.get(db, plan_id)
    if plan is None:
        raise PlanRefused("plan.unknown")
    return records.keep(db, turn(plan, PlanState.OPENED))


def ended(db: Database, plan_id: int, *, began: bool) -> None:
    """Turn an open plan into one that is over, or back where the Space never began."""
    plan = records.get(db, plan_id)
    if plan is not None and plan.state is PlanState.OPENED:
        after = PlanState.ENDED if began else PlanState.SCHEDULED
        records.keep(db, turn(plan, after))
