"""A campaign: where, in which languages and with which words a plan is announced.

Rules:

- A campaign is ``ACTIVE``, ``PAUSED`` or ``CANCELLED``; nothing leads out of the last.
- What was due while it was paused is not made up for.
- Everything else follows from the plan: it moves with it and is silent without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from scheduler.plans import Plan, PlanRefused

HOOK_LENGTH: Final = 600
"""Characters of a campaign's own words in one language."""

TEASER_LENGTH: Final = 140
"""Characters of one teaser."""

TEASERS: Final = 10
"""Teasers in one language."""

REQUESTS: Final = 5
"""Announcements out of turn that one campaign may ask for."""


class CampaignState(Enum):
    """How far a campaign is."""

    ACTIVE = "active"
    PAUSED = "paused"
    CANCELLED = "cancelled"


MOVES: Final = {
    CampaignState.ACTIVE: {CampaignState.PAUSED, CampaignState.CANCELLED},
    CampaignState.PAUSED: {CampaignState.ACTIVE, CampaignState.CANCELLED},
    CampaignState.CANCELLED: set[CampaignState](),
}
"""What may follow what."""


@dataclass(frozen=True, slots=True)
class Target:
    """One channel that announcements go to."""

    channel_id: int
    language: str = "en"
    role_id: int | None = None
    """Role to ping there; None pings nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """How one plan is announced."""

    plan_id: int
    guild_id: int
    made_at: float
    """Unix seconds; what was due before is not sent."""

    by: int
    """Who made it."""

    state: CampaignState = CampaignState.ACTIVE
    targets: tuple[Target, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    """Why people should come, by language."""

    teasers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """One for each announcement in turn, by language; the agenda where there are
    none."""

    resumed_at: float = 0.0
    """When it last went on after a pause, Unix seconds."""

    requests: tuple[float, ...] = ()
    """When somebody asked for an announcement out of turn, Unix seconds."""


def turn(campaign: Campaign, state: CampaignState, now: float) -> Campaign:
    """Return the campaign in its next state. Raises PlanRefused."""
    if state not in MOVES[campaign.state]:
        raise PlanRefused(
            "promo.state", state_key=f"promo.state_name.{campaign.state.value}"
        )
    resumed_at = now if state is CampaignState.ACTIVE else campaign.resumed_at
    return replace(campaign, state=state, resumed_at=resumed_at)


def request(campaign: Campaign, now: float) -> Campaign:
    """Return the campaign with an announcement out of turn. Raises PlanRefused."""
    if campaign.state is not CampaignState.ACTIVE:
        raise PlanRefused(
            "promo.state", state_key=f"promo.state_name.{campaign.state.value}"
        )
    if len(campaign.requests) >= REQUESTS:
        raise PlanRefused("promo.requests", n=REQUESTS)
    return replace(campaign, requests=(*campaign.requests, now))


def with_texts(
    campaign: Campaign, words: Mapping[str, str], teasers: Mapping[str, str]
) -> Campaign:
    """Return the campaign with texts as typed: teasers are lines. Raises PlanRefused.

    A language with nothing typed has no texts of its own.
    """
    kept: dict[str, tuple[str, ...]] = {}
    for language, typed in teasers.items():
        lines = [line.strip(" -*•\t") for line in typed.splitlines()]
        found = tuple(line for line in lines if line)
        if len(found) > TEASERS:
            raise PlanRefused("promo.many_teasers", n=TEASERS)
        if any(len(line) > TEASER_LENGTH for line in found):
            raise PlanRefused("promo.long_teaser", n=TEASER_LENGTH)
        if found:
            kept[language] = found
    if any(len(text.strip()) > HOOK_LENGTH for text in words.values()):
        raise PlanRefused("promo.long_words", n=HOOK_LENGTH)
    said = {one: text.strip() for one, text in words.items() if text.strip()}
    return replace(campaign, words=said, teasers=kept)


def teaser(plan: Plan, campaign: Campaign, language: str, number: int) -> str:
    """Return the teaser of the campaign's announcement ``number`` (from 0), or empty.

    They take turns: the campaign's own in that language, else the agenda's items.
    """
    lines = campaign.teasers.get(language) or plan.agenda
    return str(lines[number % len(lines)]) if lines else ""
