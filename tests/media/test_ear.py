"""One speaker: streams, consent, voice activity, losses."""

import pytest

from media.consent import Consent
from media.ear import Ear, HearingSettings, slot_at
from media.heard import (
    GapHeard,
    SpurtEnded,
    SpurtStarted,
    Unheard,
    UnheardReason,
    VoiceStarted,
    VoiceStopped,
)
from tests.media.fakes import FRAME, FakeDecoder, FakeFolder, FakeVad
from tests.media.packets import burst, packet, silence, speech


def make(level=Consent.TRANSCRIPT):
    folder = FakeFolder()
    ear = Ear(1, HearingSettings(), folder, FakeDecoder, FakeVad)
    ear.consent(level, 0.0, [])
    ear.recorder.turn(True, 0, [])
    return ear, folder


def hear(ear, packets, now=None):
    """Feed packets one by one, then let time pass; return facts and runs."""
    heard, runs = [], []
    for item in packets:
        ear.take(burst(item), heard)
        runs += ear.decode(heard)
    if now is not None:
        ear.tick(now, heard)
        runs += ear.decode(heard)
    return heard, runs


@pytest.mark.parametrize(
    ("seconds", "slot"), [(0.0, 0), (0.02, 1), (0.021, 2), (28.56, 1428), (0.3, 15)]
)
def test_slot_at(seconds, slot):
    """A time on the grid is its own slot, whatever binary fractions say."""
    assert slot_at(seconds) == slot


def test_voice_is_told_by_packets_alone():
    """It starts with sound and stops where the last sound ended."""
    ear, _ = make(Consent.NOTHING)

    heard, runs = hear(ear, [*speech(0, 50), *silence(50, 55)], now=2.0)

    assert runs == []
    assert [type(fact) for fact in heard if not isinstance(fact, SpurtStarted)][:2] == [
        VoiceStarted,
        VoiceStopped,
    ]
    assert VoiceStopped(1, 1.0) in heard


def test_a_voice_is_told_at_its_first_packet():
    """Playout holds the first packets for their order; silencing must not wait."""
    ear, _ = make(Consent.NOTHING)

    heard, _ = hear(ear, speech(0, 1))

    assert heard == [VoiceStarted(1, 0.0)]
    assert hear(ear, speech(1, 30))[0].count(VoiceStarted(1, 0.0)) == 0


def test_a_stream_that_begins_with_silence_is_no_voice():
    """Five silent frames follow every pause; nobody is to be muted for them."""
    ear, _ = make(Consent.NOTHING)

    heard, _ = hear(ear, silence(0, 5), now=1.0)

    assert heard == []


def test_without_consent_nothing_is_decoded_or_recorded():
    """There is no decoder to do it; talk time comes from the RTP level."""

    def forbidden():
        raise AssertionError("a decoder was made without consent")

    folder = FakeFolder()
    ear = Ear(1, HearingSettings(), folder, forbidden, forbidden)
    ear.recorder.turn(True, 0, [])

    heard, runs = hear(ear, speech(0, 100, opus=b"", level=-25), now=5.0)

    (spurt,) = [fact.spurt for fact in heard if isinstance(fact, SpurtEnded)]
    assert spurt.talk_s == pytest.approx(2.0, abs=0.1)
    assert spurt.pcm == b""
    assert (runs, folder.tracks) == ([], {})


def test_transcript_is_decoded_and_not_recorded():
    """Consent to a transcript is not consent to a recording."""
    ear, folder = make(Consent.TRANSCRIPT)

    _, runs = hear(ear, speech(0, 30), now=1.0)

    assert sum(len(run.pcm) for run in runs) == 30 * FRAME
    assert folder.tracks == {}


def test_audio_is_decoded_and_recorded():
    """Every packet at its slot."""
    ear, folder = make(Consent.AUDIO)

    hear(ear, speech(0, 30), now=1.0)

    assert folder.tracks[1].written == [(i, packet(i).opus) for i in range(30)]
    assert folder.tracks[1].flushes == 1


