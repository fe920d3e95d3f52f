"""RTP ticks to slots: anchors, wraps, pauses, jumps, clock drift."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.heard import FRAME_S
from media.jitter import MAX_HELD, Missed
from media.timeline import OFF_GRID, TRIMMED, Timeline
from tests.media.packets import packet, silence, speech


def test_first_packet_is_anchored_by_arrival():
    """A speaker who joins late begins where they arrive, on the grid."""
    timeline = Timeline()

    assert timeline.place([packet(0, arrived_at=3600.012)]) == [180_001]


def test_earliest_of_the_first_packets_decides():
    """A first packet that the network delayed does not shift the stream."""
    timeline = Timeline()
    first = [packet(0, arrived_at=5.09), packet(1, arrived_at=5.02)]

    assert timeline.place(first) == [250, 251]


class Watched(list):
    """Packets that count how often one of them is looked at as another's neighbour."""

    looks = 0

    def __getitem__(self, key):
        """Count what a slice takes."""
        found = super().__getitem__(key)
        self.looks += len(found)
        return found


def test_a_flood_of_timestamps_without_sense():
    """Each one may be looked at with those behind it, and not with all of them."""
    chance = random.Random(1)
    flood = Watched(
        one._replace(timestamp=chance.getrandbits(32)) for one in speech(0, 4000)
    )
    timeline = Timeline()

    slots = timeline.place(flood)

    assert flood.looks <= MAX_HELD * len(flood)
    assert slots == sorted(slots)


def test_jitter_does_not_move_frames():
    """In speech, slots follow the timestamp however arrival wavers."""
    random.seed(1)
    timeline = Timeline()

    slots = [
        timeline.place([packet(i, arrived_at=1 + i / 50 + random.random() * 0.05)])[0]
        for i in range(2000)
    ]

    placed = [slot for slot in slots if slot != TRIMMED]
    moves = [step for a, b in pairwise(placed) if (step := b - a) != 1]
    assert len(moves) + len(slots) - len(placed) <= 3


def test_timestamp_wraps():
    """Ticks begin anew at 2^32 without a step in the slots."""
    timeline = Timeline()
    stream = speech(0, 10, timestamp=2**32 - 960 * 5)

    assert timeline.place(stream) == list(range(10))


def test_pause_in_which_the_timestamp_runs_on():
    """A jump of ticks and arrival alike is a pause."""
    timeline = Timeline()
    timeline.place(speech(0, 10))

    assert timeline.place(speech(500, 502)) == [500, 501]


def test_pause_in_which_the_timestamp_stands_still():
    """After a silence frame, a late arrival is a pause though the ticks go on."""
    timeline = Timeline()
    timeline.place([*speech(0, 10), *silence(10, 15)])

    resumed = [packet(15, arrived_at=30.0), packet(16, arrived_at=30.02)]

    assert timeline.place(resumed) == [1500, 1501]


def test_long_stand_still_without_silence_frames():
    """The silence frames may be lost; a second without packets says as much."""
    timeline = Timeline()
    timeline.place(speech(0, 10))

    assert timeline.place([packet(10, arrived_at=30.0)]) == [1500]


def test_stalled_network_does_not_move_frames():
    """Packets that come in a burst after a stall keep their own time."""
    timeline = Timeline()
    timeline.place(speech(0, 10))

    burst = [packet(i, arrived_at=0.9) for i in range(10, 40)]

    assert timeline.place(burst) == list(range(10, 40))


@pytest.mark.parametrize("ticks", [-48_000, 48_000 * 3600, 2**31])
def test_senseless_timestamp_is_anchored_anew(ticks):
    """Ticks that contradict arrival do not carry the stream away."""
    timeline = Timeline()
    timeline.place(speech(0, 100))

    slot = timeline.place([packet(100, timestamp=ticks)])[0]

    assert slot in (100, 101)


def test_sender_faster_than_time_is_trimmed():
    """A flood of packets cannot carry its sender into the future."""
    timeline = Timeline()

    slots = [timeline.place([packet(i, arrived_at=i / 1000)])[0] for i in range(5000)]

    assert max(slots) * FRAME_S <= 5.0 + 0.6
    assert slots.count(TRIMMED) > 4000


def test_loss_begins_where_the_last_packet_ended():
    """The slot of a loss is the first one without a packet."""
    timeline = Timeline()
    stream = [*speech(0, 10), Missed(3), *speech(13, 15)]

    assert timeline.place(stream) == [*range(10), 10, 13, 14]


def test_packets_of_several_frames():
    """A 60 ms packet takes three slots."""
    timeline = Timeline()
    long = b"\x18" + bytes(30)
    stream = [packet(index, opus=long, arrived_at=index / 50) for index in (0, 3, 6, 9)]

    assert timeline.place(stream) == [0, 3, 6, 9]


def test_packet_off_the_grid():
    """What is not whole 20 ms frames has no slot and moves nothing."""
    timeline = Timeline()
    timeline.place(speech(0, 3))

    assert timeline.place([packet(3, opus=b"\x70\x00"), packet(3)]) == [OFF_GRID, 3]


def test_withheld_content_takes_one_slot():
    """Without consent there is no content, and still there is time."""
    timeline = Timeline()

    assert timeline.place(speech(0, 3, opus=b"")) == [0, 1, 2]


def test_nothing_before_what_is_written():
    """A stream that follows another one of the same speaker lies behind it."""
    timeline = Timeline(not_before=700)

    assert timeline.place([packet(0, arrived_at=1.0)]) == [700]


@pytest.mark.parametrize("ppm", [-200, -100, 100, 200])
@pytest.mark.parametrize("pauses", [True, False])
def test_clock_drift_over_an_hour(ppm, pauses):
    """After an hour a bad clock has moved the stream less than 20 ms, both ways."""
    random.seed(ppm)
    timeline = Timeline()
    worst, trimmed = 0.0, 0
    for index in range(180_000):
        if pauses and index % 500 >= 400:
            continue
        sent_at = 5 + index / 50 * (1 + ppm / 1e6)
        arriving = packet(index, arrived_at=sent_at + random.random() * 0.03)
        slot = timeline.place([arriving])[0]
        trimmed += slot == TRIMMED
        if slot >= 0 and index > 1000:
            worst = max(worst, abs(slot * FRAME_S - sent_at))

    assert worst < 0.02
    assert trimmed <= (0 if pauses or ppm > 0 else 40)


@given(
    st.lists(
        st.tuples(st.integers(-(10**6), 10**6), st.floats(0, 3), st.booleans()),
        max_size=60,
    )
)
def test_slots_only_grow(stream):
    """Whatever timestamps come, nothing is placed where something has been."""
    timeline = Timeline()
    now, ticks, last = 0.0, 0, -1
    for step, wait, odd in stream:
        now += wait
        ticks = (ticks + step) & 0xFFFFFFFF
        opus = b"\x18" if odd else b"\x78"
        slot = timeline.place([packet(0, timestamp=ticks, opus=opus, arrived_at=now)])[
            0
        ]
        if slot >= 0:
            assert slot > last
            assert slot * FRAME_S < now + 1 + 3 * len(stream) * FRAME_S
            last = slot + (2 if odd else 0)
