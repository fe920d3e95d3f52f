"""Who asked, once at a time, and what is covered by it."""

import pytest

from moderation.store import spaces
from moderation.store.erasure import rows
from tests.moderation.store.record import GUILD, ME, OTHER


def begin(db, user_id=ME, at=50.0):
    return rows.begin(db, GUILD, user_id, at, "es", {"lines": 3})


def opened(db, at, guild_id=GUILD):
    return spaces.create(
        db,
        spaces.NewSpace(
            guild_id=guild_id,
            channel_id=2,
            host_id=3,
            kind="stage",
            topic="Tea",
            opened_at=at,
        ),
    )


def test_one_is_under_way_at_a_time(db):
    """Asking again while it is under way begins no second one; afterwards it does."""
    first = begin(db)

    assert begin(db) is None
    assert begin(db, OTHER) is not None
    rows.finish(db, first.id, 60.0)
    assert begin(db, at=70.0).id != first.id


def test_it_stays_open_until_it_is_done_and_untold_until_it_is_told(db):
    """A process that starts finds both."""
    one = begin(db)
    assert rows.open_ones(db) == [one]
    assert rows.untold(db) == []

    rows.finish(db, one.id, 60.0)
    assert rows.open_ones(db) == []
    assert [row.id for row in rows.untold(db)] == [one.id]

    rows.told(db, one.id, 61.0)
    assert rows.untold(db) == []
    done = rows.last(db, GUILD, ME)
    assert (done.done_at, done.told_at, done.counts) == (60.0, 61.0, {"lines": 3})
    assert rows.last(db, GUILD, OTHER) is None


@pytest.mark.parametrize(
    ("start", "done", "covered"),
    [
        (5.0, True, True),
        (60.0, True, False),
        (60.0, False, True),
    ],
)
def test_what_was_said_before_is_covered_for_ever(db, start, done, covered):
    """What is said in the same Space later, only while the erasure is under way."""
    space_id = opened(db, 10.0)
    one = begin(db)
    if done:
        rows.finish(db, one.id, 60.0)

    assert rows.covers(db, space_id, ME, start) is covered
    assert not rows.covers(db, space_id, OTHER, start)


def test_what_is_under_way_covers_a_space_that_opened_while_the_clock_was_ahead(db):
    """Which Spaces there were is known without it."""
    space_id = opened(db, 5000.0)
    begin(db)

    assert rows.covers(db, space_id, ME, 1.0)


def test_another_guild_and_a_later_space_are_not_covered(db):
    """Who comes back and agrees is heard again, though the clock was set back."""
    opened(db, 10.0)
    begin(db)

    assert not rows.covers(db, opened(db, 45.0), ME, 1.0)
    assert not rows.covers(db, opened(db, 10.0, guild_id=GUILD + 1), ME, 1.0)
