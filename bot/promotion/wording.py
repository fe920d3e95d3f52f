"""What announcements say, for members in Discord and for outside tools.

Nothing is longer than Discord takes, and a time is always Discord's own, so that a
post is right whenever and wherever it is read.
"""

from datetime import datetime
from typing import Final

from bot.promotion.gathered import Gathered
from bot.replies import LIMIT
from bot.texts.escape import plain
from bot.texts.language import Language, language_of
from bot.texts.wording import Params, Wording
from scheduler.campaigns.campaign import Campaign, Target, teaser
from scheduler.campaigns.posts import LIVE, NOW, step_of
from scheduler.campaigns.settings import CampaignSettings
from scheduler.plans import Plan
from scheduler.when.zones import zone

AGENDA: Final = 6
"""Items of the agenda that an announcement lists."""

FAMILIES: Final = ((2880.0, "days"), (720.0, "day"), (30.0, "hour"), (0.0, "minutes"))
"""From how many minutes before the start which words are used."""


def family(step: str) -> str:
    """Return which words an announcement uses."""
    if not step.startswith("t-"):
        return "now" if step.startswith(NOW) else step
    minutes = float(step.removeprefix("t-"))
    return next(name for least, name in FAMILIES if minutes >= least)


def announcement(
    words: Wording,
    step: str,
    target: Target,
    gathered: Gathered,
    settings: CampaignSettings,
    role_id: int | None = None,
) -> str:
    """Word one announcement or what has become of it, for one channel."""
    campaign = gathered.campaign
    reader = language_of(target.language, "en")
    lines = [words.say(reader, f"promo.post.{family(step)}", params(gathered))]
    if step not in OVER and campaign is not None:
        lines += [own(text) for text in _own(campaign, reader)]
        lines += _content(words, reader, step, gathered, settings)
    if role_id is not None:
        lines.append(f"<@&{role_id}>")
    return clipped("\n".join(line for line in lines if line))


OVER: Final = frozenset({"ended", "cancelled", "missed"})
"""Steps after which there is nothing to come for."""


def params(gathered: Gathered) -> Params:
    """Return what the texts of a plan are made of."""
    plan, space = gathered.plan, gathered.space
    length_s = 0.0
    if space is not None and space.ended_at is not None:
        length_s = space.ended_at - space.opened_at
    return {
        "topic": plan.topic,
        "day": plan.starts_at,
        "starts_at": plan.starts_at,
        "space_channel": plan.channel_id,
        "host_id": plan.host_id,
        "reason": plan.reason,
        "length_s": length_s,
    }


def for_tools(
    words: Wording, reader: Language, step: str, gathered: Gathered, url: str
) -> str:
    """Word an event for a tool that knows nothing of Discord's markup."""
    plan, campaign = gathered.plan, gathered.campaign
    starts = datetime.fromtimestamp(plan.starts_at, zone(plan.zone))
    said = words.catalogue.text(
        reader,
        f"promo.tool.{family(step)}",
        topic=plain(plan.topic),
        date=f"{starts:%Y-%m-%d %H:%M} ({plan.zone})",
        reason=plain(plan.reason),
    )
    lines = [said]
    if step not in OVER and campaign is not None:
        lines += [*_own(campaign, reader), url]
    return "\n".join(lines)


def own(text: str) -> str:
    """Return a host's own words: their lines and markup, nothing hidden.

    Mentions in them ping nobody, because the sender allows the one role only.
    """
    return "\n".join(plain(line, 600) for line in text.splitlines())


def clipped(text: str) -> str:
    """Return at most what a message holds, with a sign where something is cut."""
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"


def _own(campaign: Campaign, reader: Language) -> list[str]:
    return [campaign.words[reader]] if reader in campaign.words else []


def _content(
    words: Wording,
    reader: Language,
    step: str,
    gathered: Gathered,
    settings: CampaignSettings,
) -> list[str]:
    plan, campaign = gathered.plan, gathered.campaign
    if campaign is None:
        return []
    if family(step) == "day" and plan.agenda and reader not in campaign.teasers:
        items = [plain(str(item), 100) for item in plan.agenda[:AGENDA]]
        listed = "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1))
        return [words.say(reader, "promo.post.agenda"), listed]
    found = teaser(plan, campaign, reader, number(step, settings))
    return [words.say(reader, "promo.post.teaser", {"teaser": found})] if found else []


def number(step: str, settings: CampaignSettings) -> int:
    """Return which announcement it is, from 0, so that teasers take turns."""
    steps = [step_of(one) for one in sorted(settings.offsets_min, reverse=True)]
    if step == LIVE:
        return len(steps)
    return steps.index(step) if step in steps else 0


def target_of(campaign: Campaign | None, plan: Plan, channel_id: int) -> Target:
    """Return the campaign's target of a channel; the plan's language elsewhere."""
    for one in campaign.targets if campaign else ():
        if one.channel_id == channel_id:
            return one
    return Target(channel_id, plan.language)
