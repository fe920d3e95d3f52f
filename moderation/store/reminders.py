"""Who asked to be reminded of which plan, how long before, and where."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One member's wish."""

    plan_id: int
    user_id: int
    offset_s: float
    """Seconds before the start."""

    place: str
    """``thread`` or ``dm``."""

    asked_at: float
    """Unix seconds."""


def ask(db: Database, reminder: ReminderRow) -> None:
    """Add a wish; asking again for the same moment changes the place only."""
    db.execute(
        "INSERT INTO reminders (plan_id, user_id, offset_s, place, asked_at)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (plan_id, user_id, offset_s)"
        " DO UPDATE SET place = excluded.place",
        [
            reminder.plan_id,
            reminder.user_id,
            reminder.offset_s,
            reminder.place,
            reminder.asked_at,
        ],
    )


def withdraw(db: Database, plan_id: int, user_id: int) -> bool:
    """Drop the member's wishes for a plan; False when there were none."""
    cursor = db.execute(
        "DELETE FROM reminders WHERE plan_id = ? AND user_id = ?", [plan_id, user_id]
    )
    return cursor.rowcount > 0


def keep_only(
    db: Database, plan_id: int, user_id: int, offsets_s: Iterable[float]
) -> None:
    """Drop the member's wishes for a plan but those at ``offsets_s``."""
    db.execute(
        "DELETE FROM reminders WHERE plan_id = ? AND user_id = ?"
        " AND offset_s NOT IN (SELECT value FROM json_each(?))",
        [plan_id, user_id, json.dumps(list(offsets_s))],
    )


def redirect(
    db: Database, plan_id: int, user_id: int, place: str, below_s: float
) -> None:
    """Let the member's wishes nearer to the start than ``below_s`` go to ``place``."""
    db.execute(
        "UPDATE reminders SET place = ? WHERE plan_id = ? AND user_id = ?"
        " AND offset_s < ?",
        [place, plan_id, user_id, below_s],
    )


def of_plans(db: Database, plan_ids: Iterable[int]) -> list[ReminderRow]:
    """Return the wishes for these plans, in the order they were asked."""
    return [ReminderRow(*row) for row in raw(db, plan_ids)]


def raw(
    db: Database, plan_ids: Iterable[int]
) -> Iterable[tuple[int, int, float, str, float]]:
    """Return the same as plain rows: at start there may be very many."""
    rows: Iterable[tuple[int, int, float, str, float]] = db.execute(
        "SELECT plan_id, user_id, offset_s, place, asked_at FROM reminders"
        " WHERE plan_id IN (SELECT value FROM json_each(?))"
        " ORDER BY plan_id, asked_at, user_id, offset_s",
        [json.dumps(list(plan_ids))],
    )
    return rows
