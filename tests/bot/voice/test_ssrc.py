"""Whose stream it is, and who waits for the answer."""

from bot.voice.ssrc import (
    MOST_SSRCS,
    WAIT_S,
    WAITING_PER_SSRC,
    WAITING_SSRCS,
    SsrcMap,
    WaitingRoom,
)
from media.rtp import Packet

ANA, BEA = 1, 2


def packet(ssrc, sequence=0, at=0.0):
    return Packet(ssrc, sequence, sequence * 960, b"frame", None, at)


def test_a_member_gets_another_ssrc():
    """The former one keeps its owner while packets may be in flight, then not."""
    ssrcs = SsrcMap()
    ssrcs.learn(10, ANA, 0.0)
    ssrcs.learn(11, ANA, 5.0)

    ssrcs.expire(5.0 + WAIT_S)
    before = ssrcs.user(10), ssrcs.user(11)
    ssrcs.expire(5.1 + WAIT_S)

    assert before == (ANA, ANA)
    assert (ssrcs.user(10), ssrcs.user(11)) == (None, ANA)


def test_an_ssrc_gets_another_owner():
    """The newest word wins."""
    ssrcs = SsrcMap()
    ssrcs.learn(10, ANA, 0.0)
    ssrcs.learn(10, BEA, 1.0)

    assert ssrcs.user(10) == BEA
    assert ssrcs.ssrcs(ANA) == []


def test_who_left_comes_back_with_the_same_ssrc():
    """Coming back ends the leaving."""
    ssrcs = SsrcMap()
    ssrcs.learn(10, ANA, 0.0)
    ssrcs.leave(ANA, 1.0)
    gone = not ssrcs.present(ANA)
    ssrcs.learn(10, ANA, 2.0)
    ssrcs.expire(60.0)

    assert gone
    assert ssrcs.user(10) == ANA


def test_more_ssrcs_than_anybody_has():
    """The map stays bounded, whatever the gateway says."""
    ssrcs = SsrcMap()
    for number in range(MOST_SSRCS + 100):
        ssrcs.learn(number, number, 0.0)

    assert sum(ssrcs.user(n) is not None for n in range(MOST_SSRCS + 100)) == MOST_SSRCS
    assert ssrcs.user(MOST_SSRCS + 99) == MOST_SSRCS + 99


def test_packets_wait_and_are_taken():
    """They come out once, in order."""
    room = WaitingRoom()
    for sequence in range(3):
        room.add(packet(10, sequence))

    taken = room.take(10)

    assert [p.sequence for p in taken] == [0, 1, 2]
    assert (room.take(10), len(room), room.given_up) == ([], 0, 0)


def test_packets_wait_too_long():
    """They are dropped, returned and counted."""
    room = WaitingRoom()
    room.add(packet(10, 0, at=0.0))
    room.add(packet(10, 1, at=1.0))

    dropped = room.expire(WAIT_S + 0.5)

    assert [p.sequence for p in dropped] == [0]
    assert (len(room), room.given_up) == (1, 1)


def test_one_stream_floods():
    """The oldest packets make room."""
    room = WaitingRoom()
    dropped = [p for n in range(WAITING_PER_SSRC + 2) for p in room.add(packet(10, n))]

    assert [p.sequence for p in dropped] == [0, 1]
    assert len(room) == WAITING_PER_SSRC


def test_many_streams_flood():
    """New ones are turned away, counted."""
    room = WaitingRoom()
    for ssrc in range(WAITING_SSRCS + 5):
        room.add(packet(ssrc))

    assert (len(room), room.given_up) == (WAITING_SSRCS, 5)


def test_samples_begin_with_the_oldest():
    """Keys are tried on the oldest first, on the newest last."""
    room = WaitingRoom()
    for sequence in range(20):
        room.add(packet(10, sequence))

    assert [p.sequence for p in room.samples(10)] == [0, 1, 2, 3, 19]
