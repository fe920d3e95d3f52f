"""One stream: order and place together, losses as gaps."""

from hypothesis import given, settings
from hypothesis import strategies as st

from media.burst import Burst
from media.heard import SILENCE
from media.stream import Gap, Stream
from tests.media.packets import SPEECH, burst, packet, speech, stretch


def started(**fields):
    """Return a stream that has played 0 to 9."""
    stream = Stream(7, 0.2, 0)
    stream.take(burst(*speech(0, 10, **fields)))
    stream.flush(0.2)
    return stream


def test_packets_with_their_slots():
    """What comes in order lies slot by slot."""
    assert started().take(burst(*speech(10, 12))) == [stretch(10, *speech(10, 12))]


def test_pause_begins_another_stretch():
    """Packets lie next to each other in a stretch, or not in one."""
    later = packet(11, timestamp=960 * 49, arrived_at=1.2)

    assert started().take(burst(packet(10), later)) == [
        stretch(10, packet(10)),
        stretch(60, later),
    ]


def test_longer_packet_stands_alone():
    """After 40 ms the next packet lies two slots on."""
    long = packet(10, opus=b"\x79" + bytes(40))
    after = packet(11, timestamp=960), packet(12, timestamp=960)

    assert started().take(burst(long, *after)) == [
        stretch(10, long),
        stretch(12, *after),
    ]


def test_withheld_packets_are_kept_apart():
    """A stretch has content throughout or not at all."""
    withheld = [packet(10, opus=b""), packet(11, opus=b"")]

    assert started().take(burst(*withheld, packet(12))) == [
        stretch(10, *withheld),
        stretch(12, packet(12)),
    ]
    assert started().take(burst(*withheld)) == [stretch(10, *withheld)]


def test_loss_is_a_gap_from_slot_to_slot():
    """A gap begins where sound ended and ends where it goes on."""
    stream = started()

    placed = stream.take(burst(packet(13))) + stream.flush(99.0)

    assert placed == [Gap(10, 13, 3), stretch(13, packet(13))]
    assert stream.lost == 3


def test_loss_with_a_pause_in_it():
    """By sequence number two frames are missing, by timestamp ninety."""
    stream = started()
    resumed = packet(12, timestamp=960 * 88, arrived_at=2.0)

    assert stream.take(burst(resumed)) + stream.flush(99.0) == [
        Gap(10, 100, 2),
        stretch(100, resumed),
    ]


def test_packets_off_the_grid_are_corrupt():
    """What cannot be placed is counted and left out."""
    stream = started()

    placed = stream.take(burst(packet(10, opus=b"\x70\x00"), packet(11)))

    assert placed == [stretch(11, packet(11))]
    assert stream.corrupt == 1


def test_counts():
    """Late packets and duplicates are counted per stream."""
    stream = started()
    stream.take(burst(packet(9), packet(12)))
    stream.flush(99.0)
    stream.take(burst(packet(10)))

    assert (stream.lost, stream.late, stream.duplicates) == (2, 1, 1)


def test_end_of_a_stream_gives_up_waiting():
    """What is held is played when the stream is over."""
    stream = Stream(7, 0.2, 0)
    stream.take(burst(*speech(0, 3)))

    assert stream.is_waiting
    assert stream.drain() == [stretch(0, *speech(0, 3))]
    assert stream.next_slot == 3


class OneByOne(Stream):
    """A stream that looks at each packet, whatever it is."""

    __slots__ = ()

    def take(self, burst):
        return self._place(self._playout.push(burst.packets()))


OPUS = (SPEECH, SPEECH, SPEECH, SPEECH, SILENCE, b"", b"\x79" + bytes(9), b"\x70\x00")


@given(st.data())
@settings(max_examples=300)
def test_many_at_once_are_placed_as_one_by_one(data):
    """Losses, pauses, late ones, standing clocks, long packets and wrap-around."""
    first = data.draw(st.sampled_from([0, 0xFFF0]))
    ticks = data.draw(st.sampled_from([0, 0xFFFFFFFF - 9600]))
    together, apart = Stream(7, 0.2, 0), OneByOne(7, 0.2, 0)
    index = sequence = 0
    at = 0.0
    for _ in range(data.draw(st.integers(1, 12))):
        few = []
        jump = data.draw(st.sampled_from([0, 0, 0, 0, 1, 6, 200]))
        index += jump
        at += jump * data.draw(st.sampled_from([0.0, 0.02, 0.02, 0.05]))
        sequence += data.draw(st.sampled_from([0, 0, 0, 0, 1, -2, 3]))
        late = data.draw(st.sampled_from([0.0, 0.0, 0.01, 0.08, 0.7]))
        pace = data.draw(st.sampled_from([0.02, 0.02, 0.02, 0.0, 0.019, 0.025]))
        for _ in range(data.draw(st.integers(1, 12))):
            few.append(
                packet(
                    0,
                    sequence=first + sequence,
                    timestamp=ticks + 960 * index,
                    opus=data.draw(st.sampled_from(OPUS)) if late else SPEECH,
                    arrived_at=at + late,
                )
            )
            index, sequence, at = index + 1, sequence + 1, at + pace
        now = few[-1].arrived_at
        assert together.take(burst(*few)) == apart.take(burst(*few))
        assert together.flush(now) == apart.flush(now)
        assert together.next_slot == apart.next_slot
    assert together.drain() == apart.drain()
    counts = [
        (one.lost, one.late, one.duplicates, one.corrupt, one.trimmed)
        for one in (together, apart)
    ]
    assert counts[0] == counts[1]


def test_what_goes_on_as_expected_is_placed_as_a_whole(monkeypatch):
    """Its packets are not even looked at one by one."""
    stream = started()
    monkeypatch.setattr(Burst, "packets", None)

    assert stream.take(burst(*speech(10, 30))) == [stretch(10, *speech(10, 30))]
    withheld = speech(30, 40, opus=b"")
    assert stream.take(burst(*withheld)) == [stretch(30, *withheld)]
