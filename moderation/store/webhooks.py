"""Outside tools that a guild lets know about its Spaces.

The secret is kept as it is, because every call is signed with it; it is shown and
logged nowhere, and ``repr`` leaves it out.
"""

from dataclasses import dataclass, field

from sqlite_utils import Database

COLUMNS = "id, guild_id, name, url, secret, state, reason, made_by, made_at"


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """One outside tool."""

    id: int
    """0 until it is kept."""

    guild_id: int
    name: str
    url: str = field(repr=False)
    """Left out as well: many tools take whoever knows the address for the owner."""

    secret: str = field(repr=False)
    state: str
    """``on`` or ``off``."""

    reason: str
    """Why it is off."""

    made_by: int
    made_at: float
    """Unix seconds."""


def add(db: Database, hook: WebhookRow) -> int:
    """Keep a webhook and return its id; one of the same name is replaced."""
    db.execute(
        "DELETE FROM webhooks WHERE guild_id = ? AND name = ?",
        [hook.guild_id, hook.name],
    )
    cursor = db.execute(
        "INSERT INTO webhooks (guild_id, name, url, secret, state, reason, made_by,"
        " made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        [
            hook.guild_id,
            hook.name,
            hook.url,
            hook.secret,
            hook.state,
            hook.reason,
            hook.made_by,
            hook.made_at,
        ],
    )
    (hook_id,) = cursor.fetchone()
    return int(hook_id)


def get(db: Database, hook_id: int) -> WebhookRow | None:
    """Return one webhook, or None."""
    rows = db.execute(f"SELECT {COLUMNS} FROM webhooks WHERE id = ?", [hook_id])  # noqa: S608 - our own constants
    row = rows.fetchone()
    return WebhookRow(*row) if row else None


def of_guild(db: Database, guild_id: int) -> list[WebhookRow]:
    """Return the guild's webhooks, the oldest first."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM webhooks WHERE guild_id = ? ORDER BY id",  # noqa: S608 - our own constants
        [guild_id],
    )
    return [WebhookRow(*row) for row in rows]


def switch(db: Database, hook_id: int, state: str, reason: str = "") -> None:
    """Switch a webhook ``on`` or ``off``."""
    db.execute(
        "UPDATE webhooks SET state = ?, reason = ? WHERE id = ?",
        [state, reason, hook_id],
    )


def drop(db: Database, guild_id: int, name: str) -> bool:
    """Forget a webhook with its secret; False where there is none of that name."""
    cursor = db.execute(
        "DELETE FROM webhooks WHERE guild_id = ? AND name = ?", [guild_id, name]
    )
    return cursor.rowcount > 0
