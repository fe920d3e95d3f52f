"""Plans and wishes as the store keeps them, and back."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Final

from sqlite_utils import Database

from moderation.store import plans as rows
from moderation.store import reminders as wishes
from scheduler.plans import Plan, PlanState
from scheduler.reminders import Place, Wish

LIVE: Final = (PlanState.SCHEDULED.value, PlanState.OPENED.value)
"""States of plans that something may still happen to."""

_COLUMNS: Final = frozenset(
    {
        "id",
        "guild_id",
        "channel_id",
        "host_id",
        "state",
        "starts_at",
        "series_id",
        "occurrence",
        "event_id",
    }
)


def keep(db: Database, plan: Plan) -> Plan:
    """Write the plan and return it with its id."""
    row = to_row(plan)
    if plan.id:
        rows.update(db, row)
        return plan
    return replace(plan, id=rows.insert(db, row))


def get(db: Database, plan_id: int) -> Plan | None:
    """Return the plan, or None when there is no such one."""
    row = rows.get(db, plan_id)
    return None if row is None else from_row(row)


def live(db: Database) -> list[Plan]:
    """Return every plan that is scheduled or open, the earliest first."""
    return [from_row(row) for row in rows.in_state(db, LIVE)]


def current(db: Database, since: float) -> list[Plan]:
    """Return every plan that is live, or started after ``since`` (Unix seconds)."""
    return [from_row(row) for row in rows.current(db, LIVE, since)]


def upcoming(db: Database, guild_id: int, limit: int = 25) -> list[Plan]:
    """Return the guild's scheduled plans, the earliest first."""
    found = rows.of_guild(db, guild_id, [PlanState.SCHEDULED.value], limit)
    return [from_row(row) for row in found]


def scheduled_in(db: Database, guild_id: int, channel_id: int) -> list[Plan]:
    """Return the channel's scheduled plans, the earliest first."""
    found = rows.in_channel(db, guild_id, channel_id, PlanState.SCHEDULED.value)
    return [from_row(row) for row in found]


def upcoming_of(db: Database, series_id: int) -> list[Plan]:
    """Return the scheduled plans of a series, the earliest first."""
    found = [from_row(row) for row in rows.of_series(db, series_id)]
    return [plan for plan in found if plan.state is PlanState.SCHEDULED]


def wish(db: Database, plan_id: int, made: Wish) -> None:
    """Write down that a member wants to be reminded."""
    wishes.ask(
        db,
        wishes.ReminderRow(
            plan_id, made.user_id, made.offset_s, made.place.value, made.asked_at
        ),
    )


def wishes_for(db: Database, plan_ids: Iterable[int]) -> dict[int, list[Wish]]:
    """Return who wants to be reminded of these plans."""
    found: dict[int, list[Wish]] = {}
    for plan_id, user_id, offset_s, place, asked_at in wishes.raw(db, plan_ids):
        made = Wish(user_id, offset_s, _PLACES[place], asked_at)
        found.setdefault(plan_id, []).append(made)
    return found


_PLACES: Final = {place.value: place for place in Place}
"""Looked up, as calling the enum 50,000 times takes a third of a start."""


def to_row(plan: Plan) -> rows.PlanRow:
    """Return the plan as the store keeps it."""
    body = {k: v for k, v in asdict(plan).items() if k not in _COLUMNS}
    return rows.PlanRow(
        id=plan.id,
        guild_id=plan.guild_id,
        channel_id=plan.channel_id,
        host_id=plan.host_id,
        state=plan.state.value,
        starts_at=plan.starts_at,
        series_id=plan.series_id,
        occurrence=plan.occurrence,
        event_id=plan.event_id,
        body=json.dumps(body, ensure_ascii=False, sort_keys=True),
    )


def from_row(row: rows.PlanRow) -> Plan:
    """Return the plan that the store kept."""
    body = json.loads(row.body)
    body.pop("occurrence", None)  # rows of older versions have it here
    body["agenda"] = tuple(body["agenda"])
    body["offsets_min"] = tuple(body["offsets_min"])
    body["cohost_ids"] = tuple(body.get("cohost_ids", ()))
    body["event_as"] = tuple(body.get("event_as", ()))  # older rows have none
    return Plan(
        id=row.id,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        host_id=row.host_id,
        state=PlanState(row.state),
        starts_at=row.starts_at,
        series_id=row.series_id,
        occurrence=row.occurrence,
        event_id=row.event_id,
        **body,
    )
