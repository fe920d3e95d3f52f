"""Datagrams of talkers wait for each other; nobody else's wait at all."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from bot.voice.gathering import GATHERED_S, MOST, Gathering
from bot.voice.inbox import Datagram

ANA, BEA = 1, 2
BEAT_S = 0.02


def datagram(user_id, number, at):
    """Return a datagram of a member's stream, told apart by its number."""
    header = struct.pack(">BBHII", 0x90, 120, number & 0xFFFF, 0, 1000 + user_id)
    return Datagram(header + number.to_bytes(4, "big"), at)


def flat(streams):
    """Return the datagrams of all streams; each is where its SSRC says."""
    for ssrc, stream in streams.items():
        assert all(one.data[8:12] == ssrc for one in stream)
    return [one for stream in streams.values() for one in stream]


def test_nobody_is_expected():
    """What comes is passed on, stream by stream."""
    hers = [datagram(ANA, n, 0.0) for n in range(3)]
    his = [datagram(BEA, n, 0.0) for n in range(3)]
    mixed = [one for both in zip(hers, his, strict=True) for one in both]

    assert flat(Gathering().sift(mixed)) == hers + his


def test_who_talks_waits_and_others_do_not():
    """One stream is kept, and its member awaited, until the oldest must go on."""
    gathering = Gathering()
    gathering.expect({1000 + ANA: ANA})
    hers, his = [], []
    for beat in range(19):
        now = beat * BEAT_S
        hers.append(datagram(ANA, beat, now))
        his.append(datagram(BEA, beat, now))
        assert flat(gathering.sift([hers[-1], his[-1]])) == [his[-1]]
        assert gathering.awaited == {ANA}
        assert not gathering.is_due(now + BEAT_S)

    assert gathering.is_due(0.41)
    assert flat(gathering.release()) == hers
    assert gathering.awaited == set()
    assert not gathering.is_due(9.0)


def test_those_who_talk_change_only_while_nothing_is_kept():
    """Otherwise what is kept of a stream would be overtaken."""
    gathering = Gathering()
    gathering.expect({1000 + ANA: ANA})
    first = datagram(ANA, 0, 0.0)
    gathering.sift([first])

    gathering.expect({})
    second = datagram(ANA, 1, 0.02)
    assert not gathering.sift([second])

    assert flat(gathering.release()) == [first, second]
    gathering.expect({})
    third = datagram(ANA, 2, 0.04)
    assert flat(gathering.sift([third])) == [third]


def test_a_flood_is_not_kept():
    """A stream that sends without end is due at once."""
    gathering = Gathering()
    gathering.expect({1000 + ANA: ANA})
    flood = [datagram(ANA, n, 0.0) for n in range(MOST + 1)]

    assert not gathering.sift(flood[:-1])
    assert not gathering.is_due(BEAT_S)
    assert not gathering.sift(flood[-1:])
    assert gathering.is_due(BEAT_S)


def test_bytes_that_are_no_packet():
    """Keepalive echoes and the like belong to no stream."""
    gathering = Gathering()
    gathering.expect({0: ANA, 1000 + BEA: BEA})
    odd = [Datagram(b"", 0.0), Datagram(bytes(8), 0.0), Datagram(bytes(11), 0.0)]

    assert flat(gathering.sift(odd)) == odd


@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(1, 4), max_size=8),
            st.sets(st.integers(1, 4)),
            st.integers(1, 10),
        ),
        max_size=40,
    )
)
def test_everything_comes_out_once_in_order_and_in_time(beats):
    """Whoever talks, and however long a beat is."""
    gathering = Gathering()
    now, sent, got = 0.0, [], []
    for senders, talking, length in beats:
        arrived = [datagram(who, len(sent) + n, now) for n, who in enumerate(senders)]
        sent += arrived
        until = now + length * BEAT_S
        got += flat(gathering.sift(arrived))
        if gathering.is_due(until):
            got += flat(gathering.release())
        kept = [one for one in sent if one not in got]
        assert all(until - one.arrived_at <= GATHERED_S for one in kept)
        assert gathering.awaited == {one.data[11] - 232 for one in kept}
        gathering.expect({1000 + who: who for who in talking})
        now = until
    got += flat(gathering.release())

    assert sorted(got) == sorted(sent)
    for who in range(1, 5):
        ssrc = struct.pack(">I", 1000 + who)
        stream = [one for one in sent if one.data[8:12] == ssrc]
        assert [one for one in got if one in stream] == stream
