"""Answers to interactions: one each, private, in the reader's language.

An interaction is answered once; what comes later is a follow-up (Discord: the first
answer within 3 s, follow-ups within 15 min). A second click while the first one is
being answered must not raise: Discord says 10062 or 40060, and the person has seen
an answer already.

Whatever may have to wait is waited for ``patiently``: a write of the record, because
the record is busy for seconds while ``Store.purge`` goes on, or Discord.
"""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, Final, TypeVar

import discord

from bot.faults import FAULTS, named
from bot.texts.language import Language, language_of

log = logging.getLogger(__name__)

LIMIT = 2000
"""Characters of a message (Discord, "Create Message")."""

UNKNOWN_INTERACTION = 10062
ALREADY_ANSWERED = 40060

PATIENCE_S: Final = 1.5
"""Seconds after which a person is told to wait; Discord gives up after 3."""

T = TypeVar("T")

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


async def change(
    interaction: AnyInteraction, text: str, view: discord.ui.View | None = None
) -> None:
    """Let the message whose button was pressed say this, with these buttons."""
    if interaction.response.is_done():
        await interaction.edit_original_response(content=text, view=view)
    else:
        await interaction.response.edit_message(content=text, view=view)


async def defer(interaction: AnyInteraction, *, in_place: bool = False) -> None:
    """Ask for time: the private answer follows within 15 minutes.

    ``in_place``: the message whose button was pressed is the answer (``change``).
    """
    if interaction.response.is_done():
        return
    if in_place:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


async def patiently(
    interaction: AnyInteraction, work: Awaitable[T], *, in_place: bool = False
) -> T:
    """Return what comes of ``work``; ask for time, as ``defer`` does, if it takes some.

    The work is done even where Discord gives no time. Raises what it raises.
    """
    doing = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({doing}, timeout=PATIENCE_S)
    if not done:
        try:
            await defer(interaction, in_place=in_place)
        except FAULTS as error:
            log.info("interaction %s: no time given: %s", interaction.id, named(error))
    return await doing
