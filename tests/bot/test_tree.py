"""The command tree: more context menus than discord.py thinks."""

import asyncio

import discord
import pytest
from discord import app_commands

from bot.build import build
from bot.config import Config
from bot.settings import StoreSettings
from bot.tree import MENUS


async def nothing(interaction, member: discord.Member):
    """Do nothing to a member."""


def menu(number):
    return app_commands.ContextMenu(name=f"menu {number}", callback=nothing)


@pytest.fixture
def tree(tmp_path):
    """Give the bot's tree."""

    async def main():
        return build(Config(store=StoreSettings(folder=str(tmp_path)))).tree

    return asyncio.run(main())


def test_there_are_as_many_menus_as_discord_takes(tree):
    """Fifteen of a kind since March 2026; one more is an error of ours."""
    user = tree.get_commands(type=discord.AppCommandType.user)
    for number in range(MENUS - len(user)):
        tree.add_menu(menu(number))

    assert len(tree.get_commands(type=menu(0).type)) == MENUS > 5
    with pytest.raises(app_commands.CommandLimitReached):
        tree.add_menu(menu(99))


def test_discord_py_finds_a_menu_where_we_put_it(tree):
    """``_context_menus`` is the private name that this rests on."""
    tree.add_menu(menu(1))

    found = tree.get_command("menu 1", type=menu(1).type)

    assert found is not None
    assert tree._context_menus["menu 1", None, menu(1).type.value] is found
