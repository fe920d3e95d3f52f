"""Planned Spaces; what a plan's ``body`` means is known to ``scheduler`` alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

COLUMNS = (
    "id, guild_id, channel_id, host_id, state, starts_at, series_id, occurrence,"
    " event_id, body"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One plan as it is kept."""

    id: int
    """0 for a plan that is not kept yet."""

    guild_id: int
    channel_id: int
    host_id: int
    state: str
    starts_at: float
    """Unix seconds."""

    series_id: int | None = None
    """The series that this is an occurrence of."""

    occurrence: str = ""
    """Which one, by the local date that the series gives it."""

    event_id: int | None = None
    """Discord's scheduled event."""

    body: str
    """Everything else, JSON."""


def insert(db: Database, plan: PlanRow) -> int:
    """Add a plan and return its id; ``plan.id`` is not looked at."""
    cursor = db.execute(
        "INSERT INTO plans (guild_id, channel_id, host_id, state, starts_at,"
        " series_id, occurrence, event_id, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " RETURNING id",
        _values(plan),
    )
    (plan_id,) = cursor.fetchone()
    return int(plan_id)


def update(db: Database, plan: PlanRow) -> None:
    """Put the plan in place of the one with its id."""
    db.execute(
        "UPDATE plans SET guild_id = ?, channel_id = ?, host_id = ?, state = ?,"
        " starts_at = ?, series_id = ?, occurrence = ?, event_id = ?, body = ?"
        " WHERE id = ?",
        [*_values(plan), plan.id],
    )


def get(db: Database, plan_id: int) -> PlanRow | None:
    """Return the plan, or None when there is no such one."""
    return next(iter(_select(db, "id = ?", [plan_id])), None)


def by_event(db: Database, event_id: int) -> PlanRow | None:
    """Return the plan of one of Discord's scheduled events, or None."""
    return next(iter(_select(db, "event_id = ?", [event_id])), None)


def in_state(db: Database, states: Sequence[str]) -> list[PlanRow]:
    """Return all plans in one of ``states``, the earliest first."""
    marks = ", ".join("?" for _ in states)
    return _select(db, f"state IN ({marks})", list(states))


def current(db: Database, states: Sequence[str], since: float) -> list[PlanRow]:
    """Return all plans in one of ``states`` or starting after ``since`` (Unix)."""
    marks = ", ".join("?" for _ in states)
    return _select(db, f"state IN ({marks}) OR starts_at > ?", [*states, since])


def of_guild(
    db: Database, guild_id: int, states: Sequence[str], limit: int = 25
) -> list[PlanRow]:
    """Return the guild's plans in one of ``states``, the earliest first."""
    marks = ", ".join("?" for _ in states)
    return _select(
        db, f"guild_id = ? AND state IN ({marks})", [guild_id, *states], limit
    )


def in_channel(
    db: Database, guild_id: int, channel_id: int, state: str
) -> list[PlanRow]:
    """Return a channel's plans in one state, the earliest first."""
    return _select(
        db,
        "guild_id = ? AND channel_id = ? AND state = ?",
        [guild_id, channel_id, state],
    )


def alone_since(db: Database, guild_id: int, since: float) -> list[PlanRow]:
    """Return the guild's plans of no series that start after ``since`` (Unix)."""
    return _select(
        db,
        "guild_id = ? AND series_id IS NULL AND starts_at > ?",
        [guild_id, since],
    )


def of_series(db: Database, series_id: int) -> list[PlanRow]:
    """Return the occurrences of a series that are kept, the earliest first."""
    return _select(db, "series_id = ?", [series_id])


def _values(plan: PlanRow) -> list[Any]:
    return [
        plan.guild_id,
        plan.channel_id,
        plan.host_id,
        plan.state,
        plan.starts_at,
        plan.series_id,
        plan.occurrence,
        plan.event_id,
        plan.body,
    ]


def _select(
    db: Database, where: str, values: Sequence[Any], limit: int = -1
) -> list[PlanRow]:
    rows = db.query(
        f"SELECT {COLUMNS} FROM plans WHERE {where}"  # noqa: S608 - our own constants
        " ORDER BY starts_at, id LIMIT ?",
        [*values, limit],
    )
    return [PlanRow(**row) for row in rows]
