"""Levels of consent."""

from media.consent import Consent


def test_levels_include_each_other():
    """Who allows a recording allows a transcript; the order says so."""
    assert Consent.NOTHING < Consent.TRANSCRIPT < Consent.AUDIO
