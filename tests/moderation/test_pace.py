"""Leaving Discord room for what is urgent."""

from hypothesis import given
from hypothesis import strategies as st

from moderation.pace import KEPT, PER_WINDOW, WINDOW_S, Pace


@given(st.lists(st.integers(0, 60).map(lambda n: n * 0.05), max_size=200))
def test_calls_that_can_wait_leave_room_in_every_window(pauses):
    """However they come, each window has room for what cannot wait."""
    pace, now, made = Pace(), 0.0, []
    for pause in pauses:
        now = max(now + pause, pace.free_at(now + pause))
        assert pace.free_at(now) == now
        pace.made(now)
        made.append(now)

    for last in made:
        within = [at for at in made if last < at + WINDOW_S and at <= last]
        assert len(within) <= PER_WINDOW - KEPT


def test_urgent_calls_count_too():
    """They use the same window up."""
    pace = Pace()
    for _ in range(PER_WINDOW):
        pace.made(100.0)

    assert pace.free_at(105.0) == 110.0
    assert pace.free_at(110.0) == 110.0
