"""The meter: whether a Space is announced too little or too much, with figures.

Too little brings few people; too much raises expectations that no Space can meet.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from scheduler.campaigns.caps import HOUR_S, Past
from scheduler.campaigns.settings import CampaignSettings

WEEK_S: Final = 7 * 86400.0

Param = str | int | float


@dataclass(frozen=True, slots=True)
class Concern:
    """Something about the amount of promotion, and the figure."""

    key: str
    params: Mapping[str, Param] = field(default_factory=dict)


def warnings(
    coming: Sequence[Past],
    others: Sequence[Past],
    starts_at: float,
    settings: CampaignSettings,
) -> list[Concern]:
    """Return what is too little or too much about the announcements of one plan.

    ``coming`` are those of the plan before its start, sent or to be sent, ``others``
    those of other plans in the guild.
    """
    found: list[Concern] = []
    if not coming:
        return [Concern("promo.warn.none")]
    lead_s = starts_at - min(one.at for one in coming)
    if lead_s < settings.lead_h * HOUR_S:
        found.append(
            Concern(
                "promo.warn.lead",
                {"lead_s": lead_s, "least_s": settings.lead_h * HOUR_S},
            )
        )
    touches = max(Counter(one.channel_id for one in coming).values())
    if touches < settings.touches_least:
        found.append(
            Concern(
                "promo.warn.touches", {"n": touches, "least": settings.touches_least}
            )
        )
    return found + _too_much([*coming, *others], coming, settings)


def _too_much(
    everything: Sequence[Past], coming: Sequence[Past], settings: CampaignSettings
) -> list[Concern]:
    found = []
    for channel_id in sorted({one.channel_id for one in coming}):
        times = [one.at for one in everything if one.channel_id == channel_id]
        n = _densest(times)
        if n > settings.week_most:
            params: dict[str, Param] = {
                "post_channel": channel_id,
                "n": n,
                "most": settings.week_most,
            }
            found.append(Concern("promo.warn.week", params))
    for role_id in sorted({one.role_id for one in coming if one.role_id}):
        n = _densest([one.at for one in everything if one.role_id == role_id])
        if n > settings.pings_most:
            params = {"role": role_id, "n": n, "most": settings.pings_most}
            found.append(Concern("promo.warn.pings", params))
    return found


def _densest(times: Sequence[float]) -> int:
    """Return how many of ``times`` (Unix seconds) lie within the fullest 7 days."""
    ordered = sorted(times)
    return max(
        (
            sum(start <= at < start + WEEK_S for at in ordered[index:])
            for index, start in enumerate(ordered)
        ),
        default=0,
    )
