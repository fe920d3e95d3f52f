"""One stream: order and place together, losses as gaps."""

from media.stream import Gap, Stream, Stretch
from tests.media.packets import packet, speech


def stretch(slot, *packets):
    """Return packets in neighbouring slots."""
    return Stretch(slot, list(packets), [packet.opus for packet in packets])


def started(**fields):
    """Return a stream that has played 0 to 9."""
    stream = Stream(7, 0.2, 0)
    stream.take(speech(0, 10, **fields))
    stream.flush(0.2)
    return stream


def test_packets_with_their_slots():
    """What comes in order lies slot by slot."""
    assert started().take(speech(10, 12)) == [stretch(10, *speech(10, 12))]


def test_pause_begins_another_stretch():
    """Packets lie next to each other in a stretch, or not in one."""
    later = packet(11, timestamp=960 * 49, arrived_at=1.2)

    assert started().take([packet(10), later]) == [
        stretch(10, packet(10)),
        stretch(60, later),
    ]


def test_longer_packet_stands_alone():
    """After 40 ms the next packet lies two slots on."""
    long = packet(10, opus=b"\x79" + bytes(40))
    after = packet(11, timestamp=960), packet(12, timestamp=960)

    assert started().take([long, *after]) == [stretch(10, long), stretch(12, *after)]


def test_withheld_packets_are_kept_apart():
    """A stretch has content throughout or not at all."""
    withheld = [packet(10, opus=b""), packet(11, opus=b"")]

    assert started().take([*withheld, packet(12)]) == [
        stretch(10, *withheld),
        stretch(12, packet(12)),
    ]
    assert started().take(withheld) == [stretch(10, *withheld)]


def test_loss_is_a_gap_from_slot_to_slot():
    """A gap begins where sound ended and ends where it goes on."""
    stream = started()

    placed = stream.take([packet(13)]) + stream.flush(99.0)

    assert placed == [Gap(10, 13, 3), stretch(13, packet(13))]
    assert stream.lost == 3


def test_loss_with_a_pause_in_it():
    """By sequence number two frames are missing, by timestamp ninety."""
    stream = started()
    resumed = packet(12, timestamp=960 * 88, arrived_at=2.0)

    assert stream.take([resumed]) + stream.flush(99.0) == [
        Gap(10, 100, 2),
        stretch(100, resumed),
    ]


def test_packets_off_the_grid_are_corrupt():
    """What cannot be placed is counted and left out."""
    stream = started()

    placed = stream.take([packet(10, opus=b"\x70\x00"), packet(11)])

    assert placed == [stretch(11, packet(11))]
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
    assert stream.drain() == [stretch(0, *speech(0, 3))]
    assert stream.next_slot == 3
