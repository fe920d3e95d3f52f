"""Visits: how long people stayed, and how many listened at once."""

from moderation.outcome.attendance import Attendance
from tests.moderation.scene import ANN, BOB, CHO, HOST


def test_visits_are_put_together():
    """Who comes back stayed twice; who never came back stayed until they left."""
    came = Attendance()
    came.came(ANN, 0.0)
    came.came(ANN, 5.0)  # told again, by a restart
    came.went(ANN, 10.0)
    came.went(ANN, 11.0)
    came.came(ANN, 20.0)
    came.came(BOB, 30.0)
    came.over(40.0)

    assert came.stays == {ANN: [(0.0, 10.0), (20.0, 40.0)], BOB: [(30.0, 40.0)]}
    assert came.average_s == 20.0


def test_listeners_are_those_without_the_floor():
    """The most at once counts, whoever they were."""
    came = Attendance()
    for user_id in (HOST, ANN, BOB):
        came.came(user_id, 0.0)
    came.seated({HOST})
    came.seated({HOST, ANN, CHO})  # who has a seat need not be there
    came.went(BOB, 5.0)
    came.seated({HOST})

    assert came.peak_listeners == 2


def test_nobody_came():
    """There is nothing to divide by."""
    came = Attendance()
    came.over(5.0)

    assert (came.average_s, came.peak_listeners) == (0.0, 0)
