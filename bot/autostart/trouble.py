"""What stands in the way of an opening, as its host reads it."""

from dataclasses import dataclass
from typing import Final

import discord

from bot.refusals import Impossible, explain
from bot.texts.language import language_of
from bot.texts.wording import Params, Wording
from moderation.refused import Refused
from moderation.store.database import StoreError
from scheduler.plans import Plan, PlanRefused

REFUSALS: Final = (
    Impossible,
    Refused,
    PlanRefused,
    discord.HTTPException,
    StoreError,
)
"""What a person can do something about, or Discord may take back."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that stands in the way."""

    key: str
    params: Params
    text: str
    """Worded for the host."""


def trouble_of(words: Wording, plan: Plan, error: Exception) -> Trouble:
    """Return what one of ``REFUSALS`` says."""
    reader = language_of(plan.language, "en")
    text = explain(words, reader, error, plan.host_id) or ""
    if isinstance(error, Impossible | Refused | PlanRefused):
        return Trouble(error.key, error.params, text)
    return Trouble("cannot", {}, text)
