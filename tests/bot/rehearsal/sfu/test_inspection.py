"""What the loopback voice server finds wrong with what a client sends."""

from dataclasses import replace

import pytest

from bot.rehearsal.sfu.inspection import Breach, Inspection
from bot.rehearsal.sfu.rtp import SILENCE, Opened

PLAIN, SEALED = b"\x78 sound", b"sound \xfa\xfa"


def packets(count, payload=PLAIN):
    return [Opened(65_534 + n & 0xFFFF, 960 * n, 7, payload, n) for n in range(count)]


def inspected(sent, *, dave=False, announced=True, stopped=False, every_s=0.02):
    inspection = Inspection()
    if announced:
        inspection.speaking(True, 0.0)
    for number, packet in enumerate(sent):
        inspection.take(packet, number * every_s, dave=dave)
    if stopped:
        inspection.speaking(False, 10.0)
    return inspection.breaches(10.0)


def test_everything_is_right():
    """Announced, counted, paced, with silence at its end: nothing is found."""
    good = [*packets(5), replace(packets(6)[5], payload=SILENCE)]

    assert inspected(good, stopped=True) == {}


@pytest.mark.parametrize(
    ("change", "breach"),
    [
        ({"sequence": 9}, Breach.SEQUENCE),
        ({"timestamp": 960}, Breach.TIMESTAMP),
        ({"timestamp": 2000}, Breach.TIMESTAMP),
        ({"nonce": 1}, Breach.NONCE),
    ],
)
def test_a_counter_is_wrong(change, breach):
    """The third packet does not follow the second."""
    first, second, third = packets(3)

    assert breach in inspected([first, second, replace(third, **change)])


def test_it_was_never_announced():
    """Op 5 may be a little late, but not missing."""
    assert inspected(packets(3), announced=False) == {Breach.UNANNOUNCED: 1}


def test_a_late_announcement():
    """It travels by TCP, the sound by UDP."""
    inspection = Inspection()
    inspection.take(packets(1)[0], 0.0, dave=False)
    inspection.speaking(True, 0.2)

    assert inspection.breaches(10.0) == {}


def test_a_burst():
    """Thirty packets at once run ahead of their own clock."""
    assert inspected(packets(30), every_s=0.0)[Breach.EARLY] == 4


def test_it_ends_without_silence():
    """Decoders would invent a tail."""
    assert inspected(packets(3), stopped=True) == {Breach.NO_SILENCE: 1}


def test_plain_sound_where_dave_is_in_force():
    """Others would not play it, so it goes no further; sealed sound and silence do."""
    inspection = Inspection()
    kinds = [replace(packets(1)[0], payload=p) for p in (PLAIN, SEALED, SILENCE)]

    forwarded = [inspection.take(one, 0.0, dave=True) for one in kinds]

    assert forwarded == [False, True, True]
    assert inspection.breaches(1.0)[Breach.UNENCRYPTED] == 1
