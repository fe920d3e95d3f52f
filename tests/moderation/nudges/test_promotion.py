"""Promotion: cues in two languages, and the host's own links."""

import pytest

from moderation.nudges.promotion import is_promotion, site


@pytest.mark.parametrize(
    "text",
    [
        "Use my code TEA20 for twenty percent off",
        "Sign up today, the link is in my bio",
        "Usad mi código y tenéis un diez por ciento de descuento",
        "¡Suscríbete ya a nuestro boletín!",
        "Our product has a special price this week",
        "Sígueme en todas partes y mira mi curso",
        "you can read it at tea.example as always",
    ],
)
def test_promotion_is_found(text):
    """A strong cue, two weak ones, or a link of the host's."""
    assert is_promotion(text, ["https://www.tea.example/shop"])


@pytest.mark.parametrize(
    "text",
    [
        "The price of tea went up in the war",
        "Our product failed because nobody tested it",
        "They offer a seat to everybody",
        "El precio del té subió con la guerra",
        "Nuestro producto falló porque nadie lo probó",
        "la reserva de agua está baja",
        "",
    ],
)
def test_talk_about_trade_is_no_promotion(text):
    """One weak cue alone is talk, not selling."""
    assert not is_promotion(text, [""])


def test_site_is_what_is_said():
    """Nobody says the scheme or the path of a link."""
    assert site("https://www.Tea.example/shop?x=1") == "tea.example"
    assert site("tea.example/shop") == "tea.example"
