"""Packets to sound: runs, concealment, packets that are not Opus."""

from media.heard import SILENCE
from media.sound import Sound
from media.stream import Gap
from tests.media.fakes import FRAME, FakeDecoder
from tests.media.packets import SPEECH, packet, stretch


def sound():
    decoder = FakeDecoder()
    return Sound(decoder), decoder


def placed(*slots, opus=None):
    """Return stretches of one packet each."""
    return [stretch(slot, packet(slot, opus=opus)) for slot in slots]


def together(slot, *opus):
    """Return one stretch of packets."""
    return stretch(slot, *(packet(slot + n, opus=one) for n, one in enumerate(opus)))


def test_frames_in_a_row_are_one_run():
    """Sound without a hole comes in one piece."""
    chain, _ = sound()

    runs = chain.decode([together(5, SPEECH + b"a", SPEECH + b"b", SILENCE)])

    assert [(run.slot, len(run.pcm)) for run in runs] == [(5, 3 * FRAME)]


def test_pause_begins_another_run():
    """A hole in the slots is not filled."""
    chain, _ = sound()

    runs = chain.decode(placed(5, 6, 50))

    assert [(run.slot, len(run.pcm)) for run in runs] == [(5, 2 * FRAME), (50, FRAME)]


def test_short_loss_is_covered():
    """The last frame from the next packet's FEC, those before by concealment."""
    chain, decoder = sound()

    runs = chain.decode([*placed(5), Gap(6, 9, 3), *placed(9)])

    assert [(run.slot, len(run.pcm)) for run in runs] == [(5, 5 * FRAME)]
    assert decoder.seen == ["decode", "conceal", "conceal", "recover", "decode"]
    assert chain.concealed == 3


def test_loss_at_the_front_of_a_batch_is_covered():
    """The run then begins where the loss did."""
    chain, _ = sound()

    assert chain.decode([Gap(6, 7, 1), *placed(7)])[0].slot == 6


def test_long_loss_stays_a_hole():
    """More than 100 ms cannot be invented."""
    chain, decoder = sound()

    runs = chain.decode([*placed(5), Gap(6, 12, 6), *placed(12)])

    assert [run.slot for run in runs] == [5, 12]
    assert chain.concealed == 0
    assert "conceal" not in decoder.seen


def test_loss_within_a_pause_stays_a_hole():
    """Nobody knows where in the pause the lost packets were."""
    chain, _ = sound()

    runs = chain.decode([*placed(5), Gap(6, 50, 2), *placed(50)])

    assert [run.slot for run in runs] == [5, 50]


def test_what_is_not_opus_is_counted_and_concealed():
    """A refused packet leaves neither a hole nor noise."""
    chain, _ = sound()

    runs = chain.decode([together(5, SPEECH, b"\x78bad", b"\x78bad", SPEECH)])

    assert [(run.slot, len(run.pcm)) for run in runs] == [(5, 4 * FRAME)]
    assert runs[0].pcm[FRAME : 3 * FRAME] == b"\x22" * (2 * FRAME)
    assert (chain.corrupt, chain.corrupt_in_a_row) == (2, 0)


def test_what_is_not_opus_in_a_row():
    """The row goes on from one batch to the next, and ends with sound."""
    chain, _ = sound()

    chain.decode([together(5, SPEECH, b"\x78bad")])
    chain.decode([together(7, b"\x78bad")])
    assert chain.corrupt_in_a_row == 2

    chain.decode(placed(8))
    assert (chain.corrupt, chain.corrupt_in_a_row) == (2, 0)


def test_stretches_side_by_side_are_one_run():
    """A longer packet stands alone in the chain and not in the sound."""
    chain, _ = sound()

    assert [run.slot for run in chain.decode(placed(5, 6, 7))] == [5]


def test_withheld_packets_are_not_decoded():
    """A packet from before the consent has no content."""
    chain, decoder = sound()

    assert chain.decode(placed(5, opus=b"")) == []
    assert decoder.seen == []


def test_another_stream_starts_afresh():
    """The decoder forgets the stream before."""
    chain, decoder = sound()

    chain.reset()

    assert decoder.seen == ["reset"]
