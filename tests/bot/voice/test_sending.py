"""Our stream on a real socket, opened at the other end."""

import socket
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bot.rehearsal.sfu.rtp import CIPHERS, open_packet
from bot.voice.dave import DaveStatus
from bot.voice.listener import Wire
from bot.voice.sending import Held, Sender
from bot.voice.transport import AES_GCM
from media.heard import SILENCE

OPUS = b"\x78 sound"
KEY = bytes(32)


class Session:
    """A DAVE session that seals visibly."""

    def __init__(self, ready=True):
        self.ready = ready

    def encrypt_opus(self, opus):
        return b"sealed " + opus


@pytest.fixture
def sender():
    """Return a sender that lets go of its socket at the end."""
    sender = Sender()
    yield sender
    sender.deafen()


@contextmanager
def wired():
    """Yield a wire and a function that returns what has arrived at its other end."""
    far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with far, near:
        far.bind(("127.0.0.1", 0))
        far.setblocking(False)
        near.connect(far.getsockname())
        cipher = CIPHERS[AES_GCM](KEY)

        def arrived():
            found = []
            while True:
                try:
                    found.append(open_packet(cipher, far.recv(2048)))
                except BlockingIOError:
                    return found

        yield Wire(near, AES_GCM, KEY, 1, 2, 7), arrived


def test_nothing_is_sent_before_it_is_announced(sender):
    """Without a connection, or before op 5 on it, a packet is held."""
    with wired() as (wire, arrived):
        first = sender.send(OPUS, 0)
        sender.listen(wire)
        second = sender.send(OPUS, 1)
        sender.announced(wire)
        third = sender.send(OPUS, 2)
        sender.deafen()
        fourth = sender.send(OPUS, 3)
        packets = arrived()

    assert [first, second, third, fourth] == [
        Held.NO_WIRE,
        Held.NO_WIRE,
        None,
        Held.NO_WIRE,
    ]
    assert [p.payload for p in packets] == [OPUS]


def test_an_announcement_for_a_former_connection(sender):
    """Op 5 on the old websocket says nothing about the stream on the new one."""
    with wired() as (wire, _):
        sender.listen(wire)
        sender.listen(replace(wire, channel_id=2))
        sender.announced(wire)

        assert sender.send(OPUS, 0) is Held.NO_WIRE


def test_counters_over_pauses_and_new_keys(sender):
    """Sequence and nonce count packets, timestamps slots, also on another wire."""
    with wired() as (wire, arrived):
        sender.listen(wire)
        sender.announced(wire)
        sender.send(OPUS, 10)
        sender.send(OPUS, 11)
        again = replace(wire, channel_id=2)
        sender.listen(again)
        sender.announced(again)
        sender.send(OPUS, 40)
        packets = arrived()

    first = packets[0]
    steps = [
        (
            (p.sequence - first.sequence) & 0xFFFF,
            (p.timestamp - first.timestamp) & 0xFFFF_FFFF,
            p.nonce,
        )
        for p in packets
    ]
    assert steps == [(0, 0, 0), (1, 960, 1), (2, 30 * 960, 2)]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (DaveStatus(), None),
        (DaveStatus(None, 1), Held.NO_GROUP),
        (DaveStatus(Session(ready=False), 1), Held.NO_GROUP),
        (DaveStatus(Session(), 1, switching=True), Held.SWITCHING),
        (DaveStatus(Session(), 1), None),
    ],
)
def test_the_encryption_group(sender, status, expected):
    """Where DAVE is in force sound waits for its keys; silence needs none."""
    with wired() as (wire, arrived):
        sender.listen(wire)
        sender.announced(wire)
        sender.group(status)
        held = sender.send(OPUS, 0)
        sender.send(SILENCE, 1)
        payloads = [p.payload for p in arrived()]

    sound = [b"sealed " + OPUS if status.version else OPUS] if held is None else []
    assert held is expected
    assert payloads == [*sound, SILENCE]


def test_the_others_do_not_change_their_keys(sender):
    """A transition that never ends stops nobody for ever."""
    with wired() as (wire, arrived):
        sender.listen(wire)
        sender.announced(wire)
        sender.group(DaveStatus(Session(), 1, switching=True))

        assert sender.send(OPUS, 0, hasty=True) is None
        assert len(arrived()) == 1


def test_the_network_is_gone(sender):
    """A packet that the system refuses is lost and counted; nothing is raised."""
    with wired() as (wire, _):
        sender.listen(wire)
        sender.announced(wire)
        sender.send(OPUS * 10_000, 0)  # more than a datagram holds

    assert sender.refused == 1
