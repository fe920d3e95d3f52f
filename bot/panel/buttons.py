"""Buttons that carry their Space in their id, and so outlive messages and restarts.

``ter:1:<verb>:<space>:<arg>``: our mark, the version of this form, what is wanted, of
which Space, and one argument. Nothing about a button is kept in memory: after a
restart the id alone says everything (discord.py's ``DynamicItem``).
"""

import re
from typing import Any, Self

import discord
from typing_extensions import override

from bot.client import Client, Press

TEMPLATE = r"ter:1:(?P<verb>[a-z_]{1,24}):(?P<space>\d{1,19}):(?P<arg>[\w.-]{0,40})"

Style = discord.ButtonStyle


class SpaceButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=TEMPLATE
):
    """One button of one Space."""

    def __init__(self, press: Press, label: str = "·", **look: Any) -> None:
        """Make a button; ``look`` is what ``discord.ui.Button`` takes besides."""
        self.press = press
        super().__init__(
            discord.ui.Button(label=label[:80], custom_id=custom_id(press), **look)
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


def row(*buttons: SpaceButton) -> discord.ui.View:
    """Return buttons as a view to send; it never listens by itself."""
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    view.stop()
    return view
