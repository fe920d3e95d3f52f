"""Errands: what replaces what, and when it is too late."""

import pytest

from scheduler.errands import Errand, ErrandKind, is_late, superseded


def errand(key, due_at, chain="a", until=None):
    return Errand(
        key=key,
        plan_id=1,
        kind=ErrandKind.ANNOUNCE,
        step="t-60",
        target=5,
        due_at=due_at,
        starts_at=100.0,
        until=until,
        chain=chain,
    )


def test_of_one_chain_only_the_newest_goes():
    """Who missed three announcements gets the last one; other chains are untouched."""
    due = [errand("x", 10), errand("y", 30), errand("z", 20), errand("b", 5, "b")]

    assert superseded(due) == {"x", "z"}


def test_without_a_chain_nothing_is_replaced():
    """Errands of no chain have nothing to do with each other."""
    assert superseded([errand("x", 10, ""), errand("y", 20, "")]) == set()


def test_two_of_one_chain_at_the_same_time_are_one():
    """The same moment is told apart by key, always in the same way."""
    assert superseded([errand("x", 10), errand("y", 10)]) == {"x"}


@pytest.mark.parametrize(
    ("until", "now", "late"), [(None, 1e12, False), (100, 99, False), (100, 100, True)]
)
def test_too_late_is_from_its_end_on(until, now, late):
    """What has no end is never too late."""
    assert is_late(errand("x", 0, until=until), now) is late
