"""What all of Discord's modals here have in common: a title that fits, a time, an end.

Discord answers nobody whose modal fails; whoever opens one says who explains it.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import discord
from typing_extensions import override

from bot.replies import AnyInteraction

OPEN_S: Final = 15 * 60.0
"""Seconds after which a modal that nobody sent is forgotten."""

TITLE: Final = 45
"""Characters of titles and labels (Discord, "Modal", "Label")."""

Failed = Callable[[AnyInteraction, Exception], Awaitable[None]]
"""Explains to a person what went wrong."""


class Modal(discord.ui.Modal):
    """A modal whose failures are explained by ``failed``."""

    def __init__(
        self, title: str, failed: Failed, *, timeout: float | None = OPEN_S
    ) -> None:
        super().__init__(title=title[:TITLE], timeout=timeout)
        self._failed = failed

    @override
    async def on_error(  # type: ignore[override]  # a modal has no item to blame
        self, interaction: discord.Interaction[Any], error: Exception
    ) -> None:
        await self._failed(interaction, error)
