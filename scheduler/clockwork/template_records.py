"""Templates as the store keeps them."""

import json
from dataclasses import asdict, replace
from typing import Any

from sqlite_utils import Database

from moderation.store import plans as plan_rows
from moderation.store import templates as rows
from scheduler.clockwork import extra_records, records
from scheduler.plans import PlanRefused
from scheduler.templates import Template, check_room


def keep(db: Database, template: Template) -> Template:
    """Keep a template, in place of the one with its name. Raises PlanRefused."""
    check_room(of_guild(db, template.guild_id), template)
    body: dict[str, Any] = {
        "model": asdict(records.to_row(template.model)),
        **extra_records.to_json(template.extras),
    }
    row = rows.TemplateRow(
        id=0,
        guild_id=template.guild_id,
        name=template.name,
        made_by=template.model.host_id,
        made_at=template.made_at,
        body=json.dumps(body, ensure_ascii=False, sort_keys=True),
    )
    return replace(template, id=rows.keep(db, row))


def of_guild(db: Database, guild_id: int) -> list[Template]:
    """Return the guild's templates by name."""
    return [_from_row(row) for row in rows.of_guild(db, guild_id)]


def get(db: Database, guild_id: int, template_id: int) -> Template:
    """Return one of the guild's templates. Raises PlanRefused."""
    row = rows.get(db, guild_id, template_id)
    if row is None:
        raise PlanRefused("template.unknown")
    return _from_row(row)


def _from_row(row: rows.TemplateRow) -> Template:
    body = json.loads(row.body)
    return Template(
        id=row.id,
        name=row.name,
        model=records.from_row(plan_rows.PlanRow(**body["model"])),
        made_at=row.made_at,
        extras=extra_records.from_json(body),
    )
