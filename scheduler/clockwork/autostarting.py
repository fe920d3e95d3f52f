"""What the record has about auto-start, read for many plans at once."""

from collections.abc import Iterable

from sqlite_utils import Database

from moderation.store import sends as ledger
from scheduler.autostart import AutoKind, Kept, Waited, start_in
from scheduler.plans import Plan

KINDS = (AutoKind.WAIT.value, AutoKind.GIVE_UP.value)


def kept(db: Database, plans: Iterable[Plan]) -> dict[int, Kept]:
    """Return what is kept about those of the plans that ever opened by themselves."""
    concerned = [plan.id for plan in plans if plan.auto_start or plan.absent]
    waited: dict[int, list[Waited]] = {}
    given_up: dict[int, set[str]] = {}
    for row in ledger.of_kinds(db, concerned, KINDS):
        if row.kind == AutoKind.WAIT.value:
            start = start_in(row.key)
            one = Waited(start, row.channel_id, row.message_id)
            waited.setdefault(row.plan_id, []).append(one)
        else:
            given_up.setdefault(row.plan_id, set()).add(row.key)
    return {
        plan_id: Kept(
            tuple(waited.get(plan_id, ())), frozenset(given_up.get(plan_id, ()))
        )
        for plan_id in concerned
    }


def of_plan(db: Database, plan: Plan) -> Kept:
    """Return what is kept about one plan."""
    return kept(db, [plan]).get(plan.id, Kept())
