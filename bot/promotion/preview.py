"""The preview: what is going to be posted, where, when, and what is wrong with it."""

from typing import Final

import discord

from bot.client import Press
from bot.panel.buttons import SpaceButton, row
from bot.promotion import wording as texts
from bot.promotion.outlook import Outlook
from bot.texts.language import Language
from bot.texts.wording import Params, Wording
from scheduler.campaigns.campaign import CampaignState
from scheduler.campaigns.caps import Verdict
from scheduler.campaigns.gauge import Gauge
from scheduler.campaigns.settings import CampaignSettings
from scheduler.errands import Errand

PAUSE, RESUME, CANCEL, REFRESH = (
    "promo_pause",
    "promo_resume",
    "promo_cancel",
    "promo_refresh",
)
LINES: Final = 12
"""Announcements that a preview lists."""


def preview(
    words: Wording, reader: Language, outlook: Outlook, settings: CampaignSettings
) -> str:
    """Word a campaign as it will go."""
    plan, campaign = outlook.gathered.plan, outlook.campaign
    head: Params = {
        "topic": plan.topic,
        "starts_at": plan.starts_at,
        "state_key": f"promo.state_name.{campaign.state.value}",
        "n": len(outlook.coming),
        "sent": outlook.sent,
        "hooks": outlook.hooks,
    }
    lines = [words.say(reader, "promo.preview.head", head)]
    for errand, verdict in outlook.coming[:LINES]:
        lines.append(_line(words, reader, errand, verdict, settings))
    if len(outlook.coming) > LINES:
        more: Params = {"n": len(outlook.coming) - LINES}
        lines.append(words.say(reader, "promo.preview.more", more))
    for channel_id, why in outlook.troubles:
        trouble: Params = {"post_channel": channel_id, "why": why}
        lines.append(words.say(reader, "promo.preview.trouble", trouble))
    if campaign.state is CampaignState.ACTIVE:
        for concern in outlook.concerns:
            lines.append(words.say(reader, concern.key, concern.params))
    lines.append(ratio(words, reader, outlook.gauge, settings))
    lines += _sample(words, outlook, settings)
    return texts.clipped("\n".join(line for line in lines if line))


def ratio(
    words: Wording, reader: Language, gauge: Gauge, settings: CampaignSettings
) -> str:
    """Word the 80/20 gauge; empty where nothing was said."""
    if not gauge.words:
        return ""
    over = gauge.share > settings.promotion_share
    return words.say(
        reader,
        "promo.ratio.over" if over else "promo.ratio.fine",
        {
            "share": gauge.share,
            "n": gauge.words,
            "most": f"{round(100 * settings.promotion_share)} %",
        },
    )


def buttons(words: Wording, reader: Language, outlook: Outlook) -> discord.ui.View:
    """Return what can be done with the campaign in its state."""
    plan_id, state = outlook.gathered.plan.id, outlook.campaign.state
    verbs = {
        CampaignState.ACTIVE: (PAUSE, CANCEL, REFRESH),
        CampaignState.PAUSED: (RESUME, CANCEL, REFRESH),
        CampaignState.CANCELLED: (REFRESH,),
    }[state]
    return row(
        *(
            SpaceButton(
                Press(verb, plan_id),
                words.say(reader, f"button.{verb}"),
                style=discord.ButtonStyle.danger
                if verb == CANCEL
                else discord.ButtonStyle.secondary,
            )
            for verb in verbs
        )
    )


def _line(
    words: Wording,
    reader: Language,
    errand: Errand,
    verdict: Verdict,
    settings: CampaignSettings,
) -> str:
    key = "over" if not verdict.goes else "pinged" if verdict.role_id else "plain"
    if verdict.goes and errand.role_id and verdict.role_id is None:
        key = "unpinged"
    return words.say(
        reader,
        f"promo.preview.{key}",
        {
            "post_channel": errand.target,
            "day": errand.due_at,
            "role": errand.role_id,
            "n": settings.channel_cap,
            "pings": settings.role_cap,
            "window_s": settings.cap_window_h * 3600,
        },
    )


def _sample(words: Wording, outlook: Outlook, settings: CampaignSettings) -> list[str]:
    for errand, verdict in outlook.coming:
        if verdict.goes:
            gathered = outlook.gathered
            target = texts.target_of(outlook.campaign, gathered.plan, errand.target)
            said = texts.announcement(words, errand.step, target, gathered, settings)
            return ["", *(f"> {line}" for line in said.splitlines())]
    return []
