"""Menus to choose from that carry their Space in their id, as the buttons do.

``tes:1:<verb>:<space>``: the verb is given to the same table as a button's, with what
was chosen as its argument, commas between several.
"""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from typing_extensions import override

from bot.client import Client, Press

TEMPLATE = r"tes:1:(?P<verb>[a-z_]{1,24}):(?P<space>\d{1,19})"

MOST = 25
"""Choices of one menu (Discord, "String Select")."""

Menu = discord.ui.Select[discord.ui.View] | discord.ui.UserSelect[discord.ui.View]


class SpaceSelect(discord.ui.DynamicItem[Menu], template=TEMPLATE):
    """One menu of one Space."""

    def __init__(self, menu: Menu, verb: str, space_id: int) -> None:
        self.verb, self.space_id = verb, space_id
        super().__init__(menu)

    @classmethod
    def of(
        cls,
        verb: str,
        space_id: int,
        placeholder: str,
        options: Sequence[discord.SelectOption],
        most: int = 1,
    ) -> Self:
        """Make a menu of given choices, of which one to ``most`` are taken.

        There must be at least one.
        """
        menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
            custom_id=_custom_id(verb, space_id),
            placeholder=placeholder[:150],
            options=list(options[:MOST]),
            max_values=min(most, len(options), MOST),
        )
        return cls(menu, verb, space_id)

    @classmethod
    def of_people(cls, verb: str, space_id: int, placeholder: str) -> Self:
        """Make a menu of the guild's members."""
        menu: discord.ui.UserSelect[discord.ui.View] = discord.ui.UserSelect(
            custom_id=_custom_id(verb, space_id), placeholder=placeholder[:150]
        )
        return cls(menu, verb, space_id)

    @classmethod
    @override
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Make the menu again from the message that Discord sent back."""
        if not isinstance(item, discord.ui.Select | discord.ui.UserSelect):
            raise TypeError(f"{item!r} is no menu of ours")
        return cls(item, match["verb"], int(match["space"]))

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        client = interaction.client
        data: Any = interaction.data or {}
        values = data.get("values", [])
        if isinstance(client, Client) and values:
            press = Press(self.verb, self.space_id, ",".join(map(str, values)))
            await client.pressed(interaction, press)


def _custom_id(verb: str, space_id: int) -> str:
    return f"tes:1:{verb}:{space_id}"
