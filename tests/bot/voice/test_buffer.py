"""The kernel's buffer of a UDP socket, filled."""

import socket
import sys

import pytest

from bot.voice.buffer import DATAGRAM_BYTES, enlarge, holds_s, overrun


def held(receiver):
    """Return how many voice datagrams wait for who does not read."""
    receiver.bind(("127.0.0.1", 0))
    receiver.setblocking(False)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(2000):
            sender.sendto(bytes(233), receiver.getsockname())
    count = 0
    while True:
        try:
            receiver.recv(2048)
        except BlockingIOError:
            return count
        count += 1


def test_an_enlarged_buffer_holds_more():
    """As much as the system allows; never less than before."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as usual,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours,
    ):
        before = usual.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        size = enlarge(ours)

        assert size > before
        assert held(ours) > held(usual)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts them")
def test_what_the_kernel_dropped():
    """Whatever was sent and could not be read any more is counted."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as usual:
        before = overrun(usual)
        count = held(usual)

        assert (before, overrun(usual)) == (0, 2000 - count)


def test_a_system_that_does_not_count():
    """It is not an error."""
    with socket.socket() as closed:
        pass

    assert overrun(closed) == 0


def test_seconds_of_a_buffer():
    """By what the kernel accounts for a datagram, not by its length."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as usual:
        size = usual.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        count = held(usual)

    assert count == pytest.approx(size / DATAGRAM_BYTES, rel=0.5)
    assert holds_s(size, 25) == pytest.approx(count / 1250, rel=0.5)
