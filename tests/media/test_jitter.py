"""The playout buffer: order, waiting, loss, late, duplicates, jumps, bounds."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.heard import VoicePacket
from media.jitter import MAX_HELD, MAX_JUMP, Missed, Playout
from tests.media.packets import packet, speech


def started(sequence=0):
    """Return a buffer that has begun to play, and plays 10 next."""
    playout = Playout(0.2)
    playout.push(speech(0, 10, sequence=sequence))
    playout.flush(0.2)
    return playout


def test_first_packets_wait_to_be_put_in_order():
    """A stream that begins out of order loses nothing."""
    playout = Playout(0.2)

    held = playout.push([packet(1, arrived_at=0.0), packet(0, arrived_at=0.1)])
    played = playout.flush(0.2)

    assert held == []
    assert [item.sequence for item in played] == [0, 1]


def test_deadline_is_the_end_of_the_oldest_wait():
    """Whoever flushes at the deadline sets free what has waited, and no sooner."""
    playout = Playout(0.2)
    assert playout.deadline == inf

    playout.push([packet(1, arrived_at=0.04), packet(0, arrived_at=0.06)])

    assert playout.deadline == 0.04 + 0.2
    assert playout.flush(playout.deadline) != []
    assert playout.deadline == inf


def test_in_order_costs_no_delay():
    """The next packet is played at once."""
    assert started().push([packet(10)]) == [packet(10)]


def test_swapped_packets_are_put_in_order():
    """The one that came early waits for the one that came late."""
    playout = started()

    assert playout.push([packet(11)]) == []
    assert playout.push([packet(10)]) == [packet(10), packet(11)]


def test_late_within_the_wait():
    """A packet 199 ms late is played as if it had been in time."""
    playout = started()
    playout.push(speech(11, 20))

    played = playout.push([packet(10, arrived_at=11 / 50 + 0.199)])

    assert played == [packet(10, arrived_at=11 / 50 + 0.199), *speech(11, 20)]


def test_missing_packet_is_missed_once_and_play_goes_on():
    """After the wait a loss is said, then what was held is played."""
    playout = started()
    playout.push([packet(12)])

    assert playout.flush(12 / 50 + 0.19) == []
    assert playout.flush(12 / 50 + 0.2) == [Missed(2), packet(12)]
    assert playout.flush(99.0) == []


def test_wait_ends_by_packets_too():
    """Without a tick, the packets that go on arriving end the wait."""
    playout = started()

    played = playout.push(speech(11, 30))

    assert played[0] == Missed(1)
    assert played[1:] == speech(11, 30)


def test_too_late_is_counted():
    """A packet that was given up and comes after all is late, not a duplicate."""
    playout = started()
    playout.push(speech(11, 30))

    assert playout.push([packet(10)]) == []
    assert (playout.late, playout.duplicates) == (1, 0)


def test_duplicates_are_dropped():
    """A packet that was played, or is held, is not taken twice."""
    playout = started()
    playout.push([packet(11), packet(11)])

    assert playout.push([packet(9)]) == []
    assert (playout.late, playout.duplicates) == (0, 2)


def test_sequence_wraps():
    """After 65535 comes 0."""
    playout = started(sequence=65526)

    assert playout.push(speech(10, 12, sequence=65526)) == speech(
        10, 12, sequence=65526
    )


def test_wrap_with_loss():
    """A loss across the wrap is counted as one of any other place."""
    playout = started(sequence=65524)
    playout.push([packet(14, sequence=65524)])

    assert playout.flush(9.0)[0] == Missed(4)


def test_stray_packet_is_dropped():
    """One packet far out of sequence does not move the stream."""
    playout = started()

    assert playout.push([packet(30_000), packet(10)]) == [packet(10)]


def test_stream_that_starts_over():
    """A second packet in a row proves a new sequence, and the first is not lost."""
    playout = started()

    assert playout.push(speech(30_000, 30_003)) == speech(30_000, 30_003)


def test_strays_with_the_run_between_them():
    """A packet that is held for its turn belongs to the run: it still goes on."""
    playout = started()

    played = playout.push([packet(30_000), packet(11), packet(30_001), packet(10)])

    assert played == [packet(10), packet(11)]
    assert playout.strays == 2


def test_a_new_run_does_not_start_over_at_its_own_beginning():
    """Its second packet, come again half a minute later, proves nothing."""
    playout = started()
    playout.push(speech(30_000, 30_002 + MAX_JUMP))

    assert playout.push([packet(30_001)]) == []
    assert playout.strays == 1


def test_burst_is_bounded():
    """More than the buffer holds ends the wait early."""
    playout = started()

    early = [packet(index, arrived_at=0.3) for index in range(11, 12 + MAX_HELD)]
    played = playout.push(early)

    assert played == [Missed(1), *early]


def test_drain_starts_anew():
    """After the end of a stream any sequence number is the first."""
    playout = started()
    playout.push([packet(12)])

    assert playout.drain() == [Missed(2), packet(12)]
    assert playout.push([packet(500)]) == []
    assert playout.drain() == [packet(500)]


@given(
    st.integers(0, 65535),
    st.lists(st.floats(0, 0.19), min_size=2, max_size=60),
)
def test_reordering_within_the_wait_loses_nothing(sequence, delays):
    """Whatever the network's delays below the wait, all is played, in order."""
    sent = [
        packet(index, sequence=sequence, arrived_at=index / 50 + delay)
        for index, delay in enumerate(delays)
    ]
    playout = Playout(0.2)

    played = []
    for arriving in sorted(sent, key=lambda item: item.arrived_at):
        played += playout.flush(arriving.arrived_at)
        played += playout.push([arriving])
    played += playout.flush(99.0)

    assert played == sent


@given(st.data())
def test_every_packet_has_one_fate(data):
    """Played, late, duplicate or stray; and never more than the bound is held."""
    playout = Playout(0.2)
    sent = data.draw(
        st.lists(
            st.tuples(st.integers(0, 65535), st.floats(0, 0.3)) | st.just((5, 0.0)),
            max_size=80,
        )
    )

    now, played = 0.0, []
    for sequence, step in sent:
        now += step
        played += playout.push([packet(0, sequence=sequence, arrived_at=now)])
        assert len(playout._held) <= MAX_HELD
    played += playout.drain()

    fates = sum(isinstance(item, VoicePacket) for item in played)
    fates += playout.late + playout.duplicates + playout.strays
    assert fates == len(sent)


def test_next_ones_in_a_row_pass_at_once():
    """And what comes after them is expected then."""
    playout = started()

    assert playout.pass_on((10, 11, 12))
    assert playout.push([packet(13)]) == [packet(13)]


@pytest.mark.parametrize(
    "sequences", [(11, 12), (10, 12), (11, 10), (10, 10), (9, 10)], ids=str
)
def test_anything_else_does_not_pass(sequences):
    """It is for ``push`` to say what becomes of it; nothing has changed."""
    playout = started()

    assert not playout.pass_on(sequences)
    assert playout.push([packet(10)]) == [packet(10)]


def test_nothing_passes_what_is_held():
    """Nor does a stream begin in haste, or go around the clock."""
    waiting = started()
    waiting.push([packet(12)])

    assert not waiting.pass_on((10,))
    assert not Playout(0.2).pass_on((0, 1))
    assert not started(sequence=0xFFF0).pass_on((0xFFFA, *range(0xFFFB, 0x10000)))
