"""Buttons that carry their Space in their id, and so outlive messages and restarts.

``ter:1:<verb>:<space>:<arg>``: our mark, the version of this form, what is wanted, of
which Space, and one argument. Nothing about a button is kept in memory: after a
restart the id alone says everything (discord.py's ``DynamicItem``).
"""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from typing_extensions import override

from bot.client import Client, Press
from bot.texts.language import Language
from bot.texts.wording import Wording

TEMPLATE = r"ter:1:(?P<verb>[a-z_]{1,24}):(?P<space>\d{1,19}):(?P<arg>[\w.-]{0,40})"

Style = discord.ButtonStyle


class SpaceButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=TEMPLATE
):
    """One button of one Space."""

    def __init__(self, press: Press, label: str = "·", **look: Any) -> None:
        """Make a button; ``look`` is what ``discord.ui.Button`` takes besides."""
        self.press = press
        row = look.pop("row", None)
        super().__init__(
            discord.ui.Button(label=label[:80], custom_id=custom_id(press), **look),
            row=row,
        )

    @classmethod
    @override
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Make the button again from the id that Discord sent back."""
        return cls(Press(match["verb"], int(match["space"]), match["arg"]))

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        client = interaction.client
        if isinstance(client, Client):
            await client.pressed(interaction, self.press)


def custom_id(press: Press) -> str:
    """Return the id of a button (Discord: at most 100 characters)."""
    return f"ter:1:{press.verb}:{press.space_id}:{press.arg}"


STYLES = {
    "next": Style.success,
    "plus": Style.success,
    "claim": Style.success,
    "end_turn": Style.danger,
    "end_now": Style.danger,
}
"""How the buttons look that come with a private word; the others are plain."""


def offered(
    space_id: int,
    words: Wording,
    language: Language,
    verbs: Sequence[str],
    target: int | None,
) -> discord.ui.View | None:
    """Return the buttons that go with a private word; None where there are none.

    ``target`` is what they act on: a member's id, a question's or a case's number.
    """
    arg = "" if target is None else str(target)
    buttons = [
        SpaceButton(
            Press(verb, space_id, arg),
            words.say(language, f"button.{verb}"),
            style=STYLES.get(verb, Style.secondary),
        )
        for verb in verbs
    ]
    return row(*buttons) if buttons else None


def row(*buttons: SpaceButton) -> discord.ui.View:
    """Return buttons as a view to send; it never listens by itself."""
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    view.stop()
    return view
