"""Who is invited to speak in which plan, what they answered, and the hosts' boards."""

from dataclasses import dataclass

from sqlite_utils import Database

COLUMNS = (
    "plan_id, user_id, state, slot_kind, slot_value, language, invited_by, invited_at,"
    " answered_at, answered_for, replaced_by"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestRow:
    """One guest of one plan."""

    plan_id: int
    user_id: int
    state: str
    """``invited``, ``confirmed``, ``declined`` or ``withdrawn``."""

    slot_kind: str = ""
    """``minute``, ``item`` or empty for any time."""

    slot_value: int = 0
    """Minutes after the start, or the number of the agenda item from 1."""

    language: str = "en"
    invited_by: int
    invited_at: float
    """Unix seconds."""

    answered_at: float | None = None
    answered_for: float | None = None
    """The start that the answer was for, Unix seconds."""

    replaced_by: int | None = None


def keep(db: Database, guest: GuestRow) -> None:
    """Put the guest in place of the one with the same plan and member, if any."""
    db.execute(
        f"INSERT OR REPLACE INTO guests ({COLUMNS})"  # noqa: S608 - our own constants
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            guest.plan_id,
            guest.user_id,
            guest.state,
            guest.slot_kind,
            guest.slot_value,
            guest.language,
            guest.invited_by,
            guest.invited_at,
            guest.answered_at,
            guest.answered_for,
            guest.replaced_by,
        ],
    )


def of_plan(db: Database, plan_id: int) -> list[GuestRow]:
    """Return everybody who was invited to a plan, in that order."""
    rows = db.query(
        f"SELECT {COLUMNS} FROM guests WHERE plan_id = ?"  # noqa: S608 - our own constants
        " ORDER BY invited_at, user_id",
        [plan_id],
    )
    return [GuestRow(**row) for row in rows]


def get(db: Database, plan_id: int, user_id: int) -> GuestRow | None:
    """Return one guest, or None where that member was not invited."""
    found = [row for row in of_plan(db, plan_id) if row.user_id == user_id]
    return found[0] if found else None


def set_board(db: Database, plan_id: int, channel_id: int, message_id: int) -> None:
    """Note where the plan's board is now."""
    db.execute(
        "INSERT OR REPLACE INTO guest_boards (plan_id, channel_id, message_id)"
        " VALUES (?, ?, ?)",
        [plan_id, channel_id, message_id],
    )


def board(db: Database, plan_id: int) -> tuple[int, int] | None:
    """Return channel and message of the plan's board, or None."""
    row = db.execute(
        "SELECT channel_id, message_id FROM guest_boards WHERE plan_id = ?", [plan_id]
    ).fetchone()
    return (row[0], row[1]) if row else None


def boards(db: Database, since: float) -> list[int]:
    """Return the plans with a board that start after ``since`` (Unix seconds)."""
    rows = db.execute(
        "SELECT b.plan_id FROM guest_boards AS b JOIN plans AS p ON p.id = b.plan_id"
        " WHERE p.starts_at > ? ORDER BY b.plan_id",
        [since],
    )
    return [plan_id for (plan_id,) in rows]


def drop_board(db: Database, plan_id: int) -> None:
    """Note that the board is gone."""
    db.execute("DELETE FROM guest_boards WHERE plan_id = ?", [plan_id])
