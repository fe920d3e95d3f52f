"""Templates as the store keeps them, and what a plan gets of its template at once."""

import json
from dataclasses import asdict, replace
from typing import Any

from sqlite_utils import Database

from moderation.store import campaigns as campaign_rows
from moderation.store import plans as plan_rows
from moderation.store import templates as rows
from moderation.store import webhooks
from scheduler.campaigns.campaign import Campaign, Target
from scheduler.clockwork import errand_records, records
from scheduler.guests.guest import Guest, Slot, invite
from scheduler.plans import Plan, PlanRefused
from scheduler.templates import Speaker, Template, Words, check_room


def keep(db: Database, template: Template) -> Template:
    """Keep a template, in place of the one with its name. Raises PlanRefused."""
    check_room(of_guild(db, template.guild_id), template)
    campaign = template.campaign
    body: dict[str, Any] = {
        "model": asdict(records.to_row(template.model)),
        "guests": [
            [one.user_id, one.slot.kind, one.slot.value, one.language]
            for one in template.guests
        ],
        "campaign": None if campaign is None else asdict(campaign),
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


def attach(db: Database, template: Template, plan: Plan, now: float, most: int) -> None:
    """Invite the template's guests and begin its campaign, in the plan's own write.

    ``most`` is how many guests a plan may have. Who cannot be invited, such as its
    host, is left out.
    """
    for one in template.guests:
        known = errand_records.guests(db, plan.id)
        guest = Guest(
            plan_id=plan.id,
            user_id=one.user_id,
            slot=one.slot,
            language=one.language,
            invited_by=plan.host_id,
            invited_at=now,
        )
        try:
            errand_records.keep_guest(db, invite(plan, known, guest, most))
        except PlanRefused:
            continue
    if template.campaign is not None:
        _announce(db, template.campaign, plan, now)


def _announce(db: Database, words: Words, plan: Plan, now: float) -> None:
    targets = tuple(
        Target(row.channel_id, row.language, row.role_id)
        for row in campaign_rows.channels(db, plan.guild_id)
    )
    if not targets and not webhooks.of_guild(db, plan.guild_id):
        return  # there is nowhere to announce any more
    errand_records.keep(
        db,
        Campaign(
            plan_id=plan.id,
            guild_id=plan.guild_id,
            made_at=now,
            by=plan.host_id,
            targets=targets,
            words=dict(words.hooks),
            teasers=dict(words.teasers),
        ),
    )


def _from_row(row: rows.TemplateRow) -> Template:
    body = json.loads(row.body)
    said = body["campaign"]
    return Template(
        id=row.id,
        name=row.name,
        model=records.from_row(plan_rows.PlanRow(**body["model"])),
        made_at=row.made_at,
        guests=tuple(
            Speaker(user_id, Slot(kind, value), language)
            for user_id, kind, value, language in body["guests"]
        ),
        campaign=None
        if said is None
        else Words(
            said["hooks"],
            {name: tuple(lines) for name, lines in said["teasers"].items()},
        ),
    )
