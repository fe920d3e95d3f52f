"""The public card of each planned Space: where it is, and what it last showed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

COLUMNS: Final = "plan_id, channel_id, starts_at, message_id, claimed_at, shows, gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """One card as it is kept."""

    plan_id: int
    channel_id: int
    starts_at: float
    """The start that it showed first, Unix seconds."""

    message_id: int | None = None
    """None until it is posted."""

    claimed_at: float | None = None
    """Since when it may have been posted, Unix seconds."""

    shows: str = ""
    """Digest of what it last showed."""

    gone: str = ""
    """Why it is given up, as the key of a text; empty while it is kept."""


def ask(db: Database, plan_id: int, channel_id: int, starts_at: float) -> None:
    """Note that a plan is to have a card; one that it has stays."""
    db.execute(
        "INSERT INTO cards (plan_id, channel_id, starts_at) VALUES (?, ?, ?)"
        " ON CONFLICT (plan_id) DO NOTHING",
        [plan_id, channel_id, starts_at],
    )


def keep(db: Database, card: CardRow) -> None:
    """Put the card in place of the one that its plan had."""
    db.execute(
        "UPDATE cards SET channel_id = ?, starts_at = ?, message_id = ?,"
        " claimed_at = ?, shows = ?, gone = ? WHERE plan_id = ?",
        [
            card.channel_id,
            card.starts_at,
            card.message_id,
            card.claimed_at,
            card.shows,
            card.gone,
            card.plan_id,
        ],
    )


def get(db: Database, plan_id: int) -> CardRow | None:
    """Return a plan's card, or None where it has none."""
    return next(iter(of_plans(db, [plan_id])), None)


def of_plans(db: Database, plan_ids: Iterable[int]) -> list[CardRow]:
    """Return the cards of these plans."""
    rows = db.query(
        f"SELECT {COLUMNS} FROM cards"  # noqa: S608 - our own constant
        " WHERE plan_id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(plan_ids))],
    )
    return [CardRow(**row) for row in rows]


def series_shown(db: Database, series_id: int, states: Iterable[str]) -> bool | None:
    """Say whether a plan of the series in one of ``states`` has a card.

    None where no plan of it ever had one.
    """
    rows = db.execute(
        "SELECT plans.state IN (SELECT value FROM json_each(?)) FROM cards"
        " JOIN plans ON plans.id = cards.plan_id WHERE plans.series_id = ?",
        [json.dumps(list(states)), series_id],
    )
    found = [bool(standing) for (standing,) in rows]
    return any(found) if found else None
