"""Promotion: cues in two languages, and the host's own links."""

import pytest

from moderation.nudges.promotion import Promotion, cues, is_promotion, site


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


def test_what_sells_is_shown_as_it_was_said():
    """With its accents, in small letters: the host reads it."""
    (cue,) = cues("Usad mi CÓDIGO")

    assert (cue.phrase, cue.strong) == ("usad mi código", True)


def heard(*lines, links=()):
    gauge = Promotion()
    for line in lines:
        gauge.hear(line, links)
    return gauge


def test_words_of_what_sells_are_counted():
    """Whole utterances count: who sells talks around it."""
    gauge = heard("use my code today", "the bees are well", "order now please")

    assert (gauge.words, gauge.promoting) == (11, 7)
    assert gauge.phrases() == ("use my code", "order now")


def test_what_was_let_pass_counts_no_more_in_any_wording():
    """The host has said that it is no promotion: for the rest of the Space."""
    gauge = heard("use my code today", "see tea.example", links=["https://tea.example"])

    gauge.let_pass()
    gauge.hear("use our promo code as I said", ["https://tea.example"])
    gauge.hear("it is on tea.example again", ["https://tea.example"])
    assert gauge.promoting == 0

    gauge.hear("order now and use my code")
    assert (gauge.promoting, gauge.phrases()) == (6, ("order now",))


def test_two_weak_cues_are_one_when_the_other_was_let_pass():
    """What is left has to sell by itself."""
    gauge = heard("our product has a special price")
    gauge.let_pass()

    gauge.hear("our product has a premium plan")
    assert gauge.promoting == 0

    gauge.hear("check it out, the premium plan is on sale")
    assert gauge.promoting == 9
