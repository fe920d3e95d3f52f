"""Who is in the channel, by both gateways."""

from bot.voice.circuit import Roster
from bot.voice.ops import MOST_MEMBERS

BOT = 7


def test_either_gateway_knows_of_somebody():
    """Who left by one is still there by the other, until both say so."""
    on_main = [1, 2]
    roster = Roster(BOT, lambda: on_main)
    roster.joined([2, 3])

    before = roster.expected()
    roster.left(2)
    roster.left(3)
    both = roster.expected()
    on_main.remove(2)

    assert (before, both, roster.expected()) == ([1, 2, 3, BOT], [1, 2, BOT], [1, BOT])


def test_who_can_be_heard():
    """Nobody is sent their own sound, or that of whoever may not speak."""
    roster = Roster(BOT, list, lambda user_id: user_id == 2)

    assert [roster.is_forwarded(user_id) for user_id in (1, 2, BOT)] == [1, 0, 0]


def test_a_server_that_names_people_without_end():
    """They do not fill the memory, and who was there before still is."""
    roster = Roster(BOT, list)
    roster.joined([1])

    for start in range(100, 100 + 5 * MOST_MEMBERS, 1000):
        roster.joined(range(start, start + 1000))

    assert len(roster.expected()) == MOST_MEMBERS + 1
    assert roster.expected()[0] == 1
