"""Answers to interactions: one each, private, in the reader's language.

An interaction is answered once; what comes later is a follow-up (Discord: the first
answer within 3 s, follow-ups within 15 min). A second click while the first one is
being answered must not raise: Discord says 10062 or 40060, and the person has seen
an answer already.
"""

import logging
from typing import Any

import discord

from bot.texts.language import Language, language_of

log = logging.getLogger(__name__)

LIMIT = 2000
"""Characters of a message (Discord, "Create Message")."""

UNKNOWN_INTERACTION = 10062
ALREADY_ANSWERED = 40060

AnyInteraction = discord.Interaction[Any]


def language(interaction: AnyInteraction, otherwise: Language = "en") -> Language:
    """Return the language in which this person uses Discord."""
    return language_of(interaction.locale.value, otherwise)


async def answer(
    interaction: AnyInteraction,
    text: str,
    view: discord.ui.View | None = None,
    file: discord.File | None = None,
) -> None:
    """Answer privately, or follow up where the answer was deferred."""
    extra: dict[str, Any] = {} if view is None else {"view": view}
    extra |= {} if file is None else {"file": file}
    text = text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True, **extra)
        else:
            await interaction.response.send_message(text, ephemeral=True, **extra)
    except discord.HTTPException as error:
        if error.code not in (UNKNOWN_INTERACTION, ALREADY_ANSWERED):
            raise
        log.info("interaction %s was answered already or expired", interaction.id)


async def defer(interaction: AnyInteraction) -> None:
    """Ask for time: the private answer follows within 15 minutes."""
    if not interaction.response.is_done():
        await interaction.response.defer(ephemeral=True, thinking=True)
