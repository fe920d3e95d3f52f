"""Templates of plans; what a ``body`` means is known to ``scheduler`` alone."""

from dataclasses import dataclass

from sqlite_utils import Database

COLUMNS = "id, guild_id, name, made_by, made_at, body"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    """One template as it is kept."""

    id: int
    """0 until it is kept."""

    guild_id: int
    name: str
    """Unique in its guild, whatever its capitals."""

    made_by: int
    made_at: float
    """Unix seconds."""

    body: str
    """Everything else, JSON."""


def keep(db: Database, row: TemplateRow) -> int:
    """Keep a template, in place of the one with its name; return its id."""
    drop_named(db, row.guild_id, row.name)
    cursor = db.execute(
        "INSERT INTO templates (guild_id, name, folded, made_by, made_at, body)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        [
            row.guild_id,
            row.name,
            row.name.casefold(),
            row.made_by,
            row.made_at,
            row.body,
        ],
    )
    (template_id,) = cursor.fetchone()
    return int(template_id)


def of_guild(db: Database, guild_id: int) -> list[TemplateRow]:
    """Return the guild's templates by name."""
    rows = db.query(
        f"SELECT {COLUMNS} FROM templates WHERE guild_id = ?"  # noqa: S608 - our own constants
        " ORDER BY folded",
        [guild_id],
    )
    return [TemplateRow(**row) for row in rows]


def get(db: Database, guild_id: int, template_id: int) -> TemplateRow | None:
    """Return one of the guild's templates, or None."""
    return next((r for r in of_guild(db, guild_id) if r.id == template_id), None)


def drop(db: Database, template_id: int) -> None:
    """Delete a template."""
    db.execute("DELETE FROM templates WHERE id = ?", [template_id])


def drop_named(db: Database, guild_id: int, name: str) -> None:
    """Delete the guild's template of a name, if there is one."""
    db.execute(
        "DELETE FROM templates WHERE guild_id = ? AND folded = ?",
        [guild_id, name.casefold()],
    )
