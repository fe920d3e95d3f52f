"""A scripted member's packets: when they are due, and what is drawn for them."""

import asyncio

import pytest

from bot.rehearsal.sfu.faults import Faults
from bot.rehearsal.sfu.rtp import FRAME_TICKS, SILENCE
from bot.rehearsal.sfu.stream import REORDER_S, TRAILING_SILENCE, Stream

ANA = 158049329150427136
PERFECT = Faults(padding_share=0.0, extension=False)


def speech(count, first=0):
    return [b"\x78" + (first + n).to_bytes(2, "big") for n in range(count)]


def take(stream, start, end):
    """Take frames tick by tick, as the voice server does."""
    ticks = round((end - start) / 0.02)
    return [f for n in range(ticks) for f in stream.due(start + 0.02 * n + 1e-6)]


@pytest.fixture
def done():
    """Make a future without a running loop."""
    loop = asyncio.new_event_loop()
    yield loop.create_future
    loop.close()


def test_speech_ends_with_silence(done):
    """Five frames of silence follow the last frame, then nothing; the wait is over."""
    stream, end = Stream(ANA, 2001, PERFECT), done()
    stream.add(speech(10), 5.0, end)

    frames = take(stream, 5.0, 6.0)

    assert [f.opus for f in frames] == speech(10) + [SILENCE] * TRAILING_SILENCE
    assert end.done()
    assert not stream.speaking


def test_the_timestamp_follows_the_clock_through_a_pause(done):
    """Sequence numbers count packets, timestamps count time (RFC 3550, 5.1)."""
    stream = Stream(ANA, 2001, PERFECT)
    stream.add(speech(5), 0.0, done())
    first = take(stream, 0.0, 1.0)
    stream.add(speech(5), 10.0, done())
    second = take(stream, 10.0, 11.0)

    step = second[0].stamp.timestamp - first[0].stamp.timestamp
    assert step % (1 << 32) == 500 * FRAME_TICKS
    assert (second[0].stamp.sequence - first[-1].stamp.sequence) % (1 << 16) == 1


def test_speech_that_overlaps_follows(done):
    """One mouth: what comes too early waits for the end of what is being said."""
    stream = Stream(ANA, 2001, PERFECT)
    stream.add(speech(10), 0.0, done())
    stream.add(speech(10, first=10), 0.1, done())

    said = [f.opus for f in take(stream, 0.0, 1.0) if f.opus != SILENCE]

    assert said == speech(20)


def test_hush(done):
    """Somebody who leaves stops speaking, and whoever waits for it goes on."""
    stream, end = Stream(ANA, 2001, PERFECT), done()
    stream.add(speech(100), 0.0, end)
    take(stream, 0.0, 0.5)

    stream.hush()

    assert end.done()
    assert take(stream, 0.5, 3.0) == []


def test_the_same_seed_makes_the_same_packets(done):
    """Losses, delays, padding and extensions are the seed's, not the clock's."""
    faults = Faults(
        seed=7, loss=0.1, reorder=0.1, duplicate=0.1, jitter_ms=40.0, padding_share=0.3
    )

    def run(start, faults=faults):
        stream = Stream(ANA, 2001, faults)
        stream.add(speech(500), start, done())
        return take(stream, start, start + 11.0)

    assert run(0.0) == run(1234.5)
    assert run(0.0) != run(0.0, Faults(seed=8))


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 1.0])
def test_faults_come_at_their_share(done, share):
    """Each share is that of the frames, within what chance explains."""
    faults = Faults(loss=share / 2, reorder=share, duplicate=share, padding_share=share)
    stream = Stream(ANA, 2001, faults)
    stream.add(speech(4000), 0.0, done())

    frames = take(stream, 0.0, 81.0)

    sent = [f.delays for f in frames if f.delays]
    count = len(frames)
    assert (count - len(sent)) / count == pytest.approx(share / 2, abs=0.03)
    assert sum(f.padding > 0 for f in frames) / count == pytest.approx(share, abs=0.03)
    late = sum(d[0] >= REORDER_S for d in sent)
    assert late / len(sent) == pytest.approx(share, abs=0.04)
    twice = sum(len(d) == 2 for d in sent)
    assert twice / len(sent) == pytest.approx(share, abs=0.04)


def test_extensions_of_various_length(done):
    """The header extension has 0 to 3 words, by chance."""
    stream = Stream(ANA, 2001, Faults())
    stream.add(speech(200), 0.0, done())

    lengths = {len(f.extension) for f in take(stream, 0.0, 4.0)}

    assert lengths == {0, 4, 8, 12}
