"""Who is in a Space."""

from moderation.people import People
from moderation.queue import Spoken


def test_a_stranger_is_absent_and_silent():
    """Asking about somebody does not remember them; telling does."""
    people = People()

    assert not people.is_present(1)
    assert not people.is_moderator(1)
    assert people.spoken(1) == Spoken()
    assert people.members == {}
    people.get(1).seconds = 3.0
    assert people.spoken(1) == Spoken(3.0)


def test_other_bots_are_nobody():
    """They are in the room but no people."""
    people = People()
    for user_id, bot in ((1, False), (2, True)):
        member = people.get(user_id)
        member.present, member.bot = True, bot

    assert [member.user_id for member in people.present()] == [1]
