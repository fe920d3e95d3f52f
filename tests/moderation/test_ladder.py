"""The nudge ladder."""

from moderation.ladder import Ladder, LadderSettings, Rung

ANN, BOB = 1, 2


def climbed(ladder, *times, user_id=ANN):
    return [ladder.climb(user_id, at) for at in times]


def test_rungs_are_climbed_in_order_and_the_last_stays():
    """Nobody skips one, nobody falls off the top."""
    ladder = Ladder(LadderSettings(rungs=(Rung.PRIVATE, Rung.PUBLIC)))

    assert climbed(ladder, 0.0, 60.0, 120.0) == [Rung.PRIVATE, Rung.PUBLIC, Rung.PUBLIC]


def test_nobody_climbs_faster_than_the_gap():
    """Too soon is nothing, and does not count."""
    ladder = Ladder()

    assert climbed(ladder, 0.0, 59.0, 60.0) == [Rung.PRIVATE, None, Rung.HOST]


def test_after_a_calm_time_one_starts_at_the_bottom():
    """What was long ago is forgiven."""
    ladder = Ladder(LadderSettings(calm_s=600.0))

    assert climbed(ladder, 0.0, 60.0, 660.0) == [Rung.PRIVATE, Rung.HOST, Rung.PRIVATE]


def test_everybody_climbs_their_own_ladder():
    """But the room hears only so much in an hour."""
    ladder = Ladder(LadderSettings(per_hour=2))

    assert ladder.climb(ANN, 0.0) is Rung.PRIVATE
    assert ladder.climb(BOB, 1.0) is Rung.PRIVATE
    assert ladder.climb(ANN, 100.0) is None
    assert ladder.climb(ANN, 3600.0) is Rung.PRIVATE


def test_without_rungs_nothing_is_done():
    """A host may do without."""
    assert Ladder(LadderSettings(rungs=())).climb(ANN, 0.0) is None


def test_the_floor_is_not_taken_unless_the_host_chose_it():
    """The default ends with a public line."""
    assert not {Rung.END_TURN, Rung.AUDIENCE} & set(LadderSettings().rungs)


def test_it_is_known_when_the_hosts_hear_of_somebody_next():
    """So that they are not told of two things at once; too soon is not next."""
    ladder = Ladder(LadderSettings(rungs=(Rung.PRIVATE, Rung.HOST), gap_s=60.0))
    assert not ladder.reports_next(7, 0.0)

    ladder.climb(7, 0.0)

    assert not ladder.reports_next(7, 59.0)
    assert ladder.reports_next(7, 60.0)
    assert not ladder.reports_next(7, 600.0)
    assert not Ladder(LadderSettings(rungs=())).reports_next(7, 0.0)
