"""Wall clocks and instants, over both changes of summer time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.when.zones import NotATimeError, after_gap, instants, zone

MADRID = zone("Europe/Madrid")


def wall(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("local", "utc_hours"),
    [
        (wall("2027-03-28 01:59"), ["00:59"]),
        (wall("2027-03-28 02:00"), []),
        (wall("2027-03-28 02:59"), []),
        (wall("2027-03-28 03:00"), ["01:00"]),
        (wall("2027-10-31 01:59"), ["23:59"]),
        (wall("2027-10-31 02:30"), ["00:30", "01:30"]),
        (wall("2027-10-31 03:00"), ["02:00"]),
    ],
)
def test_local_time_is_none_one_or_two_instants(local, utc_hours):
    """Spring skips an hour, autumn repeats one."""
    found = [f"{at.astimezone(UTC):%H:%M}" for at in instants(local, MADRID)]

    assert found == utc_hours


def test_gap_ends_where_the_clocks_go_on():
    """The first time that shows after the skipped hour."""
    assert f"{after_gap(wall('2027-03-28 02:30'), MADRID):%H:%M}" == "03:00"


@given(st.datetimes(wall("2000-01-01"), wall("2100-01-01")))
def test_every_instant_shows_the_time_it_was_made_of(local):
    """Back from the instant to the clock is the same time, except in a gap."""
    found = instants(local, MADRID)

    assert len(found) <= 2
    for at in found:
        shown = at.astimezone(UTC).astimezone(MADRID).replace(tzinfo=None, fold=0)
        assert shown == local
    if not found:
        assert after_gap(local, MADRID).replace(tzinfo=None) - local <= timedelta(
            hours=1
        )


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Europe/Madrid", "Europe/Madrid"),
        ("europe/madrid", "Europe/Madrid"),
        (" Madrid ", "Europe/Madrid"),
        ("new york", "America/New_York"),
        ("america/argentina/buenos aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_as_it_is_typed(typed, name):
    """Discord takes any text where it offers zones, and a form offers none."""
    assert zone(typed).key == name


@pytest.mark.parametrize(
    "typed", ["Europe/Nowhere", "", "../etc/passwd", "louisville", "x" * 300]
)
def test_a_zone_that_is_none_or_two_is_refused(typed):
    """There is a Louisville of today and one of before 1974."""
    with pytest.raises(NotATimeError) as refused:
        zone(typed)

    assert refused.value.key == "when.no_such_zone"
