"""Names and descriptions of the commands, from the catalogues, in Discord's locales.

A command's texts are at ``commands.<path>``: ``name`` (none in English, where it is
the name in the code), ``description``, and ``options.<option>`` with the same two;
choices are at ``choices.<option>.<value>``, context menus at ``menus.<key>``.
"""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Where
from typing_extensions import override

from bot.texts.catalogue import Catalogue
from bot.texts.language import DISCORD_LOCALES

AnyCommand = app_commands.Command[Any, ..., Any]


class CatalogueTranslator(app_commands.Translator):
    """Gives discord.py the localised names and descriptions."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @override
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return the text for ``locale``, or None where it is the base text."""
        language = DISCORD_LOCALES.get(locale.value)
        if language is None:
            return None
        key = _key(context)
        own = _own_key(context)
        found = self._catalogue.find(language, own) if own else None
        return found or (self._catalogue.find(language, key) if key else None)


def describe(tree: app_commands.CommandTree[Any], catalogue: Catalogue) -> None:
    """Put the English descriptions of the catalogue on every command of the tree."""
    for command in tree.walk_commands():
        path = f"commands.{command.qualified_name.replace(' ', '.')}"
        command.description = catalogue.text("en", f"{path}.description")
        if isinstance(command, app_commands.Command):
            _describe_options(command, path, catalogue)


def _describe_options(command: AnyCommand, path: str, catalogue: Catalogue) -> None:
    texts = {
        option.name: app_commands.locale_str(_option(catalogue, path, option.name))
        for option in command.parameters
    }
    if texts:
        app_commands.describe(**texts)(command)


def _option(catalogue: Catalogue, path: str, name: str) -> str:
    own = catalogue.find("en", f"{path}.options.{name}.description")
    return own or catalogue.text("en", f"options.{name}.description")


def _key(context: app_commands.TranslationContextTypes) -> str | None:
    data = context.data
    match context.location:
        case Where.command_name | Where.group_name:
            if isinstance(data, app_commands.ContextMenu):
                return f"menus.{data.extras['key']}"
            return f"{_path(data)}.name"
        case Where.command_description | Where.group_description:
            return f"{_path(data)}.description"
        case Where.parameter_name:
            return f"options.{data.name}.name"
        case Where.parameter_description:
            return f"options.{data.name}.description"
        case Where.choice_name if isinstance(data, app_commands.Choice):
            return f"choices.{data.value}"
        case _:
            return None


def _own_key(context: app_commands.TranslationContextTypes) -> str | None:
    """Return where an option stands that one command words in its own way."""
    if context.location is not Where.parameter_description:
        return None
    option: app_commands.Parameter = context.data
    return f"{_path(option.command)}.options.{option.name}.description"


def _path(data: Any) -> str:
    return f"commands.{data.qualified_name.replace(' ', '.')}"
