"""A series belongs to the guild of its Spaces."""

from datetime import date, time

from scheduler.occurrences import Frequency, Recurrence, Series
from scheduler.plans import Plan
from scheduler.repeated import PlannedSeries


def test_series_is_the_guilds_of_its_model():
    """There is one place that says whose it is."""
    model = Plan(
        guild_id=7, channel_id=2, host_id=3, topic="Tea", starts_at=0.0, minutes=60
    )
    rule = Recurrence(Frequency.DAILY, time(20), "UTC", date(2027, 3, 1))

    assert PlannedSeries(model=model, series=Series(rule)).guild_id == 7
