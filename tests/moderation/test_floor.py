"""Seats and invitations."""

import pytest

from moderation.floor import Floor, Invitation
from moderation.queue import Hand
from moderation.refused import Refused

ANN, BOB, CHO = 1, 2, 3


@pytest.fixture
def floor():
    floor = Floor(cap=2)
    floor.grant(ANN, 0.0)
    return floor


def test_an_open_invitation_takes_a_seat(floor):
    """So that whoever accepts finds one."""
    floor.invite(Invitation(BOB, 60.0, ANN, None))

    assert floor.free == 0
    with pytest.raises(Refused):
        floor.invite(Invitation(CHO, 60.0, ANN, None))
    with pytest.raises(Refused):
        floor.grant(CHO, 0.0)
    floor.grant(BOB, 1.0)
    assert list(floor.seats) == [ANN, BOB]


def test_the_hand_comes_along(floor):
    """It is lowered by speech, not by the invitation."""
    hand = Hand(BOB, 0.0, 1)
    floor.invite(Invitation(BOB, 60.0, ANN, hand))

    assert floor.grant(BOB, 1.0, 60.0).hand == hand


def test_a_seat_and_an_invitation_can_be_given_up(floor):
    """Giving up what one has not got is nothing."""
    floor.invite(Invitation(BOB, 60.0, ANN, None))

    assert floor.uninvite(BOB).user_id == BOB
    assert floor.uninvite(BOB) is None
    assert floor.release(ANN).user_id == ANN
    assert floor.release(ANN) is None
    assert floor.free == 2


def test_standing_still_keeps_what_was_left(floor):
    """Clocks that ran out stay run out."""
    over = floor.seats[ANN]
    over.clock = floor.grant(BOB, 0.0, 60.0).clock.told(0.0)
    floor.release(BOB)
    floor.invite(Invitation(CHO, 60.0, ANN, None))

    floor.stood_still(0.0, 100.0)

    assert over.clock.ends_at == 60.0
    assert floor.invitations[CHO].until == 160.0


def test_what_is_given_while_all_stands_still_began_then(floor):
    """Nobody gets the time from before they had a seat or an invitation."""
    floor.invite(Invitation(BOB, 140.0, ANN, None, since=80.0))
    seat = floor.grant(BOB, 90.0, 60.0)
    floor.release(ANN)
    floor.invite(Invitation(CHO, 155.0, BOB, None, since=95.0))

    floor.stood_still(0.0, 100.0)

    assert seat.clock.ends_at == 160.0
    assert floor.invitations[CHO].until == 160.0
