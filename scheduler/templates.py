"""Templates: what a plan is like but for its time, kept under a name to plan it again.

Rules:

- A name is a guild's own; saving under a name that is taken replaces what was there.
- Guests and campaign are in it only where who saves it wants them. Guests are invited
  anew, announcements go where the guild announces then.
- A plan from a template is hosted by who plans it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from scheduler.autostart import hosted_by
from scheduler.campaigns.campaign import Campaign, CampaignState
from scheduler.extras import NOTHING, Extras, Speaker, Words
from scheduler.guests.guest import GONE, Guest
from scheduler.plans import Plan, PlanRefused, PlanState, clone

NAME_LENGTH: Final = 60
"""Characters of a name: it is suggested beside its topic, and 100 are shown."""

MOST: Final = 100
"""Templates that a guild may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A plan without its time."""

    id: int = 0
    """0 until it is kept."""

    name: str
    model: Plan
    """What a plan of it is like; who saved it is its ``host_id``."""

    made_at: float
    """Unix seconds."""

    extras: Extras = NOTHING

    @property
    def guild_id(self) -> int:
        """Whose it is."""
        return self.model.guild_id


def of_plan(
    plan: Plan,
    name: str,
    by: int,
    now: float,
    guests: Iterable[Guest] = (),
    campaign: Campaign | None = None,
) -> Template:
    """Return what is to be kept of a plan. Raises PlanRefused."""
    if not name.strip():
        raise PlanRefused("template.no_name")
    if len(name) > NAME_LENGTH:
        raise PlanRefused("template.long_name", n=NAME_LENGTH)
    words = None
    if campaign is not None and campaign.state is not CampaignState.CANCELLED:
        words = Words(dict(campaign.words), dict(campaign.teasers))
    return Template(
        name=name,
        model=replace(clone(plan, 0.0), host_id=by, post_channel_id=None),
        made_at=now,
        extras=Extras(
            tuple(
                Speaker(one.user_id, one.slot, one.language)
                for one in guests
                if one.state not in GONE
            ),
            words,
        ),
    )


def planned(
    template: Template, host_id: int, now: float, post_channel_id: int | None
) -> Plan:
    """Return a plan of the template; its time is still to be said."""
    return replace(
        hosted_by(template.model, host_id),
        state=PlanState.SCHEDULED,
        starts_at=now,
        post_channel_id=post_channel_id,
    )


def check_room(known: Iterable[Template], new: Template) -> None:
    """Refuse one more than a guild may have. Raises PlanRefused."""
    names = {one.name.casefold() for one in known}
    if new.name.casefold() not in names and len(names) >= MOST:
        raise PlanRefused("template.too_many", n=MOST)


def fitting(known: Iterable[Template], typed: str, most: int) -> list[Template]:
    """Return which templates somebody may mean who has typed so much, by name."""
    wanted = typed.casefold()
    found = [
        one
        for one in known
        if wanted in one.name.casefold() or wanted in one.model.topic.casefold()
    ]
    first = (not one.name.casefold().startswith(wanted) for one in found)
    ranked = sorted(zip(first, found, strict=True), key=lambda r: (r[0], r[1].name))
    return [one for _, one in ranked[:most]]
