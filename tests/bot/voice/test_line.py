"""The socket that a link hears by, on the loopback."""

import socket

import pytest

from bot.voice import transport
from bot.voice.bell import Bell
from bot.voice.intake import Intake
from bot.voice.line import Line
from bot.voice.listener import Wire
from tests.bot.voice.room import FakeHearing


@pytest.fixture
def server():
    """Return what a voice server sends from."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock


@pytest.fixture
def wire(server):
    """Return a wire whose socket hears the server."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(server.getsockname())
        yield Wire(sock, transport.AES_GCM, bytes(32), 7, 9, ssrc=1)


@pytest.fixture
def intake():
    return Intake(FakeHearing())


@pytest.fixture
def line(intake):
    bell = Bell()
    yield Line(intake, bell, lambda: 5.0)
    bell.close()


def test_a_line_that_is_opened(line, intake, server, wire):
    """Its datagrams come into the intake, and keepalives go out."""
    line.open(wire, wire.socket.dup())
    line.send([b"keepalive"])
    server.sendto(b"sound", wire.socket.getsockname())

    assert server.recv(100) == b"keepalive"
    assert [one.data for one in intake.inbox.drain()] == [b"sound"]
    assert (line.is_open, line.wire, line.connects) == (True, wire, 1)
    line.close(lambda: None)


def test_a_line_that_is_closed(line, intake, server, wire):
    """What it still holds is heard out; an error there leaves nothing open."""
    duplicate = wire.socket.dup()
    line.open(wire, duplicate)
    server.sendto(b"sound", wire.socket.getsockname())
    heard = []

    def hear_out():
        heard.extend(one.data for one in intake.inbox.drain())
        raise ValueError("a bad batch")

    with pytest.raises(ValueError, match="a bad batch"):
        line.close(hear_out)

    assert heard == [b"sound"]
    assert (line.is_open, intake.inbox, duplicate.fileno()) == (False, None, -1)


def test_a_line_that_is_not_open(line):
    """There is nothing to hear out, and nothing to send by."""
    line.send([b"keepalive"])
    line.close(lambda: 1 / 0)

    assert (line.is_open, line.wire, line.connects, line.overrun) == (
        False,
        None,
        0,
        0,
    )
