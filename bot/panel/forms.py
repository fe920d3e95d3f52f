"""Forms: a person to name and a few words to write, in one of Discord's modals.

A form does nothing itself: what was filled in goes to whoever opened it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord
from typing_extensions import override

from bot.modal import Failed, Modal
from bot.replies import AnyInteraction
from bot.texts.escape import plain


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form came back with."""

    words: str
    """One clean line; empty where nothing was asked or written."""

    user_id: int | None = None
    """Who was chosen, if anybody was asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form asks for, in the words of who fills it in."""

    title: str
    words: str
    """Above the line to write on."""

    limit: int
    """Characters that are kept."""

    needed: bool = True
    """The line may not be left empty."""

    person: str = ""
    """Above the choice of a person; empty for no such choice."""

    given: str = ""
    """What stands on the line already."""


class Form(Modal):
    """One form, for one person."""

    def __init__(
        self,
        wanted: Wanted,
        submit: Callable[[AnyInteraction, Filled], Awaitable[None]],
        failed: Failed,
    ) -> None:
        super().__init__(wanted.title, failed)
        self._limit, self._submit = wanted.limit, submit
        self._person: discord.ui.UserSelect[Form] | None = None
        if wanted.person:
            self._person = discord.ui.UserSelect()
            self.add_item(
                discord.ui.Label(text=wanted.person[:45], component=self._person)
            )
        self._words: discord.ui.TextInput[Form] = discord.ui.TextInput(
            required=wanted.needed,
            max_length=wanted.limit,
            default=wanted.given or None,
        )
        self.add_item(discord.ui.Label(text=wanted.words[:45], component=self._words))

    @override
    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        chosen = self._person.values if self._person is not None else []
        user_id = chosen[0].id if chosen else None
        words = plain(self._words.value, self._limit)
        await self._submit(interaction, Filled(words, user_id))
