"""Extras as the store keeps them, and how a plan gets them."""

from dataclasses import asdict
from typing import Any

from sqlite_utils import Database

from moderation.store import campaigns as campaign_rows
from moderation.store import webhooks
from scheduler.campaigns.campaign import Campaign, Target
from scheduler.clockwork import errand_records
from scheduler.extras import Extras, Speaker, Words
from scheduler.guests.guest import Guest, Slot, invite
from scheduler.plans import Plan, PlanRefused


def attach(db: Database, extras: Extras, plan: Plan, now: float) -> None:
    """Invite a plan's guests and begin its campaign, in the write that asks for it.

    Who cannot be invited, such as its host, is left out.
    """
    for one in extras.guests:
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
            invited = invite(plan, known, guest, len(known) + 1)
        except PlanRefused:
            continue
        errand_records.keep_guest(db, invited)
    if extras.campaign is not None:
        _announce(db, extras.campaign, plan, now)


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


def to_json(extras: Extras) -> dict[str, Any]:
    """Return what ``from_json`` takes."""
    campaign = extras.campaign
    return {
        "guests": [
            [one.user_id, one.slot.kind, one.slot.value, one.language]
            for one in extras.guests
        ],
        "campaign": None if campaign is None else asdict(campaign),
    }


def from_json(body: Any) -> Extras:
    """Return what was kept of extras, beside whatever else ``body`` holds."""
    said = body.get("campaign")
    return Extras(
        tuple(
            Speaker(user_id, Slot(kind, value), language)
            for user_id, kind, value, language in body.get("guests", ())
        ),
        None
        if said is None
        else Words(
            said["hooks"],
            {name: tuple(lines) for name, lines in said["teasers"].items()},
        ),
    )
