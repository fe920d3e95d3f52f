"""The defaults of drift detection."""

from moderation.drift.monitor import HIGHEST, LOWEST
from moderation.drift.settings import DriftSettings


def test_default_threshold_can_move_both_ways():
    """A host's answers can make alarms rarer and, a little, more frequent."""
    settings = DriftSettings()

    assert settings.threshold - 2 * settings.answer_step > LOWEST
    assert settings.threshold + settings.margin < HIGHEST
