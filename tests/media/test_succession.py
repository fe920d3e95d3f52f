"""Streams of one speaker, one after another: stragglers, places, counts."""

import pytest

from media.succession import Received, Succession
from tests.media.packets import burst, packet, speech


@pytest.fixture
def streams():
    return Succession(0.2)


def test_a_speaker_of_whom_nothing_has_come(streams):
    """There is no stream, and nothing to count."""
    assert (streams.present, streams.received()) == (None, Received())


def test_another_stream_begins(streams):
    """It is the present one, and lies behind the one before."""
    first = streams.begin(burst(packet(0)))
    first.take(burst(*speech(0, 10)))
    first.drain()

    second = streams.begin(burst(packet(0, ssrc=9, arrived_at=0.0)))

    assert (first.ssrc != second.ssrc, streams.present) == (True, second)
    assert second.next_slot == first.next_slot == 10


def test_packets_of_the_stream_before_come_late(streams):
    """For two seconds they are stragglers; after that the stream has come back."""
    streams.begin(burst(packet(0)))
    streams.begin(burst(packet(0, ssrc=9, arrived_at=1.0)))

    assert streams.straggles(
        burst(packet(1, arrived_at=1.5), packet(2, arrived_at=1.6))
    )
    assert not streams.straggles(burst(packet(1, ssrc=5, arrived_at=1.5)))
    assert not streams.straggles(burst(packet(3, arrived_at=3.0)))
    assert streams.received() == Received(late=2)


def test_counts_of_all_streams(streams):
    """What the former ones lost stays lost."""
    for ssrc in (7, 9):
        stream = streams.begin(burst(packet(0, ssrc=ssrc)))
        stream.take(burst(*speech(0, 10, ssrc=ssrc)))
        stream.flush(0.5)
        stream.take(burst(packet(9, ssrc=ssrc), packet(12, ssrc=ssrc)))
        stream.drain()

    assert streams.received() == Received(lost=4, duplicates=2)
    assert streams.received() == Received(lost=4, duplicates=2), "counted once"
