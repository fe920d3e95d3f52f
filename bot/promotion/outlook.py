"""How a campaign will go: what is to come, what the caps will say, what to warn of.

Pure but for ``look``, which is run inside ``Store.read``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from bot.promotion.gathered import Gathered, gather
from moderation.store import errands as ledger
from moderation.store import webhooks as hooks
from scheduler.campaigns.campaign import Campaign
from scheduler.campaigns.caps import Past, Verdict, forecast
from scheduler.campaigns.gauge import Gauge, measure
from scheduler.campaigns.meter import Concern, warnings
from scheduler.clockwork import errand_records, records
from scheduler.clockwork.errand_records import Choices
from scheduler.errands import Errand, ErrandKind
from scheduler.plans import Plan, PlanRefused


@dataclass(frozen=True, slots=True)
class Outlook:
    """A campaign as it will go, and what is to be said about it."""

    gathered: Gathered
    campaign: Campaign
    coming: tuple[tuple[Errand, Verdict], ...]
    """Announcements to come, by time, with what the caps will say."""

    sent: int
    """Announcements that are there."""

    troubles: tuple[tuple[int, str], ...]
    """Channels that something could not be posted in, and why."""

    concerns: tuple[Concern, ...]
    gauge: Gauge
    hooks: int
    """Outside tools that are called."""


def look(db: Database, campaign: Campaign, choices: Choices, now: float) -> Outlook:
    """Return how a campaign will go from ``now`` on (Unix seconds).

    Raises PlanRefused where its plan is gone.
    """
    plan_id, guild_id = campaign.plan_id, campaign.guild_id
    gathered = gather(db, plan_id)
    if gathered is None:
        raise PlanRefused("plan.unknown")
    plan, settings = gathered.plan, choices.campaigns
    mine = ledger.of_plan(db, plan_id)
    announced = [
        row
        for row in mine
        if row.kind == ErrandKind.ANNOUNCE.value and row.state == "sent"
    ]
    coming = _to_come(db, plan, choices)
    past = errand_records.past(db, guild_id, now)
    others = _others(db, campaign, choices)
    verdicts = forecast([*coming, *others], past, settings)
    own = [Past(row.claimed_at, row.target, row.role_id) for row in announced]
    own += _expected(coming, verdicts)
    own_keys = {(one.at, one.channel_id) for one in own}
    rest = [one for one in past if (one.at, one.channel_id) not in own_keys]
    text = "\n".join([*campaign.words.values(), *_lines(campaign)])
    return Outlook(
        gathered=gathered,
        campaign=campaign,
        coming=tuple((one, verdicts[one.key]) for one in coming),
        sent=len(announced),
        troubles=tuple(
            dict.fromkeys(
                (row.target, row.reason or "")
                for row in mine
                if row.kind == ErrandKind.ANNOUNCE.value and row.state == "failed"
            )
        ),
        concerns=tuple(
            warnings(
                [one for one in own if one.at < plan.starts_at],
                [*rest, *_expected(others, verdicts)],
                plan.starts_at,
                settings,
            )
        ),
        gauge=measure(text),
        hooks=sum(row.state == "on" for row in hooks.of_guild(db, guild_id)),
    )


def _others(db: Database, campaign: Campaign, choices: Choices) -> list[Errand]:
    """Return what the guild's other campaigns are going to announce."""
    found = []
    for one in errand_records.campaigns_of(db, campaign.guild_id):
        plan = records.get(db, one.plan_id)
        if plan is None or plan.id == campaign.plan_id:
            continue
        found += _to_come(db, plan, choices)
    return found


def _to_come(db: Database, plan: Plan, choices: Choices) -> list[Errand]:
    """Return the announcements of a plan that nothing has become of yet."""
    done = {row.key for row in ledger.of_plan(db, plan.id)}
    return [
        errand
        for errand in errand_records.calls(db, plan, choices)
        if errand.kind is ErrandKind.ANNOUNCE and errand.key not in done
    ]


def _expected(errands: list[Errand], verdicts: Mapping[str, Verdict]) -> list[Past]:
    return [
        Past(one.due_at, one.target, verdicts[one.key].role_id)
        for one in errands
        if verdicts[one.key].goes
    ]


def _lines(campaign: Campaign) -> list[str]:
    return [line for lines in campaign.teasers.values() for line in lines]
