"""The 80/20 gauge of announcements."""

import pytest

from scheduler.campaigns.gauge import Gauge, measure


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("", 0.0),
        ("We talk about soil and water in the city.", 0.0),
        ("Use my code GARDEN. We talk about soil.", 0.5),
        ("Hablamos de huertos.\nSuscríbete ya", 0.4),
        ("Buy now!", 1.0),
    ],
)
def test_sentences_that_sell_are_counted_in_words(text, share):
    """One sentence that sells does not taint the others."""
    assert measure(text).share == pytest.approx(share)


def test_a_link_of_the_host_is_promotion_wherever_named():
    """As in speech."""
    text = "Have a look at shop.example today. And we talk."

    assert measure(text, ["https://shop.example/x"]) == Gauge(9, 6)


def test_gauges_add_up():
    """The guild's is the sum of its announcements'."""
    assert Gauge(10, 2) + Gauge(30, 6) == Gauge(40, 8)
    assert (Gauge(10, 2) + Gauge(30, 6)).share == pytest.approx(0.2)
