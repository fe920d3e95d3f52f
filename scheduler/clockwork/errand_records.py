"""Campaigns, guests and errands as the store keeps them, and what they call for."""

import json
from dataclasses import dataclass, field, replace
from typing import Final

from sqlite_utils import Database

from moderation.store import campaigns as campaign_rows
from moderation.store import errands as ledger
from moderation.store import guests as guest_rows
from moderation.store import webhooks as hook_rows
from moderation.store.campaigns import CampaignRow
from moderation.store.errands import ErrandRow
from moderation.store.guests import GuestRow
from scheduler.campaigns import caps
from scheduler.campaigns.calls import Called, hook_calls
from scheduler.campaigns.campaign import Campaign, CampaignState, Target
from scheduler.campaigns.posts import Posted, posts
from scheduler.campaigns.settings import CampaignSettings
from scheduler.clockwork import records
from scheduler.clockwork.deliveries import nonce
from scheduler.errands import AT_ONCE, Errand, ErrandKind, is_late
from scheduler.guests.asks import asks
from scheduler.guests.guest import Guest, GuestState, Slot
from scheduler.guests.settings import GuestSettings
from scheduler.plans import Plan


@dataclass(frozen=True, slots=True)
class Choices:
    """What the organiser chose."""

    campaigns: CampaignSettings = field(default_factory=CampaignSettings)
    guests: GuestSettings = field(default_factory=GuestSettings)


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of an announcement."""

    reason: str | None
    """Why it does not go out; None where it does."""

    role_id: int | None
    """The role that it pings."""


def keep(db: Database, campaign: Campaign) -> Campaign:
    """Write the campaign and return it."""
    body = {
        "made_at": campaign.made_at,
        "by": campaign.by,
        "targets": [
            [one.channel_id, one.language, one.role_id] for one in campaign.targets
        ],
        "words": dict(campaign.words),
        "teasers": {name: list(lines) for name, lines in campaign.teasers.items()},
        "resumed_at": campaign.resumed_at,
        "requests": list(campaign.requests),
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    row = CampaignRow(campaign.plan_id, campaign.guild_id, campaign.state.value, text)
    campaign_rows.keep(db, row)
    return campaign


def campaign(db: Database, plan_id: int) -> Campaign | None:
    """Return the plan's campaign, or None."""
    row = campaign_rows.get(db, plan_id)
    return None if row is None else _campaign(row)


def campaigns_of(db: Database, guild_id: int) -> list[Campaign]:
    """Return the campaigns of the guild's plans that are scheduled or open."""
    return [_campaign(row) for row in campaign_rows.of_guild(db, guild_id)]


def _campaign(row: CampaignRow) -> Campaign:
    body = json.loads(row.body)
    body["targets"] = tuple(Target(*one) for one in body["targets"])
    body["teasers"] = {name: tuple(lines) for name, lines in body["teasers"].items()}
    body["requests"] = tuple(body["requests"])
    return Campaign(
        plan_id=row.plan_id,
        guild_id=row.guild_id,
        state=CampaignState(row.state),
        **body,
    )


def keep_guest(db: Database, guest: Guest) -> Guest:
    """Write the guest and return them."""
    guest_rows.keep(
        db,
        GuestRow(
            plan_id=guest.plan_id,
            user_id=guest.user_id,
            state=guest.state.value,
            slot_kind=guest.slot.kind,
            slot_value=guest.slot.value,
            language=guest.language,
            invited_by=guest.invited_by,
            invited_at=guest.invited_at,
            answered_at=guest.answered_at,
            answered_for=guest.answered_for,
            replaced_by=guest.replaced_by,
        ),
    )
    return guest


def guests(db: Database, plan_id: int) -> list[Guest]:
    """Return everybody who was invited to a plan, in that order."""
    return [
        Guest(
            plan_id=row.plan_id,
            user_id=row.user_id,
            state=GuestState(row.state),
            slot=Slot(row.slot_kind, row.slot_value),
            language=row.language,
            invited_by=row.invited_by,
            invited_at=row.invited_at,
            answered_at=row.answered_at,
            answered_for=row.answered_for,
            replaced_by=row.replaced_by,
        )
        for row in guest_rows.of_plan(db, plan_id)
    ]


