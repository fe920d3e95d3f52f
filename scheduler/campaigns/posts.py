"""Posts: which announcements and edits a campaign calls for, and when.

Rules:

- Before the start: one announcement per offset and channel. What was due before the
  campaign was made, or while it was paused, is not sent.
- When the Space opens: one post per channel, which becomes the post that it is over.
- When the plan changes: nothing is announced again that was due before the newest post
  that is there already, nor soon after a post of the same step (``AGAIN``). What comes
  is announced at the new times, and every post that is there is edited to say so. When
  it is cancelled or missed: the edits only, nothing new.
- Announcements of one channel are a chain: of several missed ones the newest goes out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scheduler.campaigns.campaign import Campaign, CampaignState, Target
from scheduler.campaigns.settings import CampaignSettings
from scheduler.errands import AT_ONCE, Errand, ErrandKind
from scheduler.plans import Plan, PlanState

LIVE, ENDED, CHANGED = "live", "ended", "changed"
CANCELLED, MISSED, NOW = "cancelled", "missed", "now"
"""Steps that have no offset."""

AGAIN: Final = 0.25
"""Part of its offset that an announcement must come later than one of the same step
for another start: a plan that moves by an hour is corrected, not announced anew."""

OVER: Final = {PlanState.CANCELLED: CANCELLED, PlanState.MISSED: MISSED}


@dataclass(frozen=True, slots=True)
class Posted:
    """An announcement that is there."""

    step: str
    channel_id: int
    message_id: int
    sequence: int
    """The change of the plan (``Plan.sequence``) that it shows."""

    at: float = 0.0
    """When it was sent, Unix seconds."""

    starts_at: float | None = None
    """The start that it announced, Unix seconds."""


def step_of(minutes: float) -> str:
    """Return the name of the announcement so many minutes before the start."""
    return f"t-{minutes:g}"


def free_from(minutes: float, others: Iterable[tuple[str, float]]) -> float:
    """Return from when on the announcement so many minutes before may be due.

    ``others`` are the steps that were told for other starts, and when (Unix seconds).
    """
    wait_s = {step_of(minutes): AGAIN * 60 * minutes}
    return max((at + wait_s.get(step, 0.0) for step, at in others), default=0.0)


def posts(
    plan: Plan,
    campaign: Campaign,
    posted: Iterable[Posted],
    settings: CampaignSettings,
) -> list[Errand]:
    """Return everything in channels that the campaign calls for, by time."""
    there = list(posted)
    found: list[Errand] = list(_edits(plan, there))
    if campaign.state is CampaignState.ACTIVE:
        if plan.state is PlanState.SCHEDULED:
            found += _before(plan, campaign, there, settings)
        elif plan.state is PlanState.OPENED:
            role = 0.0 in settings.ping_min
            found += [
                _post(plan, one, LIVE, AT_ONCE, pings=role) for one in campaign.targets
            ]
    return sorted(found, key=lambda errand: (errand.due_at, errand.key))


def _before(
    plan: Plan, campaign: Campaign, there: list[Posted], settings: CampaignSettings
) -> Iterable[Errand]:
    since = max(campaign.made_at, campaign.resumed_at)
    for target in campaign.targets:
        others = [
            (one.step, one.at)
            for one in there
            if one.channel_id == target.channel_id and one.starts_at != plan.starts_at
        ]
        for minutes in settings.offsets_min:
            due_at = plan.starts_at - 60 * minutes
            if due_at >= max(since, free_from(minutes, others)):
                pings = minutes in settings.ping_min
                yield _post(plan, target, step_of(minutes), due_at, pings=pings)
        for number, at in enumerate(campaign.requests):
            if at < plan.starts_at:
                yield _post(plan, target, f"{NOW}-{number}", at, pings=False)


def _post(
    plan: Plan, target: Target, step: str, due_at: float, *, pings: bool
) -> Errand:
    live = step == LIVE
    # A request is for one moment and is not asked again when the plan moves.
    start = "" if step.startswith(NOW) or live else f"{plan.starts_at:.0f}"
    return Errand(
        key=f"{plan.id}/{start}/{step}/{target.channel_id}",
        plan_id=plan.id,
        kind=ErrandKind.ANNOUNCE,
        step=step,
        target=target.channel_id,
        due_at=due_at,
        starts_at=plan.starts_at,
        until=None if live else plan.starts_at,
        chain=f"{plan.id}/{target.channel_id}",
        role_id=target.role_id if pings else None,
    )


def _edits(plan: Plan, posted: Iterable[Posted]) -> Iterable[Errand]:
    for one in posted:
        live = one.step == LIVE
        if plan.state is PlanState.ENDED and live:
            yield _edit(plan, one, ENDED)
        elif plan.state in OVER and not live:
            yield _edit(plan, one, OVER[plan.state])
        elif (
            plan.state is PlanState.SCHEDULED
            and not live
            and one.sequence != plan.sequence
        ):
            yield _edit(plan, one, CHANGED)


def _edit(plan: Plan, one: Posted, step: str) -> Errand:
    return Errand(
        key=f"{plan.id}/{plan.sequence}/{step}/{one.message_id}",
        plan_id=plan.id,
        kind=ErrandKind.EDIT,
        step=step,
        target=one.channel_id,
        due_at=AT_ONCE,
        starts_at=plan.starts_at,
        message_id=one.message_id,
    )
