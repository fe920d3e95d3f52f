"""Practice rooms are rows that no Space's reader ever finds."""

from moderation.store import spaces
from moderation.store.spaces import NewSpace


def made(db, *, practice):
    new = NewSpace(
        guild_id=1,
        channel_id=2,
        host_id=3,
        kind="voice",
        topic="Tea",
        opened_at=100.0,
        plan_id=7,
        practice=practice,
    )
    return spaces.create(db, new)


def test_a_practice_room_is_no_space(db):
    """It is not taken up, not listed, not what the plan became, and blocks nothing."""
    practice = made(db, practice=True)

    assert spaces.live(db) == spaces.recent(db, 1) == spaces.live_in(db, 2) == []
    assert spaces.of_plan(db, 7) is None
    assert spaces.get(db, practice) is None


def test_practice_rooms_are_found_until_they_end(db):
    """After a kill they are what is left to end; Spaces are not among them."""
    made(db, practice=False)
    practice = made(db, practice=True)

    assert [row.id for row in spaces.practices(db)] == [practice]
    spaces.end(db, practice, 200.0)
    assert spaces.practices(db) == []


def test_a_space_beside_it_is_found_as_ever(db):
    """The two are told apart by the row alone."""
    made(db, practice=True)
    space = made(db, practice=False)

    assert [row.id for row in spaces.recent(db, 1)] == [space]
    assert spaces.live_in(db, 2) == [space]
