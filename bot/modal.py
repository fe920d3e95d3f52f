"""What all of Discord's modals here have in common: a title that fits, a time, an end.

Discord answers nobody whose modal fails; whoever opens one says who explains it. Nor
does discord.py answer one that it does not know (any more): ``LateForms`` does.
"""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, Final

import discord
from typing_extensions import override

from bot.replies import AnyInteraction, answer, language
from bot.texts.wording import Wording

OPEN_S: Final = 15 * 60.0
"""Seconds after which a modal that nobody sent is forgotten."""

TITLE: Final = 45
"""Characters of titles and labels (Discord, "Modal", "Label")."""

AWAITED: Final = 10_000
"""Modals that are remembered as sent; the oldest are forgotten."""

Failed = Callable[[AnyInteraction, Exception], Awaitable[None]]
"""Explains to a person what went wrong."""


class Modal(discord.ui.Modal):
    """A modal whose failures are explained by ``failed``."""

    awaited: ClassVar[dict[str, None]] = {}
    """Ids of what this process sent and has not given up; in order."""

    def __init__(
        self, title: str, failed: Failed, *, timeout: float | None = OPEN_S
    ) -> None:
        super().__init__(title=title[:TITLE], timeout=timeout)
        self._failed = failed
        self.awaited[self.custom_id] = None
        if len(self.awaited) > AWAITED:
            del self.awaited[next(iter(self.awaited))]

    async def show(self, interaction: AnyInteraction) -> None:
        """Let whoever pressed a button or ran a command see it.

        Raises what ``send_modal`` raises; it is listened to all the same, as it may
        have got there.
        """
        # By itself discord.py listens only once Discord has answered it, and drops in
        # silence what was sent before: the submit comes another way, over the gateway.
        interaction._state.store_view(self)
        await interaction.response.send_modal(self)

    @override
    async def on_timeout(self) -> None:
        self.awaited.pop(self.custom_id, None)

    @override
    async def on_error(  # type: ignore[override]  # a modal has no item to blame
        self, interaction: discord.Interaction[Any], error: Exception
    ) -> None:
        await self._failed(interaction, error)


class Form(Modal):
    """A modal of named lines to type in."""

    def __init__(self, title: str, failed: Failed) -> None:
        super().__init__(title, failed)
        self._lines: dict[str, discord.ui.TextInput[Any]] = {}

    def line(self, name: str, label: str, **look: Any) -> None:
        """Add a line; ``look`` is what ``discord.ui.TextInput`` takes besides."""
        text: discord.ui.TextInput[Any] = discord.ui.TextInput(**look)
        self._lines[name] = text
        self.add_item(discord.ui.Label(text=label[:TITLE], component=text))

    def typed(self, prefix: str = "") -> dict[str, str]:
        """Return what was typed on the lines whose names begin so, by the rest."""
        return {
            name.removeprefix(prefix): one.value
            for name, one in self._lines.items()
            if name.startswith(prefix)
        }


class LateForms:
    """Answers who sends a form of an earlier process, or one that waited too long."""

    def __init__(self, words: Wording) -> None:
        self._words = words

    async def on_interaction(self, interaction: AnyInteraction) -> None:
        """Say that the form is too old, where nothing else would answer."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: Any = interaction.data or {}
        if data.get("custom_id") not in Modal.awaited:
            reader = language(interaction)
            await answer(interaction, self._words.say(reader, "refused.old_form"))
