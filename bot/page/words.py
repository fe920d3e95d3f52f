"""The page's own texts, in each language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("en", "es")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the page's texts by key; a language that there is none for reads en."""
    name = language if language in LANGUAGES else LANGUAGES[0]
    source = resources.files("bot.page").joinpath("texts", f"{name}.toml")
    found = tomllib.loads(source.read_text("utf-8"))
    return {key: str(text) for key, text in found.items()}
