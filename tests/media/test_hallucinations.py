"""Known inventions of Whisper, in every language that can be chosen."""

import pytest

from media.hallucinations import folded, is_doubtful, is_stock_phrase

CREDITS = [
    "Thanks for watching!",
    "Thank you so much for watching, see you soon.",
    "Please subscribe to my channel.",
    "Subtitles by the Amara.org community",
    "[Music]",
    "I'll see you in the next video.",
    "Subtítulos realizados por la comunidad de Amara.org",
    "¡Gracias por ver el vídeo!",
    "Suscríbete a mi canal.",
    "¡Suscribete al canal!",
    "No olvides suscribirte.",
    "(aplausos)",
    "Amara.org",
    "Gràcies per veure el vídeo.",
    "Subscriu-te al canal!",
    "Grazas por ver o vídeo.",
    "Eskerrik asko ikusteagatik.",
    "Legendas pela comunidade Amara.org",
    "Obrigado por assistir!",
    "Inscreva-se no canal",
    "Sous-titres réalisés par la communauté d'Amara.org",
    "Sous-titrage ST' 501",
    "Merci d'avoir regardé cette vidéo !",
    "Abonnez-vous !",
    "Sottotitoli creati dalla comunità Amara.org",
    "Sottotitoli e revisione a cura di QTSS",
    "Grazie per la visione!",
    "Untertitel im Auftrag des ZDF für funk, 2017",
    "Untertitelung des ZDF, 2020",
    "Vielen Dank fürs Zuschauen!",
    "* Musik *",
]

SAID = [
    ("en", "Thank you for listening."),
    ("en", "We are watching the budget."),
    ("en", "Music is not what we talk about."),
    ("en", "In the end we cancelled the release."),
    ("es", "Gracias por venir a ver el proyecto."),
    ("es", "El fin de semana no puedo."),
    ("es", "La música no es el tema."),
    ("ca", "Gràcies per venir a veure el projecte."),
    ("gl", "Grazas por vir ver o proxecto."),
    ("eu", "Eskerrik asko etortzeagatik."),
    ("pt", "Obrigado por virem ver o projeto."),
    ("fr", "Merci d'être venus voir le projet."),
    ("fr", "La traduction du texte de Pierre est prête."),
    ("de", "Untertitel im Video sind wichtig."),
    ("it", "Sottotitoli di questo film non ne ho."),
    ("it", "Grazie per essere venuti."),
    ("de", "Vielen Dank für die Einladung."),
    ("de", "Wir sehen uns das nächste Mal."),
]


@pytest.mark.parametrize("text", CREDITS)
def test_credits_of_videos_are_stock_phrases(text):
    """Nobody says the credits of a video in a Space, whatever is spoken there."""
    assert is_stock_phrase(text)


@pytest.mark.parametrize(("language", "text"), SAID)
def test_what_people_say_is_not_a_stock_phrase(language, text):
    """A phrase counts only when it is the whole segment."""
    assert not is_stock_phrase(text)
    assert not is_doubtful(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Thank you."),
        ("en", "you"),
        ("es", "Gracias."),
        ("es", "¡Adiós!"),
        ("ca", "Gràcies."),
        ("pt", "Obrigado."),
        ("fr", "Merci."),
        ("it", "Grazie."),
        ("de", "Danke schön."),
        ("de", "Bis zum nächsten Mal."),
        ("xx", "Merci."),
    ],
)
def test_thanks_are_doubtful_and_not_certain(language, text):
    """People do say thank you: the sound decides."""
    assert is_doubtful(text, language)
    assert not is_stock_phrase(text)


def test_folding_leaves_letters_and_single_spaces():
    """Case, accents and punctuation do not matter."""
    assert folded("  ¡Qué, TÉ... más! ") == "que te mas"


def test_no_letters_at_all_is_doubtful():
    """Dots and notes are nothing that was said."""
    assert is_doubtful(" ... ♪ ", "en")
