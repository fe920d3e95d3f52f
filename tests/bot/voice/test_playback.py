"""A sound's pace, and what makes it wait or end."""

import threading
import time

import pytest

from bot.voice import playback
from bot.voice.playback import Player
from bot.voice.sending import Held
from media.heard import FRAME_S, SILENCE

FRAME = b"\x78sound"
SIXTY_MS = b"\x18sound"
"""SILK, one frame of 60 ms (RFC 6716, table 2)."""


class FakeSender:
    """Takes packets, or holds the first ones for a reason."""

    def __init__(self, held=()):
        self.held = list(held)
        self.sent = []

    def send(self, opus, slot, *, hasty=False):
        if self.held and not (hasty and self.held[0] is Held.SWITCHING):
            return self.held.pop(0)
        self.sent.append((opus, slot, time.monotonic()))
        return None

    def slots(self):
        first = self.sent[0][1]
        return [(opus, slot - first) for opus, slot, _ in self.sent]


def test_packets_of_several_lengths():
    """Each is due when the one before it has been heard; then comes silence."""
    sender = FakeSender()

    played = Player(sender, [FRAME, SIXTY_MS, FRAME]).run()

    silence = [(SILENCE, 5 + n) for n in range(5)]
    assert sender.slots() == [(FRAME, 0), (SIXTY_MS, 1), (FRAME, 4), *silence]
    assert (played.packets, round(played.lasted_s, 3)) == (3, 0.1)


def test_no_packet_is_early():
    """The clock decides, not the sender's speed."""
    sender = FakeSender()

    Player(sender, [FRAME] * 5).run()

    assert all(at >= slot * FRAME_S for _, slot, at in sender.sent)


def test_the_thread_wakes_up_late():
    """What is left moves on by the delay: no burst, and the timestamps say so."""
    sender = FakeSender()

    def sound():
        yield FRAME
        time.sleep(0.2)  # noqa: ASYNC251,RUF100 (a stall is what this is about)
        yield FRAME
        yield FRAME

    Player(sender, sound()).run()

    (_, first, _), (_, second, _), (_, third, _) = sender.sent[:3]
    assert second - first >= 0.2 / FRAME_S - 1
    assert third == second + 1


def test_the_keys_change():
    """A short wait is part of the sound; the packet that waited is sent."""
    sender = FakeSender([Held.SWITCHING] * 3)

    played = Player(sender, [FRAME, FRAME]).run()

    assert [opus for opus, _, _ in sender.sent] == [FRAME, FRAME, *[SILENCE] * 5]
    assert played.waited_s == pytest.approx(3 * FRAME_S)


def test_the_keys_change_for_ever(monkeypatch):
    """After a second it plays with our own keys."""
    monkeypatch.setattr(playback, "SWITCH_S", 0.06)
    sender = FakeSender([Held.SWITCHING] * 1000)

    played = Player(sender, [FRAME]).run()

    assert (played.packets, played.held) == (1, None)


def test_the_connection_does_not_come_back(monkeypatch):
    """Patience ends, and the reason is told."""
    monkeypatch.setattr(playback, "PATIENCE_S", 0.06)
    sender = FakeSender([Held.NO_WIRE] * 1000)

    played = Player(sender, [FRAME, FRAME]).run()

    assert (played.packets, played.held, sender.sent) == (0, Held.NO_WIRE, [])


def test_it_is_stopped_while_it_waits():
    """Nothing is sent any more, and nothing is wrong."""
    sender = FakeSender([Held.NO_WIRE] * 1000)
    player = Player(sender, [FRAME])
    threading.Timer(0.05, player.stop).start()

    assert player.run().held is None
    assert sender.sent == []


def test_stopped_while_a_packet_goes_out():
    """It has been heard: the silence after it is not at its time again."""
    sender = FakeSender()
    player = Player(sender, [FRAME] * 5)
    send = sender.send

    def send_and_stop(opus, slot, *, hasty=False):
        if len(sender.sent) == 1:
            player.stop()
        return send(opus, slot, hasty=hasty)

    sender.send = send_and_stop
    played = player.run()

    assert played.packets == 2
    assert sender.slots() == [
        *[(FRAME, slot) for slot in range(2)],
        *[(SILENCE, slot) for slot in range(2, 7)],
    ]
