"""The clock of one turn."""

import pytest

from moderation.turns import TurnClock


def run(clock):
    """Return everything that a clock says, as (time, seconds left)."""
    said = []
    while (due := clock.due()) is not None:
        said.append(due)
        clock = clock.told(due[1])
    return said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (60.0, [(130.0, 30.0), (150.0, 10.0), (160.0, 0.0)]),
        (30.0, [(120.0, 10.0), (130.0, 0.0)]),
        (10.0, [(110.0, 0.0)]),
    ],
)
def test_warnings_come_before_the_end_if_the_turn_is_long_enough(seconds, said):
    """A turn of ten seconds needs no warning of ten seconds."""
    assert run(TurnClock.start(100.0, seconds)) == said


def test_more_time_arms_the_warnings_that_are_ahead_again():
    """From the end of the turn, or from now if that is past."""
    clock = TurnClock.start(100.0, 60.0).told(30.0).told(10.0)

    assert run(clock.extended(155.0, 20.0)) == [(170.0, 10.0), (180.0, 0.0)]
    assert run(clock.told(0.0).extended(200.0, 60.0))[0] == (230.0, 30.0)


def test_standing_still_moves_everything():
    """Warnings given stay given."""
    clock = TurnClock.start(100.0, 60.0).told(30.0)

    assert run(clock.shifted(1000.0)) == [(1150.0, 10.0), (1160.0, 0.0)]
