"""Times as the page writes them."""

import pytest

from bot.page import times


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (65.9, "1:05"), (3723, "1:02:03")]
)
def test_times_read_as_a_person_reads_them(seconds, shown):
    """Hours only where there are any."""
    assert times.clock(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00.0"), (65.96, "1:05.9"), (0.3, "0:00.3"), (4.999999999, "0:05.0")],
)
def test_intervals_show_tenths(seconds, shown):
    """Fine enough to add up, and never later than it was."""
    assert times.tenths(seconds) == shown


def test_the_convention_reads_as_its_language_writes_numbers():
    """Whole seconds without a point, parts after a comma in Spanish."""
    assert times.convention("en")["pause"] == "0.2"
    assert times.convention("es")["pause"] == "0,2"
    assert times.convention("es")["turn_pause"] == "2"


def test_moments_are_in_utc():
    """The browser makes them the reader's own."""
    assert times.moment(1_800_000_000.0) == "2027-01-15T08:00Z"
