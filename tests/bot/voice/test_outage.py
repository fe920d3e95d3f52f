"""From when to when nobody could be heard, in told time."""

import pytest

from bot.voice.listener import LinkState
from bot.voice.outage import NOTED_S, Outage


@pytest.fixture
def outage():
    return Outage()


@pytest.mark.parametrize("state", [LinkState.RECONNECTING, LinkState.LOST])
def test_a_connection_is_lost_and_made_anew(outage, state):
    """Nobody was heard from the first word of it to the last."""
    assert outage.note(state, "close_4006", 5.0) is None
    assert outage.note(LinkState.RECONNECTING, "again", 6.0) is None
    assert outage.note(LinkState.CONNECTED, "joined", 9.0) == (5.0, 9.0)
    assert outage.note(LinkState.CONNECTED, "joined", 10.0) is None


def test_a_session_is_resumed(outage):
    """Its sound went on, and what comes later is another outage."""
    outage.note(LinkState.RECONNECTING, "close_4015", 5.0)
    assert outage.note(LinkState.CONNECTED, "resumed", 6.0) is None

    outage.note(LinkState.RECONNECTING, "close_4006", 8.0)
    assert outage.note(LinkState.CONNECTED, "joined", 9.0) == (8.0, 9.0)


def test_nobody_was_heard_before_it_was_found_out(outage):
    """The earliest word of it stands."""
    outage.begin(3.0)
    outage.note(LinkState.RECONNECTING, "rejoin", 5.0)

    assert outage.note(LinkState.CONNECTED, "joined", 6.0) == (3.0, 6.0)


@pytest.mark.parametrize(("lasted", "noted"), [(NOTED_S, False), (NOTED_S + 1, True)])
def test_a_link_ends_in_one(outage, lasted, noted):
    """Unless it is the link's own leaving."""
    outage.note(LinkState.LOST, "kicked", 5.0)

    assert outage.end(5.0 + lasted) == ((5.0, 5.0 + lasted) if noted else None)


def test_a_moderator_deafens_the_bot(outage):
    """It lasts until they take it back, over reconnects, too."""
    assert outage.deaf(False, 1.0) is None
    assert outage.deaf(True, 5.0) is None
    outage.note(LinkState.RECONNECTING, "close_4006", 6.0)
    assert outage.deaf(True, 7.0) is None
    assert outage.note(LinkState.CONNECTED, "joined", 8.0) is None

    assert outage.deaf(False, 9.0) == (5.0, 9.0)
    assert outage.deaf(False, 10.0) is None


def test_a_moderator_takes_it_back_while_there_is_no_connection(outage):
    """Nobody is heard before there is one."""
    outage.deaf(True, 5.0)
    outage.note(LinkState.RECONNECTING, "close_4006", 6.0)

    assert outage.deaf(False, 7.0) is None
    assert outage.note(LinkState.CONNECTED, "joined", 8.0) == (5.0, 8.0)


def test_a_link_ends_without_one(outage):
    """Nothing is noted."""
    outage.note(LinkState.CONNECTED, "joined", 1.0)

    assert outage.end(5.0) is None
