"""The command tree: where every command is registered and every failure ends.

``on_error`` is one of the two places that may meet any exception at all: whatever a
command raises becomes one sentence to the person who asked, and what is not a
refusal is logged with its traceback.
"""

import logging
from collections.abc import Awaitable, Callable

import discord
from discord import app_commands
from typing_extensions import override

from bot.client import Client
from bot.refusals import explain, name_of
from bot.replies import AnyInteraction, answer, language
from bot.texts.wording import Wording

log = logging.getLogger(__name__)

OnRefused = Callable[[AnyInteraction, str], Awaitable[None]]
"""Takes the interaction and the key of why it was refused."""


MENUS = 15
"""Context menus of a kind that Discord takes (Discord, "Application Commands")."""


class Tree(app_commands.CommandTree[Client]):
    """The commands of the bot, in guilds only."""

    def __init__(self, client: Client, wording: Wording, on_refused: OnRefused) -> None:
        """``on_refused`` is told of every wish that was explained away."""
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )
        self._wording = wording
        self._on_refused = on_refused

    def add_menu(self, menu: app_commands.ContextMenu) -> None:
        """Add a context menu of ours.

        discord.py 2.7.1 stops at five of a kind, as Discord did before March 2026, so
        that the menu is put where ``add_command`` puts it: ``_context_menus``, pinned
        by ``tests/bot/test_tree.py``.
        """
        kind = menu.type.value
        ours = [key for key in self._context_menus if key[2] == kind]
        if len(ours) >= MENUS:
            raise app_commands.CommandLimitReached(None, MENUS, menu.type)
        self._context_menus[menu.name, None, kind] = menu

    @override
    async def on_error(
        self, interaction: AnyInteraction, error: app_commands.AppCommandError
    ) -> None:
        await self.failed(interaction, error)

    async def failed(self, interaction: AnyInteraction, error: Exception) -> None:
        """Tell the person what went wrong; log what should not have."""
        reader = language(interaction)
        refused = text = explain(self._wording, reader, error, interaction.user.id)
        if text is None:
            log.error(
                "interaction %s of type %s failed",
                interaction.id,
                interaction.type.name,
                exc_info=error,
            )
            text = self._wording.say(reader, "refused.bug", {"id": str(interaction.id)})
        try:
            await answer(interaction, text)
        except discord.HTTPException as unanswered:
            log.warning("interaction %s not answered: %s", interaction.id, unanswered)
        if refused is not None:  # last: the record may be busy, and the person waits
            await self._on_refused(interaction, name_of(error))
