"""Caps: how often a channel is posted in and a role is pinged, over all campaigns.

What is over the cap:

- of a channel: the announcement is left out, except the one that a Space is live now,
  which people came for; it goes out and counts.
- of a role: the announcement goes out and pings nobody.

Whoever looks at a campaign beforehand sees both, computed by the same function.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from scheduler.campaigns.posts import LIVE
from scheduler.campaigns.settings import CampaignSettings
from scheduler.errands import Errand, ErrandKind

OVER_CHANNEL: Final = "channel cap"
"""Why an announcement was left out, as its row says."""

HOUR_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Past:
    """One announcement that went out, or will have."""

    at: float
    """Unix seconds."""

    channel_id: int
    role_id: int | None = None
    """The role that it pinged."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the caps say about one announcement."""

    goes: bool
    role_id: int | None
    """The role that it pings; None where it pings nobody."""

    before: int
    """Announcements in the channel within the window before it."""


def judge(
    errand: Errand, at: float, past: Iterable[Past], settings: CampaignSettings
) -> Verdict:
    """Return whether ``errand`` goes out at ``at`` (Unix seconds), and whom it pings.

    ``past`` are the guild's announcements; those outside of the window do not count.
    """
    since = at - settings.cap_window_h * HOUR_S
    recent = [one for one in past if since < one.at <= at]
    here = sum(one.channel_id == errand.target for one in recent)
    goes = here < settings.channel_cap or errand.step == LIVE
    role = errand.role_id
    if role is not None:
        pings = sum(one.role_id == role for one in recent)
        role = role if goes and pings < settings.role_cap else None
    return Verdict(goes, role, here)


def forecast(
    errands: Sequence[Errand], past: Iterable[Past], settings: CampaignSettings
) -> dict[str, Verdict]:
    """Return what the caps will say about announcements to come, by key."""
    known, verdicts = list(past), {}
    coming = [one for one in errands if one.kind is ErrandKind.ANNOUNCE]
    for errand in sorted(coming, key=lambda one: (one.due_at, one.key)):
        verdict = judge(errand, errand.due_at, known, settings)
        verdicts[errand.key] = verdict
        if verdict.goes:
            known.append(Past(errand.due_at, errand.target, verdict.role_id))
    return verdicts
