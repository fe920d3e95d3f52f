"""Datagrams out of a real socket, by either way."""

import socket
import time

import pytest

from bot.voice import inbox as module
from bot.voice.buffer import enlarge, overrun
from bot.voice.inbox import BATCH, BatchInbox, PlainInbox, inbox


@pytest.fixture
def pair():
    """Return a sending and a receiving UDP socket, connected to each other."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver,
    ):
        receiver.bind(("127.0.0.1", 0))
        receiver.setblocking(False)
        sender.connect(receiver.getsockname())
        yield sender, receiver


both = pytest.mark.parametrize("kind", [BatchInbox, PlainInbox])


@both
def test_more_than_one_system_call_brings(kind, pair):
    """Everything comes out once, in order, whole."""
    sender, receiver = pair
    box = kind(receiver, time.monotonic)
    sent = [bytes([n % 251]) * (n + 1) for n in range(2 * BATCH + 5)]
    for datagram in sent:
        sender.send(datagram)

    assert [d.data for d in box.drain()] == sent
    assert box.drain() == []


@both
def test_a_full_buffer(kind, pair):
    """All that the kernel kept comes out at once: an order has to find it heard."""
    sender, receiver = pair
    enlarge(receiver)
    box = kind(receiver, time.monotonic)
    for _ in range(10_000):
        sender.send(bytes(233))

    assert overrun(receiver)
    assert box.drain()
    assert box.drain() == []


@both
def test_an_empty_datagram(kind, pair):
    """It is a datagram like any other."""
    sender, receiver = pair
    box = kind(receiver, time.monotonic)
    sender.send(b"")
    sender.send(b"after")

    assert [d.data for d in box.drain()] == [b"", b"after"]


def test_a_thread_that_was_late(pair):
    """The time is that of arrival at the machine, not of reading."""
    sender, receiver = pair
    box = BatchInbox(receiver, time.monotonic)
    before = time.monotonic()
    sender.send(b"early")
    after = time.monotonic()
    while time.monotonic() < after + 0.05:
        pass

    (datagram,) = box.drain()

    assert before - 0.005 <= datagram.arrived_at <= after + 0.005


@pytest.mark.parametrize("set_by_s", [9e9, 3.0, -3.0])
def test_a_wall_clock_that_was_set(pair, monkeypatch, set_by_s):
    """What came before is of no age that is known: the time of reading stands in."""
    sender, receiver = pair
    wall = time.time
    box = BatchInbox(receiver, lambda: 100.0 + wall())
    sender.send(b"before")
    monkeypatch.setattr(module.time, "time", lambda: wall() + set_by_s)
    before = 100.0 + wall()
    (datagram,) = box.drain()

    assert before <= datagram.arrived_at <= 100.0 + wall()


def test_a_thread_that_was_late_by_long(pair, monkeypatch):
    """A process that was stopped for ten seconds knows when things came."""
    sender, receiver = pair
    wall = time.time
    late_s = 0.0
    box = BatchInbox(receiver, lambda: 100.0 + wall() + late_s)
    before = 100.0 + wall()
    sender.send(b"early")
    after = 100.0 + wall()
    late_s = 10.0
    monkeypatch.setattr(module.time, "time", lambda: wall() + late_s)

    (datagram,) = box.drain()

    assert before - 0.005 <= datagram.arrived_at <= after + 0.005


@both
def test_nobody_listens_at_the_other_end(kind):
    """ICMP's refusal is no datagram and no error of ours."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as lonely:
        lonely.bind(("127.0.0.1", 0))
        lonely.connect(("127.0.0.1", 9))
        lonely.setblocking(False)
        box = kind(lonely, time.monotonic)
        lonely.send(b"anybody?")

        assert box.drain() == []


@both
def test_a_closed_socket(kind, pair):
    """It has nothing more to say."""
    _, receiver = pair
    box = kind(receiver, time.monotonic)
    receiver.close()

    assert box.drain() == []


def test_a_system_without_recvmmsg(pair, monkeypatch):
    """Plain recv does the same, one at a time."""
    monkeypatch.setattr(module.sys, "platform", "plan9")

    assert isinstance(inbox(pair[1], time.monotonic), PlainInbox)