def test_withdrawn_consent_ends_all_at_once():
    """The track closes, the decoder goes, and what comes after is not heard."""
    ear, folder = make(Consent.AUDIO)
    hear(ear, speech(0, 30), now=0.7)

    ear.consent(Consent.NOTHING, 0.7, [])
    _, runs = hear(ear, speech(30, 60), now=2.0)

    assert runs == []
    assert folder.tracks[1].closed_at == 35
    assert len(folder.tracks[1].written) == 30


def test_loss_is_told_and_counted():
    """A gap from where sound ended to where it goes on."""
    ear, _ = make()

    heard, _ = hear(ear, [*speech(0, 20), *speech(23, 60)], now=3.0)

    assert GapHeard(1, 0.4, 0.46, 3) in heard
    received = ear.received()
    assert (received.packets, received.lost, received.concealed) == (57, 3, 3)


def test_what_was_counted_stays_counted_when_consent_ends():
    """Counters only grow, whatever becomes of the decoder that counted."""
    ear, _ = make()
    hear(ear, [*speech(0, 20), *speech(23, 60)], now=3.0)
    hear(ear, speech(60, 70, opus=b"\x78bad"), now=3.5)
    before = ear.received()

    ear.consent(Consent.NOTHING, 3.5, [])
    without = ear.received()
    ear.consent(Consent.TRANSCRIPT, 3.5, [])

    assert (before.concealed, before.corrupt) == (3, 10)
    assert before == without == ear.received()


def test_another_ssrc_is_another_stream_of_the_same_person():
    """After a re-join sound goes on, on the same grid, decoder and order anew."""
    ear, folder = make(Consent.AUDIO)
    hear(ear, speech(0, 30), now=1.0)

    hear(
        ear,
        [packet(i, ssrc=9, sequence=40_000, arrived_at=5 + i / 50) for i in range(30)],
        now=6.0,
    )

    slots = [slot for slot, _ in folder.tracks[1].written]
    assert slots == [*range(30), *range(250, 280)]


def test_another_stream_is_decoded_from_a_clean_state():
    """All of the former stream first, then a reset: no echo of one in the other."""
    decoder = FakeDecoder()
    ear = Ear(1, HearingSettings(), None, lambda: decoder, FakeVad)
    ear.consent(Consent.TRANSCRIPT, 0.0, [])

    ear.take(burst(*speech(0, 30)), [])
    ear.take(burst(*speech(30, 50, ssrc=9)), [])
    ear.drain([])
    ear.decode([])

    assert decoder.seen == ["decode"] * 30 + ["reset"] + ["decode"] * 20


def test_stragglers_of_the_stream_before_are_late():
    """They do not throw the new stream out."""
    ear, folder = make(Consent.AUDIO)
    hear(ear, speech(0, 30), now=1.0)
    hear(ear, [packet(i, ssrc=9, arrived_at=1 + i / 50) for i in range(20)], now=1.5)

    hear(ear, [packet(30, arrived_at=1.6)])
    hear(ear, [packet(20, ssrc=9, arrived_at=1.7)], now=2.0)

    assert ear.received().late == 1
    assert len(folder.tracks[1].written) == 51


def test_speaker_of_garbage_is_unheard():
    """Half a second that is not Opus is said, once."""
    ear, _ = make()

    heard, _ = hear(ear, speech(0, 60, opus=b"\x78bad"), now=3.0)

    unheard = [fact for fact in heard if isinstance(fact, Unheard)]
    assert [fact.reason for fact in unheard] == [UnheardReason.CORRUPT]
    assert ear.received().corrupt == 60


