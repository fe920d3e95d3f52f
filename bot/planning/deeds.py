"""What can be done with plans, each inside one write: all of it happens, or nothing.

Only the host of a plan and moderators change it. What is done to one occurrence of a
series is noted in the series, so that nothing brings the old one back.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Self

from sqlite_utils import Database

from scheduler import autostart
from scheduler.clockwork import extra_records, records, series
from scheduler.extras import NOTHING, Extras
from scheduler.occurrences import Series, repeating
from scheduler.plans import Plan, PlanRefused, PlanState, cancel, change, check
from scheduler.repeated import PlannedSeries
from scheduler.settings import SchedulerSettings


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants something done, and where."""

    user_id: int
    guild_id: int
    moderates: bool = False
    hidden: frozenset[int] = frozenset()
    """Channels of the guild that they do not see."""

    @classmethod
    def by_hand(cls, plan: Plan) -> Self:
        """Return whoever changed a plan's event: who may edit those moderates them."""
        return cls(plan.host_id, plan.guild_id, moderates=True)


def schedule(
    db: Database,
    plan: Plan,
    settings: SchedulerSettings,
    now: float,
    extras: Extras = NOTHING,
) -> Plan:
    """Keep a new plan with its extras. Raises PlanRefused."""
    kept = records.keep(db, _checked(db, plan, settings, now))
    extra_records.attach(db, extras, kept, now)
    return kept


def schedule_series(
    db: Database,
    plan: Plan,
    repeat: str,
    settings: SchedulerSettings,
    now: float,
    extras: Extras = NOTHING,
    until: date | None = None,
) -> list[Plan]:
    """Keep a series that begins with ``plan``; return its plans, the first first.

    Each gets the extras when it is the next.
    """
    _checked(db, plan, settings, now)
    first = datetime.fromtimestamp(plan.starts_at, UTC)
    rule = repeating(repeat, first, plan.zone, until)
    planned = PlannedSeries(model=plan, series=Series(rule), extras=extras)
    kept = series.keep(db, planned)
    made = series.unfold_one(db, kept, settings, now)
    series.give(db, kept, now)
    return made


def edit(
    db: Database,
    plan_id: int,
    asker: Asker,
    changes: dict[str, Any],
    settings: SchedulerSettings,
    now: float,
) -> Plan:
    """Change one plan, and no other of its series. Raises PlanRefused."""
    before = theirs(db, plan_id, asker)
    after = change(before, **changes)
    if after.starts_at == before.starts_at and after.starts_at <= now:
        check_time = before.starts_at - 1  # its time has come: the words may change
    else:
        check_time = now
    kept = records.keep(db, _checked(db, after, settings, check_time))
    planned = _series(db, kept)
    if planned is not None and kept.starts_at != before.starts_at:
        to = datetime.fromtimestamp(kept.starts_at, UTC)
        moved = planned.series.move(date.fromisoformat(kept.occurrence), to)
        series.keep(db, replace(planned, series=moved))
    return kept


def call_off(
    db: Database,
    plan_id: int,
    asker: Asker,
    reason: str,
    *,
    whole: bool,
    unasked: bool = False,
) -> list[Plan]:
    """Call one plan off, or its whole series; return what was called off."""
    plan = theirs(db, plan_id, asker)
    planned = _series(db, plan)
    if planned is None or not whole:
        off = replace(cancel(plan, reason), unasked=unasked)
        kept = records.keep(db, off)
        if planned is not None:
            without = planned.series.cancel(date.fromisoformat(plan.occurrence))
            series.keep(db, replace(planned, series=without))
        return [kept]
    series.keep(db, replace(planned, over=True))
    coming = [
        cancel(one, reason)
        for one in series.plans_of(db, planned.id)
        if one.state is PlanState.SCHEDULED
    ]
    # Its host hears of a series once.
    said = [replace(one, unasked=unasked) for one in coming[:1]]
    return [records.keep(db, one) for one in [*said, *coming[1:]]]


def lost(db: Database, guild_id: int, channel_id: int | None) -> list[Plan]:
    """Call off what was planned in a channel, or a guild, that is gone for the bot."""
    for planned in series.running(db):
        if _is_there(planned.model, guild_id, channel_id):
            # In a guild that is gone nobody can keep an event.
            event_id = None if channel_id is None else planned.event_id
            series.keep(db, replace(planned, over=True, event_id=event_id))
    gone: list[Plan] = []
    for plan in records.live(db):
        here = _is_there(plan, guild_id, channel_id)
        if plan.state is PlanState.SCHEDULED and here:
            # Its host hears of a series once.
            known = {one.series_id for one in gone} - {None}
            off = replace(cancel(plan, ""), unasked=plan.series_id not in known)
            gone.append(records.keep(db, off))
    return gone


def find(db: Database, plan_id: int, asker: Asker) -> Plan:
    """Return a plan of the asker's guild. Raises PlanRefused."""
    plan = records.get(db, plan_id)
    if plan is None or plan.guild_id != asker.guild_id:
        raise PlanRefused("plan.unknown")
    return plan


def theirs(db: Database, plan_id: int, asker: Asker) -> Plan:
    """Return a plan that the asker may change. Raises PlanRefused.

    To who does not see its room, a plan that they may not change is not there.
    """
    plan = find(db, plan_id, asker)
    if plan.host_id != asker.user_id and not asker.moderates:
        if plan.channel_id in asker.hidden and asker.user_id not in plan.cohost_ids:
            raise PlanRefused("plan.unknown")
        raise PlanRefused("plan.not_yours", topic=plan.topic, host_id=plan.host_id)
    return plan


def _checked(db: Database, plan: Plan, settings: SchedulerSettings, now: float) -> Plan:
    others = [one for one in records.live(db) if one.guild_id == plan.guild_id]
    return check(autostart.check(plan), others, settings, now)


def _series(db: Database, plan: Plan) -> PlannedSeries | None:
    return None if plan.series_id is None else series.get(db, plan.series_id)


def _is_there(plan: Plan, guild_id: int, channel_id: int | None) -> bool:
    return plan.guild_id == guild_id and channel_id in (None, plan.channel_id)
