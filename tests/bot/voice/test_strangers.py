"""Streams without a name: handed over by Discord's word or by proof, or dropped."""

import pytest

from bot.voice.dave import DaveStatus
from bot.voice.ssrc import WAIT_S, SsrcMap
from bot.voice.strangers import PROVE_EVERY_S, Strangers
from media.rtp import Packet
from tests.benchmarks.crowd import ME, group
from tests.bot.voice.room import frames

ANA, BEA = 1, 2
OPUS = frames(6)


@pytest.fixture(scope="module")
def crowd():
    """Return our session and the members' in one group of three."""
    return group(2)


@pytest.fixture
def ssrcs():
    return SsrcMap()


@pytest.fixture
def strangers(ssrcs):
    return Strangers(ssrcs)


def wait(strangers, ssrc, sealed, at=0.0):
    """Keep packets of a stream, and return them."""
    packets = [Packet(ssrc, n, n * 960, one, None, at) for n, one in enumerate(sealed)]
    for packet in packets:
        strangers.add(packet)
    return packets


def test_a_stream_is_named(strangers, ssrcs):
    """It is handed over whole, once; another one goes on waiting."""
    packets = wait(strangers, 10, OPUS)
    wait(strangers, 20, OPUS)
    assert list(strangers.named()) == []

    ssrcs.learn(10, ANA, 0.0)

    assert list(strangers.named()) == [(ANA, packets)]
    assert list(strangers.named()) == []
    assert len(strangers) == len(OPUS)


def test_a_stream_is_proved(strangers, ssrcs, crowd):
    """By the one key that opens a frame of it; the owner is known from then on."""
    session, members = crowd
    packets = wait(strangers, 20, [members[BEA].encrypt(opus) for opus in OPUS])

    (proof,) = strangers.proved(DaveStatus(session, 1, 1), ME, 1.0)

    assert proof == (BEA, packets[0], OPUS[0], packets)
    assert ssrcs.user(20) == BEA
    assert len(strangers) == strangers.given_up == 0


def test_a_stream_that_no_key_opens(strangers, ssrcs, crowd):
    """It waits, and is tried again only now and then."""
    session, _ = crowd
    status = DaveStatus(session, 1, 1)
    wait(strangers, 20, OPUS)

    assert list(strangers.proved(status, ME, 1.0)) == []
    wait(strangers, 30, [crowd[1][ANA].encrypt(OPUS[0])])
    soon = list(strangers.proved(status, ME, 1.0 + PROVE_EVERY_S / 2))
    later = list(strangers.proved(status, ME, 1.0 + PROVE_EVERY_S))

    assert soon == []
    assert [proof.user_id for proof in later] == [ANA]
    assert ssrcs.user(20) is None


def test_a_stream_waits_in_vain(strangers):
    """It is dropped, and counted."""
    wait(strangers, 20, OPUS[:4])
    wait(strangers, 30, OPUS[:2], at=1.0)

    strangers.expire(WAIT_S + 0.1)
    dropped = strangers.given_up
    strangers.clear()

    assert (dropped, strangers.given_up, len(strangers)) == (4, 6, 0)
