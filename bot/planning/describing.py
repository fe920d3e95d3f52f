"""What a native event says below its name: who hosts, the agenda, and our mark."""

from typing import Final

from bot.texts.language import language_of
from bot.texts.wording import Wording
from scheduler.plans import Plan

DESCRIPTION_LENGTH: Final = 1000
"""Characters of a description."""


def description(words: Wording, plan: Plan, mark: str) -> str:
    """Return the description; ``mark`` is its last line, however long the rest."""
    hosted = words.say(
        language_of(plan.language, "en"),
        "plan.event.description",
        {"host_id": plan.host_id},
    )
    body = "\n".join([hosted, *(f"• {item}" for item in plan.agenda)])
    last = f"\n\n{mark}"
    return body[: DESCRIPTION_LENGTH - len(last)] + last
