"""The defaults of the scheduler."""

from scheduler.settings import SchedulerSettings


def test_defaults_are_those_of_twitter_spaces():
    """Fourteen days ahead; the host is reminded 30 minutes before and at the start."""
    settings = SchedulerSettings()

    assert settings.days_ahead == 14
    assert settings.host_offsets_min == (30.0, 0.0)


def test_reminder_is_given_up_before_the_plan_is():
    """Nobody hears that a Space started after it was called missed."""
    settings = SchedulerSettings()

    assert settings.late_s < settings.after_start_s < settings.wait_for_host_s
