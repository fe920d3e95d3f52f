"""The commands as Discord gets them: names, descriptions, limits."""

import asyncio
import re

import pytest

from bot.build import build
from bot.commands.wording import CatalogueTranslator
from bot.config import Config
from bot.settings import StoreSettings
from bot.texts.catalogue import load

NAME = re.compile(r"[-_a-zà-öø-ÿ0-9]{1,32}")
"""Of what Discord allows in a command's name, what our languages need."""


@pytest.fixture(scope="module")
def payloads(tmp_path_factory):
    """Give every command as it is sent to Discord."""
    folder = str(tmp_path_factory.mktemp("store"))

    async def main():
        bot = build(Config(store=StoreSettings(folder=folder)))
        translator = CatalogueTranslator(bot.house.wording.catalogue)
        tree = bot.tree
        return [
            await command.get_translated_payload(tree, translator)
            for command in tree.get_commands()
        ]

    return asyncio.run(main())


def walk(payload):
    """Yield a command and everything below it."""
    yield payload
    for option in payload.get("options", []):
        yield from walk(option)


def test_everything_is_named_in_three_locales(payloads):
    """Who uses Discord in English or Spanish reads their own language."""
    for payload in payloads:
        for item in walk(payload):
            names = item["name_localizations"]
            assert {"es-ES", "es-419"} <= set(names), item["name"]
            if item.get("description"):
                told = item["description_localizations"]
                assert {"es-ES", "es-419", "en-US"} <= set(told), item["name"]


def test_names_and_descriptions_keep_the_limits(payloads):
    """Discord: names of 32, descriptions of 100 characters, lower case."""
    for payload in payloads:
        slash = payload["type"] == 1
        for item in walk(payload):
            names = [item["name"], *item["name_localizations"].values()]
            told = item.get("description_localizations", {}).values()
            texts = [item.get("description", ""), *told]
            assert all(len(text) <= 100 for text in texts), item["name"]
            assert all(len(name) <= 32 for name in names)
            if slash:
                assert all(NAME.fullmatch(name) for name in names), names


def test_no_command_is_too_large(payloads):
    """Discord: 8,000 characters per command, the longest localisation counting."""
    for payload in payloads:
        assert sum(size(item) for item in walk(payload)) <= 8000, payload["name"]


def size(item):
    """Return the characters of one item that count."""
    texts = [
        [item[key], *item.get(f"{key}_localizations", {}).values()]
        for key in ("name", "description")
        if item.get(key)
    ]
    values = [len(str(choice["value"])) for choice in item.get("choices", [])]
    return sum(max(map(len, text)) for text in texts) + sum(values)


def test_no_command_has_too_many_parts(payloads):
    """Discord: 25 subcommands or options, 25 choices, 100 commands."""
    assert len(payloads) <= 100
    for payload in payloads:
        for item in walk(payload):
            assert len(item.get("options", [])) <= 25
            assert len(item.get("choices", [])) <= 25


def test_names_are_unique_in_each_language(payloads):
    """Two subcommands of one group never share a name, in no locale."""
    for payload in payloads:
        for item in walk(payload):
            for locale in ("es-ES", "en-US"):
                names = [
                    option["name_localizations"].get(locale, option["name"])
                    for option in item.get("options", [])
                ]
                assert len(set(names)) == len(names), (item["name"], names)


def test_every_option_that_is_described_can_be_given(payloads):
    """What nobody can type is promised by no text."""
    given = {
        item["name"]
        for payload in payloads
        for item in walk(payload)
        if item.get("type", 0) > 2  # 1 and 2 are commands and groups
    }
    described = {
        key.split(".")[1] for key in load().keys("en") if key.startswith("options.")
    }

    assert described <= given
