"""Colours of voices."""

import re

import pytest

from bot.page.app import STATIC
from bot.page.colours import colour, luminance


def grounds():
    """Yield what the style puts colours on, each in light and in dark."""
    style = STATIC["page.css"].read_text("utf-8")
    for name in ("ground", "line", "mark"):
        found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", style)
        yield from found.groups()


def contrast(one, other):
    """Return the contrast of two colours as WCAG 2 counts it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_luminance_is_that_of_the_standard():
    """Black, white, and a grey on which both stand out alike."""
    assert luminance("#000000") == 0
    assert luminance("#ffffff") == pytest.approx(1)
    assert contrast("#757575", "#ffffff") == pytest.approx(4.61, abs=0.01)


def test_every_voice_stands_out_on_every_ground():
    """Three to one, as WCAG asks of what must be seen to understand a figure."""
    told = list(grounds())
    assert len(told) == 6
    for place in range(60):
        assert min(contrast(colour(place), ground) for ground in told) >= 3


def test_voices_differ():
    """As many as have the floor at once have a colour each."""
    assert len({colour(place) for place in range(13)}) == 13
