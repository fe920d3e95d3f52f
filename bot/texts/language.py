"""Which of our languages somebody reads."""

from typing import Literal

Language = Literal["en", "es"]

LANGUAGES: tuple[Language, ...] = ("en", "es")

DISCORD_LOCALES: dict[str, Language] = {
    "en-US": "en",
    "en-GB": "en",
    "es-ES": "es",
    "es-419": "es",
}
"""Discord's locales for which commands have names and descriptions of their own."""


def language_of(locale: str | None, otherwise: Language = "en") -> Language:
    """Return the language of a Discord or ISO locale such as ``es-419``."""
    prefix = (locale or "").split("-")[0].lower()
    if prefix == "es":
        return "es"
    return "en" if prefix == "en" else otherwise
