"""Calls: which events of a campaign outside tools are told, and when.

Each tool is called once for each event. An announcement is one event, whatever
channels it goes to, and carries its text in each language. What a tool was never told
of is neither changed nor cancelled for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from scheduler.campaigns.campaign import Campaign, CampaignState
from scheduler.campaigns.posts import (
    CANCELLED,
    CHANGED,
    ENDED,
    LIVE,
    MISSED,
    free_from,
    step_of,
)
from scheduler.campaigns.settings import CampaignSettings
from scheduler.errands import AT_ONCE, Errand, ErrandKind
from scheduler.plans import Plan, PlanState

EVENTS: Final = {
    LIVE: "space.live",
    ENDED: "space.ended",
    CHANGED: "space.changed",
    CANCELLED: "space.cancelled",
    MISSED: "space.missed",
}
"""Names of events by step; every other step is ``space.announced``."""

AFTER: Final = {
    PlanState.OPENED: LIVE,
    PlanState.ENDED: ENDED,
    PlanState.CANCELLED: CANCELLED,
    PlanState.MISSED: MISSED,
}


@dataclass(frozen=True, slots=True)
class Called:
    """A call that was made."""

    step: str
    hook_id: int
    starts_at: float
    """The start that it spoke of, Unix seconds."""

    at: float = 0.0
    """When it was made, Unix seconds."""


def event_of(step: str) -> str:
    """Return the event's name as outside tools know it."""
    return EVENTS.get(step, "space.announced")


def hook_calls(
    plan: Plan,
    campaign: Campaign,
    hooks: Iterable[int],
    called: Sequence[Called],
    settings: CampaignSettings,
) -> list[Errand]:
    """Return every call that the campaign asks for, by time.

    ``called`` is in the order in which the calls were made.
    """
    active = campaign.state is CampaignState.ACTIVE
    found: list[Errand] = []
    for hook in hooks:
        known = [one for one in called if one.hook_id == hook]
        step = AFTER.get(plan.state)
        if step is not None:
            if known or (step == LIVE and active):
                found.append(_call(plan, hook, step, AT_ONCE))
            continue
        if known and known[-1].starts_at != plan.starts_at:
            found.append(_call(plan, hook, CHANGED, AT_ONCE))
        if active:
            found += _announcements(plan, campaign, hook, known, settings)
    return sorted(found, key=lambda errand: (errand.due_at, errand.key))


def _announcements(
    plan: Plan,
    campaign: Campaign,
    hook: int,
    known: Sequence[Called],
    settings: CampaignSettings,
) -> Iterable[Errand]:
    others = [(one.step, one.at) for one in known if one.starts_at != plan.starts_at]
    since = max(campaign.made_at, campaign.resumed_at)
    for minutes in settings.offsets_min:
        due_at = plan.starts_at - 60 * minutes
        if due_at >= max(since, free_from(minutes, others)):
            yield _call(plan, hook, step_of(minutes), due_at)


def _call(plan: Plan, hook: int, step: str, due_at: float) -> Errand:
    before = step not in EVENTS
    # The same start may be come back to: a change is told each time.
    start = f"{plan.sequence}" if step == CHANGED else f"{plan.starts_at:.0f}"
    if step == LIVE:
        start = ""
    return Errand(
        key=f"{plan.id}/{start}/hook-{step}/{hook}",
        plan_id=plan.id,
        kind=ErrandKind.HOOK,
        step=step,
        target=hook,
        due_at=due_at,
        starts_at=plan.starts_at,
        until=plan.starts_at if before else None,
        chain=f"{plan.id}/hook/{hook}" if before else "",
    )
