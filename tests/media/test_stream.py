"""One stream: order and place together, losses as gaps."""

from media.stream import Gap, Stream
from tests.media.packets import packet, speech


def started(**fields):
    """Return a stream that has played 0 to 9."""
    stream = Stream(7, 0.2, 0)
    stream.take(speech(0, 10, **fields))
    stream.flush(0.2)
    return stream


def test_packets_with_their_slots():
    """What comes in order lies slot by slot."""
    assert started().take(speech(10, 12)) == [(10, packet(10)), (11, packet(11))]


def test_loss_is_a_gap_from_slot_to_slot():
    """A gap begins where sound ended and ends where it goes on."""
    stream = started()

    placed = stream.take([packet(13)]) + stream.flush(99.0)

    assert placed == [(10, Gap(10, 13, 3)), (13, packet(13))]
    assert stream.lost == 3


def test_loss_with_a_pause_in_it():
    """By sequence number two frames are missing, by timestamp ninety."""
    stream = started()
    resumed = packet(12, timestamp=960 * 88, arrived_at=2.0)

    assert stream.take([resumed]) + stream.flush(99.0) == [
        (10, Gap(10, 100, 2)),
        (100, resumed),
    ]


def test_packets_off_the_grid_are_corrupt():
    """What cannot be placed is counted and left out."""
    stream = started()

    placed = stream.take([packet(10, opus=b"\x70\x00"), packet(11)])

    assert placed == [(11, packet(11))]
    assert stream.corrupt == 1


def test_counts():
    """Late packets and duplicates are counted per stream."""
    stream = started()
    stream.take([packet(9), packet(12)])
    stream.flush(99.0)
    stream.take([packet(10)])

    assert (stream.lost, stream.late, stream.duplicates) == (2, 1, 1)


def test_end_of_a_stream_gives_up_waiting():
    """What is held is played when the stream is over."""
    stream = Stream(7, 0.2, 0)
    stream.take(speech(0, 3))

    assert stream.is_waiting
    assert [slot for slot, _ in stream.drain()] == [0, 1, 2]
    assert stream.next_slot == 3