def test_speaker_of_frames_off_the_grid_is_unheard():
    """Packets of 10 ms have no place and are never decoded: that is said, once."""
    ear, _ = make()
    off_grid = b"\x70off the grid"

    heard, runs = hear(ear, speech(0, 80, opus=off_grid), now=3.0)
    again, _ = hear(ear, [*speech(80, 90), *speech(90, 130, opus=off_grid)], now=4.0)

    assert runs == []
    for facts in (heard, again):
        unheard = [fact for fact in facts if isinstance(fact, Unheard)]
        assert [fact.reason for fact in unheard] == [UnheardReason.CORRUPT]


def test_cut_ends_voice_and_spurt():
    """Muted at 1.0 s: voice and talk end there."""
    ear, _ = make(Consent.NOTHING)
    heard, _ = hear(ear, speech(0, 60, level=-20))
    ear.drain(heard)

    ear.cut(1.0, heard)

    spurts = [fact.spurt for fact in heard if isinstance(fact, SpurtEnded)]
    assert [spurt.end for spurt in spurts] == [1.0]
    assert any(isinstance(fact, VoiceStopped) for fact in heard)


def test_a_time_without_connection_is_listed():
    """It is neither silence nor a known number of lost frames."""
    ear, folder = make(Consent.AUDIO)
    heard, _ = hear(ear, speech(0, 50), now=1.5)

    ear.deafened(1.2, 3.0, heard)

    assert [fact for fact in heard if isinstance(fact, GapHeard)] == [
        GapHeard(1, 1.2, 3.0, 0)
    ]
    assert folder.tracks[1].lost == [(60, 150, 0)]


def test_a_connection_that_was_gone_for_a_moment():
    """What is shorter than a frame, or before what was heard, is no gap."""
    ear, _ = make(Consent.AUDIO)
    heard, _ = hear(ear, speech(0, 50), now=1.5)

    ear.deafened(0.5, 0.9, heard)
    ear.deafened(1.501, 1.519, heard)

    assert not [fact for fact in heard if isinstance(fact, GapHeard)]


def test_a_time_without_connection_before_a_member_came():
    """There was nothing of them to miss."""
    ear, folder = make(Consent.AUDIO)
    heard = []

    ear.deafened(0.0, 3.0, heard)

    assert (heard, folder.tracks) == ([], {})


def test_a_voice_goes_on_while_packets_wait_for_missing_ones():
    """A loss in the midst of speech is no pause."""
    ear, _ = make()
    heard, _ = hear(ear, [*speech(0, 40), *speech(45, 50)], now=1.0)
    assert not [fact for fact in heard if isinstance(fact, VoiceStopped)]

    heard, _ = hear(ear, speech(50, 60), now=1.2)
    assert not [f for f in heard if isinstance(f, VoiceStarted | VoiceStopped)]
    heard, _ = hear(ear, [], now=1.6)
    assert heard == [VoiceStopped(1, 1.2)]


def test_due_while_something_may_end():
    """Not while packets come, nor when all has ended; but in between."""
    ear, _ = make(Consent.NOTHING)
    assert not ear.is_due(0.5)

    heard, _ = hear(ear, speech(0, 50, level=-20))
    assert ear.is_due(1.2)  # the first packets are held for their order
    heard, _ = hear(ear, speech(50, 100, level=-20), now=1.3)
    assert not ear.is_due(2.05)
    assert ear.is_due(2.1)

    ear.tick(2.3, heard)
    assert VoiceStopped(1, 2.0) in heard
    assert ear.is_due(2.4)  # talk ends later than the voice
    ear.tick(3.0, heard)
    assert any(isinstance(fact, SpurtEnded) for fact in heard)
    assert not ear.is_due(3.5)


@pytest.mark.parametrize("level", [Consent.AUDIO, Consent.TRANSCRIPT])
def test_a_track_is_opened_while_the_first_packets_wait(level):
    """It is there when their order is known; nobody's who is not to be recorded."""
    ear, folder = make(level)

    ear.take(burst(packet(0)), [])

    assert list(folder.tracks) == ([1] if level is Consent.AUDIO else [])
