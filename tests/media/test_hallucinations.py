"""Known inventions of Whisper, in both languages."""

import pytest

from media.hallucinations import folded, is_doubtful, is_stock_phrase

CREDITS = [
    ("en", "Thanks for watching!"),
    ("en", "Thank you so much for watching, see you soon."),
    ("en", "Please subscribe to my channel."),
    ("en", "Subtitles by the Amara.org community"),
    ("en", "[Music]"),
    ("en", "I'll see you in the next video."),
    ("es", "Subtítulos realizados por la comunidad de Amara.org"),
    ("es", "¡Gracias por ver el vídeo!"),
    ("es", "Suscríbete a mi canal."),
    ("es", "¡Suscribete al canal!"),
    ("es", "No olvides suscribirte."),
    ("es", "(aplausos)"),
    ("de", "Amara.org"),
]

SAID = [
    ("en", "Thank you for listening."),
    ("en", "We are watching the budget."),
    ("en", "Music is not what we talk about."),
    ("en", "In the end we cancelled the release."),
    ("es", "Gracias por venir a ver el proyecto."),
    ("es", "El fin de semana no puedo."),
    ("es", "La música no es el tema."),
]


@pytest.mark.parametrize(("language", "text"), CREDITS)
def test_credits_of_videos_are_stock_phrases(language, text):
    """Nobody says the credits of a video in a Space."""
    assert is_stock_phrase(text, language)


@pytest.mark.parametrize(("language", "text"), SAID)
def test_what_people_say_is_not_a_stock_phrase(language, text):
    """A phrase counts only when it is the whole segment."""
    assert not is_stock_phrase(text, language)
    assert not is_doubtful(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Thank you."), ("en", "you"), ("es", "Gracias."), ("es", "¡Adiós!")],
)
def test_thanks_are_doubtful_and_not_certain(language, text):
    """People do say thank you: the sound decides."""
    assert is_doubtful(text, language)
    assert not is_stock_phrase(text, language)


def test_folding_leaves_letters_and_single_spaces():
    """Case, accents and punctuation do not matter."""
    assert folded("  ¡Qué, TÉ... más! ") == "que te mas"


def test_no_letters_at_all_is_doubtful():
    """Dots and notes are nothing that was said."""
    assert is_doubtful(" ... ♪ ", "en")
