"""The defaults of nudges."""

from moderation.nudges.settings import NudgeSettings


def test_defaults_are_those_of_the_reference():
    """At most one in two minutes, an hour at most, one fifth promotion."""
    settings = NudgeSettings()

    assert settings.host_gap_s == 120.0
    assert settings.long_s == 3600.0
    assert settings.promotion_share == 0.2
    assert settings.unheard_s == 10.0


def test_same_reason_waits_longer_than_another_one():
    """A cooldown shorter than the gap would let one rule take every turn."""
    settings = NudgeSettings()

    assert settings.cooldown_s > settings.host_gap_s
