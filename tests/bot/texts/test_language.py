"""Which of our languages a locale means."""

import pytest

from bot.texts.language import language_of


@pytest.mark.parametrize(
    ("locale", "otherwise", "language"),
    [
        ("es-ES", "en", "es"),
        ("es-419", "en", "es"),
        ("en-GB", "es", "en"),
        ("fr", "en", "en"),
        ("fr", "es", "es"),
        (None, "es", "es"),
    ],
)
def test_a_locale_chooses_the_language(locale, otherwise, language):
    """Spanish of anywhere is Spanish; what we do not speak is left to the default."""
    assert language_of(locale, otherwise) == language