def guest(db: Database, plan_id: int, user_id: int) -> Guest | None:
    """Return one guest, or None where that member was not invited."""
    found = [one for one in guests(db, plan_id) if one.user_id == user_id]
    return found[0] if found else None


def concerned(db: Database, since: float, now: float) -> list[int]:
    """Return every plan that may call for errands.

    These are the live ones, those called off or missed that start after a day before
    ``now``, and those that somebody was told of and that start after ``since`` (Unix
    seconds).
    """
    coming = [plan.id for plan in records.current(db, now - DAY_S)]
    return sorted({*coming, *ledger.told(db, since)})


def calls(db: Database, plan: Plan, choices: Choices) -> list[Errand]:
    """Return every errand that a plan calls for as it is now."""
    rows = ledger.of_plan(db, plan.id)
    found = asks(plan, guests(db, plan.id), choices.guests)
    planned = campaign(db, plan.id)
    if planned is None:
        return found
    found += posts(plan, planned, _posted(rows), choices.campaigns)
    hooks = [
        row.id for row in hook_rows.of_guild(db, plan.guild_id) if row.state == "on"
    ]
    called = [
        Called(row.step, row.target, row.starts_at, row.claimed_at)
        for row in rows
        if row.kind == ErrandKind.HOOK.value and row.state == "sent"
    ]
    return found + hook_calls(plan, planned, hooks, called, choices.campaigns)


def _posted(rows: list[ErrandRow]) -> list[Posted]:
    return [
        Posted(
            row.step,
            row.target,
            row.message_id,
            row.sequence,
            at=row.claimed_at,
            starts_at=row.starts_at,
        )
        for row in rows
        if row.kind == ErrandKind.ANNOUNCE.value
        and row.state == "sent"
        and row.message_id is not None
    ]


DAY_S: Final = 86400.0
WEEK_S: Final = 7 * 86400.0


def past(db: Database, guild_id: int, now: float) -> list[caps.Past]:
    """Return the guild's announcements of the last 7 days, sent or on their way."""
    rows = ledger.announced(db, guild_id, now - WEEK_S)
    return [caps.Past(row.claimed_at, row.target, row.role_id) for row in rows]


def judge(
    db: Database, guild_id: int, errand: Errand, now: float, choices: Choices
) -> Judged:
    """Return what the caps say about an announcement that is due."""
    verdict = caps.judge(errand, now, past(db, guild_id, now), choices.campaigns)
    return Judged(None if verdict.goes else caps.OVER_CHANNEL, verdict.role_id)


def row_of(
    db: Database,
    errand: Errand,
    plan: Plan,
    now: float,
    choices: Choices,
    *,
    superseded: bool,
) -> ErrandRow:
    """Return the row of an errand that is due: claimed, or dropped with the reason.

    The caps are asked: run it in the transaction that claims.
    """
    late = "too late" if is_late(errand, now) else None
    reason, role_id = "superseded" if superseded else late, errand.role_id
    if reason is None and errand.kind is ErrandKind.ANNOUNCE:
        verdict = judge(db, plan.guild_id, errand, now, choices)
        reason, role_id = verdict.reason, verdict.role_id
    return ErrandRow(
        key=errand.key,
        plan_id=errand.plan_id,
        guild_id=plan.guild_id,
        kind=errand.kind.value,
        step=errand.step,
        target=errand.target,
        due_at=now if errand.due_at == AT_ONCE else errand.due_at,
        starts_at=errand.starts_at,
        sequence=plan.sequence,
        state="dropped" if reason else "claimed",
        nonce=nonce(errand.key),
        role_id=None if reason else role_id,
        message_id=errand.message_id,
        claimed_at=now,
        settled_at=now if reason else None,
        reason=reason,
    )


def from_row(row: ErrandRow) -> Errand:
    """Return the errand of a row whose plan no longer calls for it."""
    return Errand(
        key=row.key,
        plan_id=row.plan_id,
        kind=ErrandKind(row.kind),
        step=row.step,
        target=row.target,
        due_at=row.due_at,
        starts_at=row.starts_at,
        message_id=row.message_id,
        role_id=row.role_id,
    )


def tried(row: ErrandRow, attempts: int, retry_at: float) -> ErrandRow:
    """Return the row after another attempt."""
    return replace(row, attempts=attempts, retry_at=retry_at)
