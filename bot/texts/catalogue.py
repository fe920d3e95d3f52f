"""The catalogues: TOML files per language, the same keys and placeholders in each.

A key is the dotted path of its table (``refused.not_host``). Where a text depends on
a number it is a table of ``one`` and ``other``, and the placeholder is ``{n}``.
"""

import functools
import string
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from bot.errors import BotError
from bot.texts.language import LANGUAGES, Language


class TextMissingError(BotError):
    """A text that the code asks for is in no catalogue."""


class Catalogue:
    """All texts, by language and key."""

    def __init__(self, texts: Mapping[Language, Mapping[str, str]]) -> None:
        self._texts = texts

    def text(self, language: Language, key: str, **params: str | int) -> str:
        """Return the text of ``key`` with its placeholders filled.

        Where ``key`` has a singular and a plural, ``n`` chooses. Raises
        TextMissingError, and KeyError for a placeholder that was not given.
        """
        found = self.find(language, key)
        if found is None:
            n = params.get("n", 0)
            found = self.find(language, f"{key}.{'one' if n == 1 else 'other'}")
        if found is None:
            raise TextMissingError(f"no text {key!r} in {language}.toml")
        return found.format_map(params)

    def find(self, language: Language, key: str) -> str | None:
        """Return the raw text of ``key``, or None where there is none."""
        return self._texts[language].get(key)

    def has(self, key: str) -> bool:
        """Say whether ``key`` can be asked for."""
        texts = self._texts["en"]
        return key in texts or f"{key}.other" in texts

    def keys(self, language: Language) -> frozenset[str]:
        """Return every key of a language."""
        return frozenset(self._texts[language])


@functools.cache
def load() -> Catalogue:
    """Read the catalogues that ship with the bot: every ``*en.toml``, ``*es.toml``."""
    return Catalogue({language: dict(_texts(language)) for language in LANGUAGES})


def _texts(language: Language) -> Iterator[tuple[str, str]]:
    for file in sorted(
        resources.files("bot.texts").iterdir(), key=lambda one: one.name
    ):
        if file.name.split(".")[-2:] == [language, "toml"]:
            yield from _flat(tomllib.loads(file.read_text("utf-8")))


def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces of a raw text."""
    return frozenset(
        name for _, name, _, _ in string.Formatter().parse(text) if name is not None
    )


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
