"""The voice thread's orders where an error of our own gets between, beat by beat."""

import socket

import pytest

from bot.voice import transport
from bot.voice.listener import Reports, Wire
from bot.voice.receiver import Receiver
from tests.bot.voice.room import ANA, FakeHearing


@pytest.fixture
def wire():
    """Return a wire to nowhere."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.connect(sock.getsockname())
        yield Wire(sock, transport.AES_GCM, bytes(32), 7, 9, ssrc=1)


@pytest.fixture
def ended():
    return []


@pytest.fixture
def receiver(wire, ended):
    """Return a receiver on its first wire, of which nothing can be heard any more."""

    def fail(*_):
        raise ValueError("a bad batch")

    reports = Reports(
        heard=lambda _: None,
        changed=lambda *_: None,
        recover=lambda: None,
        rejoin=lambda: None,
        ended=lambda: ended.append(True),
    )
    receiver = Receiver(FakeHearing(), lambda: 5.0, reports)
    receiver.listen(wire)
    receiver._beat()
    receiver.identify(ANA, 10)
    receiver._beat()
    receiver._intake.catch_up = fail
    yield receiver
    receiver._line.close(lambda: None)
    receiver._bell.close()


def beat(receiver):
    with pytest.raises(ValueError, match="a bad batch"):
        receiver._beat()


def test_another_wire(receiver, wire):
    """It is heard, whatever became of what the former one still held."""
    receiver.listen(wire)
    beat(receiver)

    assert receiver._line.is_open
    assert receiver._line.connects == 2


def test_another_voice_session(receiver):
    """Nobody keeps a stream of the former one, which may be somebody else's now."""
    receiver.renew()
    beat(receiver)

    assert receiver._reception.ssrcs.user(10) is None


def test_the_end(receiver, ended):
    """The hearing is closed, and whoever waits for that is told."""
    receiver.end()
    receiver.run()

    assert receiver._hearing.closed
    assert ended
