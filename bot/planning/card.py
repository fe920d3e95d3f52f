"""The card of a plan: what, when in each reader's own time, and its buttons."""

import discord

from bot.client import Press
from bot.panel.buttons import SpaceButton, row
from bot.texts.language import Language
from bot.texts.wording import Wording
from scheduler.plans import Plan

REMIND, DIRECT, FORGET = "plan_remind", "plan_direct", "plan_forget"
"""Verbs of the buttons; what they carry in place of a Space is the plan."""


def text(words: Wording, language: Language, plan: Plan) -> str:
    """Word a plan; Discord shows ``<t:…>`` in the reader's time zone and language."""
    return words.say(
        language,
        "plan.card",
        {
            "topic": plan.topic,
            "when": plan.starts_at,
            "starts_at": plan.starts_at,
            "space_channel": plan.channel_id,
            "host_id": plan.host_id,
        },
    )


def buttons(words: Wording, language: Language, plan: Plan) -> discord.ui.View:
    """Return the buttons that go with the card."""
    return row(
        SpaceButton(
            Press(REMIND, plan.id),
            words.say(language, "button.plan_remind"),
            style=discord.ButtonStyle.primary,
        ),
        SpaceButton(Press(DIRECT, plan.id), words.say(language, "button.plan_direct")),
        SpaceButton(Press(FORGET, plan.id), words.say(language, "button.plan_forget")),
    )
