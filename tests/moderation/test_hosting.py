"""Who hosts."""

import pytest

from moderation.hosting import Hosting

HOST, ANN, BOB = 1, 2, 3


@pytest.fixture
def hosting():
    return Hosting(HOST, cohosts=[ANN, BOB])


@pytest.mark.parametrize(
    ("present", "successor"), [({ANN, BOB}, ANN), ({BOB}, BOB), (set(), None)]
)
def test_the_cohost_of_longest_standing_who_is_here_acts(hosting, present, successor):
    """Absent co-hosts are passed over."""
    assert hosting.successor(present.__contains__) == successor


def test_somebody_acts_until_the_host_returns(hosting):
    """There is one chair at any time."""
    hosting.lost_at = 5.0
    hosting.act(ANN)
    assert (hosting.chair_id, hosting.lost_at) == (ANN, None)
    assert hosting.is_host(ANN)
    assert hosting.is_host(HOST)

    hosting.returned()

    assert hosting.chair_id == HOST
    assert not hosting.is_host(ANN)
    assert hosting.is_staff(ANN)


def test_handing_over_swaps_the_roles(hosting):
    """The host before becomes the first co-host."""
    assert hosting.hand_over(BOB) == HOST
    assert (hosting.host_id, hosting.cohosts) == (BOB, [HOST, ANN])
