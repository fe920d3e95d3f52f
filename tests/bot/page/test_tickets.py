"""Links to the page: good once, for a short while, for one person."""

import pytest

from bot.page.tickets import SESSION_S, TICKET_S, TicketError, Tickets, Viewer

ANA = Viewer(user_id=1, guild_id=10, name="Ana", language="es")


@pytest.fixture
def tickets():
    return Tickets(b"secret")


def test_a_ticket_buys_one_session(tickets):
    """The session belongs to whom the link was made for."""
    cookie = tickets.redeem(tickets.issue(ANA, 0.0), 10.0)

    assert tickets.session(cookie, 20.0) == ANA


def test_looking_does_not_use_a_ticket_up(tickets):
    """Link previews open every link that is posted."""
    ticket = tickets.issue(ANA, 0.0)

    assert tickets.look(ticket, 1.0) == tickets.look(ticket, 2.0) == ANA
    assert tickets.redeem(ticket, 3.0)


def test_a_ticket_is_redeemed_once(tickets):
    """Whoever comes second is told to ask for another."""
    ticket = tickets.issue(ANA, 0.0)
    tickets.redeem(ticket, 1.0)

    with pytest.raises(TicketError, match=r"ticket\.used"):
        tickets.redeem(ticket, 2.0)


@pytest.mark.parametrize("now", [TICKET_S, -1.0])
def test_a_ticket_outside_its_time_is_refused(tickets, now):
    """Neither an old link nor one from the future is taken."""
    with pytest.raises(TicketError, match=r"ticket\.old"):
        tickets.redeem(tickets.issue(ANA, 0.0), now)


def test_a_session_ends(tickets):
    """A forgotten browser does not stay logged in."""
    cookie = tickets.redeem(tickets.issue(ANA, 0.0), 0.0)

    with pytest.raises(TicketError, match=r"ticket\.old"):
        tickets.session(cookie, SESSION_S)


@pytest.mark.parametrize("text", ["", "nonsense", "e30.x", "á"])
def test_nonsense_is_refused(tickets, text):
    """What was not signed by us is no ticket."""
    with pytest.raises(TicketError, match=r"ticket\.bad"):
        tickets.redeem(text, 0.0)


def test_a_ticket_is_no_session_nor_the_reverse(tickets):
    """The two are signed for different uses."""
    ticket = tickets.issue(ANA, 0.0)

    with pytest.raises(TicketError, match=r"ticket\.bad"):
        tickets.session(ticket, 1.0)
    with pytest.raises(TicketError, match=r"ticket\.bad"):
        tickets.redeem(tickets.redeem(ticket, 1.0), 2.0)


def test_another_process_signs_with_another_key(tickets):
    """A restart without a kept secret ends every session."""
    with pytest.raises(TicketError, match=r"ticket\.bad"):
        Tickets(b"other").look(tickets.issue(ANA, 0.0), 1.0)
