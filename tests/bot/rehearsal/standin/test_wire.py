"""Snowflakes and timestamps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.standin.wire import Snowflakes, created_at, iso, moment

NOW = 1_800_000_000.123


def test_an_id_carries_its_time():
    """The upper bits of a snowflake are the milliseconds since 2015."""
    assert created_at(Snowflakes().new(NOW)) == pytest.approx(NOW, abs=0.001)


def test_ids_of_one_moment_differ_and_grow():
    """Even a clock that stands still, or steps back, gives new, larger ids."""
    snowflakes = Snowflakes()

    made = [snowflakes.new(NOW - step) for step in range(5)]

    assert made == sorted(set(made))


@given(st.integers(0, 4_000_000_000).map(float))
def test_a_timestamp_reads_back(seconds):
    """What is written as ISO 8601 is read as the same moment."""
    assert moment(iso(seconds)) == seconds


def test_a_timestamp_without_offset_is_utc():
    """Discord has no local time."""
    assert moment("1970-01-01T00:00:10") == 10.0
