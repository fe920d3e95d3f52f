"""The chain as a whole: several speakers, a real voice, real codecs."""

import math
import random
import zlib
from pathlib import Path

import av
import numpy as np
import pytest

from media import ogg
from media.heard import SILENCE
from media.hearing import (
    Consent,
    GapHeard,
    Hearing,
    HearingSettings,
    SpurtEnded,
    SpurtGrew,
    SpurtStarted,
    TrackStopped,
    VoicePacket,
    VoiceStarted,
    VoiceStopped,
)
from media.opus import OpusDecoder
from media.vad import WebrtcVad
from tests.media.fakes import PromptFolder
from tests.media.voices import encode, voice

SERIAL = zlib.crc32(b"1")
DCA = Path(__file__).parents[2] / "../shared/data/E_wire/nico.dca"


@pytest.fixture(scope="module")
def words():
    """Return the packets of 1.6 s of voice."""
    return encode(voice(1.6))


@pytest.fixture
def folder(tmp_path):
    folder = PromptFolder(tmp_path)
    yield folder
    folder.close()


def hearing(folder=None, level=Consent.AUDIO, users=(1,)):
    chain = Hearing(
        HearingSettings(), tracks=folder, new_decoder=OpusDecoder, new_vad=WebrtcVad
    )
    for user_id in users:
        chain.consent(user_id, level)
    chain.record(True, 0.0)
    return chain


def stream(user_id, starts, words, jitter=None):
    """Return packets of somebody who says ``words`` at each start (seconds)."""
    rng = random.Random(user_id)
    packets, sequence = [], user_id * 7919
    for start in starts:
        for step, opus in enumerate([*words, *[SILENCE] * 5]):
            at = start + step / 50
            packets.append(
                VoicePacket(
                    user_id,
                    1000 + user_id,
                    sequence & 0xFFFF,
                    round(at * 48_000) + user_id * 2**30 & 0xFFFFFFFF,
                    opus,
                    -25 if opus != SILENCE else -127,
                    at + (rng.random() * jitter if jitter else 0),
                )
            )
            sequence += 1
    return packets


def play(chain, packets, until):
    """Feed packets as a receiver does: batches of 20 ms, a tick after each."""
    queue = sorted(packets, key=lambda packet: packet.arrived_at)
    heard, at, now = [], 0, 0.0
    while now < until:
        now += 0.02
        end = at
        while end < len(queue) and queue[end].arrived_at <= now:
            end += 1
        heard += chain.feed(queue[at:end])
        heard += chain.tick(now)
        at = end
    return heard


def spurts(heard, user_id=1):
    found = [fact.spurt for fact in heard if isinstance(fact, SpurtEnded)]
    return [spurt for spurt in found if spurt.user_id == user_id]


def test_deadline_is_when_the_first_held_packets_come_free(words):
    """A tick at the deadline, and not later, lets a new voice be heard."""
    chain = hearing(users=(1, 2))
    assert chain.deadline() == math.inf

    chain.feed(stream(1, [1.0], words)[:5] + stream(2, [1.5], words)[:5])

    assert chain.deadline() == pytest.approx(1.2)
    chain.tick(chain.deadline())
    assert chain.deadline() == pytest.approx(1.7)


def test_who_is_in_a_talk_spurt_and_by_which_stream(words):
    """Only of them may packets come late; nobody is before the first, or after."""
    chain = hearing(users=(1, 2))
    assert chain.talking(0.0, 0.2) == {}

    play(chain, stream(1, [0.0], words) + stream(2, [4.0], words), 1.0)
    assert chain.talking(1.0, 0.2) == {1001: 1}

    pause = stream(1, [0.0], words)[60:65]
    chain = hearing()
    play(chain, stream(1, [0.0], words)[:60], 1.2)
    assert chain.talking(1.2, 0.2) == {1001: 1}
    chain.tick(1.45)
    assert chain.talking(1.45, 0.2) == {}, (
        "the talk spurt goes on, and the voice pauses"
    )
    chain.feed(pause)
    assert chain.talking(1.3, 0.2) == {1001: 1}

    play(chain, [], 5.0)
    assert chain.talking(5.0, 0.2) == {}


def test_who_fell_silent_while_they_were_awaited(words):
    """Time has passed for them, too: another spurt may begin soon."""
    chain = hearing(users=(1, 2))
    said = [p for p in stream(1, [0.0], encode(voice(1.6))) if p.arrived_at < 1.3]
    play(chain, said, 1.3)
    chain.feed(stream(2, [1.6], words)[:5])
    chain.tick(1.7, awaited={1})

    assert chain.talking(1.3, 0.4) == {1001: 1}
    assert chain.talking(1.7, 0.4) == {}


def test_nothing_is_concluded_while_packets_are_awaited(words):
    """They are here and come a little later: that is neither silence nor loss."""
    chain = hearing(users=(1, 2))
    packets = stream(1, [0.0], words)[:60]
    said = play(chain, packets[:40] + packets[45:50], 1.0)
    held = chain.deadline()

    facts = chain.tick(held + 0.4, {1})
    assert facts == []
    assert (chain.deadline({1}), chain.deadline()) == (math.inf, held)
    assert chain.talking(held + 0.4, 0.2) == {}, (
        "what is held is not to wait for others, too"
    )

    facts = chain.feed(packets[40:45] + packets[50:]) + chain.tick(packets[-1][6], {1})
    assert not [f for f in facts if isinstance(f, GapHeard | VoiceStopped)]
    assert spurts(said + facts) == []


def recorded(path):
    """Return what a track holds, slot by slot."""
    pages = [p for p in ogg.pages(path.read_bytes()) if isinstance(p, ogg.Page)]
    return [packet for page in pages for packet in page.packets][2:]


def test_voice_becomes_a_spurt(words):
    """Where it was said, as long as it was, with its sound."""
    chain = hearing(level=Consent.TRANSCRIPT)

    heard = play(chain, stream(1, [2.0], words), until=6.0)

    (spurt,) = spurts(heard)
    assert spurt.start == pytest.approx(2.0, abs=0.1)
    assert spurt.talk_s == pytest.approx(1.6, abs=0.2)
    assert spurt.pcm_start <= spurt.start
    sound = np.frombuffer(spurt.pcm, np.int16)
    assert len(sound) / 16_000 >= spurt.talk_s
    assert sound.std() > 500


def test_order_of_what_is_told(words):
    """Voice starts, talk starts, voice stops, talk ends."""
    chain = hearing(level=Consent.TRANSCRIPT)

    heard = play(chain, stream(1, [2.0], words), until=6.0)

    assert [type(fact) for fact in heard] == [
        VoiceStarted,
        SpurtStarted,
        VoiceStopped,
        SpurtEnded,
    ]


def test_onset_is_told_in_time(words):
    """A spurt is told at most 120 ms after the onset's 100 ms."""
    chain = hearing(level=Consent.TRANSCRIPT)
    queue = stream(1, [2.0], words)

    told = None
    for index, packet in enumerate(queue):
        facts = chain.feed([packet]) + chain.tick(packet.arrived_at)
        if any(isinstance(fact, SpurtStarted) for fact in facts):
            told = queue[index].arrived_at
            break

    assert told - 2.0 <= 0.1 + 0.12 + 0.02


def test_speakers_are_kept_apart(folder, words):
    """Everybody's track holds their own packets, bit for bit, at their own times."""
    users = {1: [1.0], 2: [1.5, 6.0], 3: [4.0]}
    chain = hearing(folder, users=users)
    packets = [p for user, starts in users.items() for p in stream(user, starts, words)]

    heard = play(chain, packets, until=9.0)
    heard += chain.close(9.0)

    assert all(track.is_closed for track in folder._tracks)
    for user, starts in users.items():
        found = recorded(folder.directory / f"{user}.opus")
        assert len(found) == 450
        for start in starts:
            slot = round(start * 50)
            assert found[slot : slot + len(words)] == words
        assert len(spurts(heard, user)) == len(starts)


def test_jitter_and_reordering_lose_nothing(folder, words):
    """Up to 150 ms of it: the track is as if the network had been perfect."""
    chain = hearing(folder)

    heard = play(chain, stream(1, [1.0, 4.0], words, jitter=0.15), until=8.0)
    chain.close(8.0)

    kept = [p for p in recorded(folder.directory / "1.opus") if p != SILENCE]
    assert kept == [*words, *words]
    assert not [fact for fact in heard if isinstance(fact, GapHeard)]
    counters = chain.snapshot().speakers[0]
    assert (counters.lost, counters.late) == (0, 0)


def test_loss_is_concealed_told_and_listed(folder, words):
    """5 % loss: every missing frame is in a gap; talk time hardly changes."""
    chain = hearing(folder)
    packets = stream(1, [1.0], words * 4)
    lost = {20, 21, 77, 150, 200, 201, 202}
    packets = [packet for i, packet in enumerate(packets) if i not in lost]

    heard = play(chain, packets, until=10.0)
    chain.close(10.0)

    gaps = [fact for fact in heard if isinstance(fact, GapHeard)]
    assert sum(gap.frames for gap in gaps) == len(lost)
    counters = chain.snapshot().speakers[0]
    assert (counters.lost, counters.concealed) == (7, 7)
    listed = (folder.directory / "1.gaps.jsonl").read_text().splitlines()
    assert len(listed) == len(gaps) == 4
    assert sum(s.talk_s for s in spurts(heard)) == pytest.approx(6.4, rel=0.08)


def test_mute_cuts_the_spurt(words):
    """Server mute at 2.8 s: no talk after it."""
    chain = hearing(level=Consent.TRANSCRIPT)
    heard = play(chain, stream(1, [2.0], words), until=2.8)

    heard += chain.cut(1, 2.8)

    (spurt,) = spurts(heard)
    assert spurt.end <= 2.8
    assert chain.cut(99, 2.8) == []


def test_consent_is_withdrawn_when_packets_of_the_past_come(words):
    """Those waited for their key; what others said since was said with consent."""
    chain = hearing(users=(1, 2))
    said = [packet for packet in stream(1, [0.0], words) if packet.arrived_at < 1.5]
    before = spurts(play(chain, said, 1.5))
    chain.feed(stream(2, [0.0], words)[:5])

    (spurt,) = spurts(chain.consent(1, Consent.NOTHING))

    assert before == []
    assert spurt.end > 1.3


def test_thousands_consent_who_only_listen(words):
    """They cost next to nothing; what one of them allowed holds from the first word."""
    decoders = []

    def new_decoder():
        decoders.append(OpusDecoder())
        return decoders[-1]

    chain = Hearing(
        HearingSettings(), tracks=None, new_decoder=new_decoder, new_vad=WebrtcVad
    )
    for user_id in range(1, 5001):
        chain.consent(user_id, Consent.AUDIO)
    chain.consent(7, Consent.TRANSCRIPT)
    before = len(decoders), chain.snapshot().speakers

    heard = play(chain, stream(7, [0.0], words), 4.0)

    assert before == (0, ())
    assert len(decoders) == 1
    assert [bool(spurt.pcm) for spurt in spurts(heard, 7)] == [True]


class Stumbling(OpusDecoder):
    """Fails, and not as libopus does, at one packet."""

    __slots__ = ()
    at = b""

    def decode(self, packets):
        if Stumbling.at in packets:
            raise RuntimeError("an error of our own")
        return super().decode(packets)


@pytest.fixture
def stumbling():
    """Return a chain in which members 1 and 2 have said a second of words."""
    chain = Hearing(
        HearingSettings(), tracks=None, new_decoder=Stumbling, new_vad=WebrtcVad
    )
    chain.consent(1, Consent.AUDIO)
    chain.consent(2, Consent.AUDIO)
    yield chain
    Stumbling.at = b""


def test_an_error_costs_one_batch(stumbling, words):
    """What it was about is not tried again and again, with everybody behind it."""
    his, hers = stream(1, [0.0], words), stream(2, [0.0], encode(voice(1.6)[80:]))
    said = [*his, *hers]
    play(stumbling, [packet for packet in said if packet.arrived_at < 1.0], 1.0)
    Stumbling.at = his[52].opus
    batch = [packet for packet in said if 1.0 <= packet.arrived_at < 1.1]

    with pytest.raises(RuntimeError):
        stumbling.feed(batch)
    rest = [packet for packet in said if packet.arrived_at >= 1.1]
    heard = stumbling.feed(rest) + stumbling.tick(4.0)

    assert [len(spurts(heard, user_id)) for user_id in (1, 2)] == [1, 1]


def test_an_error_keeps_nobody_from_withdrawing_consent(stumbling, words):
    """It holds from the moment that it was asked for, whatever breaks."""
    said = stream(1, [0.0], words)
    play(stumbling, [packet for packet in said if packet.arrived_at < 1.0], 1.0)
    stumbling.feed([said[51]])  # waits for the one before it
    Stumbling.at = said[51].opus

    with pytest.raises(RuntimeError):
        stumbling.consent(1, Consent.NOTHING)
    heard = stumbling.feed(said[52:]) + stumbling.tick(9.0)

    assert b"".join(spurt.pcm for spurt in spurts(heard)) == b""


def test_recording_is_switched(folder, words):
    """Only what was said while recording is in the track."""
    chain = hearing(folder)
    chain.record(False, 0.0)
    play(chain, stream(1, [1.0], words), until=3.0)
    assert not chain.snapshot().recording

    chain.record(True, 3.0)
    later = [p for p in stream(1, [1.0, 4.0], words) if p.arrived_at > 3.5]
    play(chain, later, until=7.0)
    chain.record(False, 7.0)

    found = recorded(folder.directory / "1.opus")
    assert [p for p in found if p != SILENCE] == words
    assert found[200 : 200 + len(words)] == words


def test_full_disk_is_told_and_hearing_goes_on(words, tmp_path):
    """The track stops; talk is heard as before."""
    (tmp_path / "tracks").write_text("no directory")
    chain = hearing(PromptFolder(tmp_path / "tracks"))

    heard = play(chain, stream(1, [1.0], words), until=4.0)

    assert len([fact for fact in heard if isinstance(fact, TrackStopped)]) == 1
    assert len(spurts(heard)) == 1


@pytest.mark.parametrize("lost_share", [0.0, 0.05])
def test_a_process_killed_at_any_moment(folder, words, lost_share):
    """What was received and is not in the file yet is a second at most.

    Page, playout that waits for what was lost, and beat of the receiver together.
    """
    chain, rng = hearing(folder), random.Random(4)
    packets = stream(1, [1.0], words * 12)[: 50 * 18]
    packets = [packet for packet in packets if rng.random() >= lost_share]
    path, begin, unwritten = folder.directory / "1.opus", 0, []
    for beat in range(26, 470):
        now = beat * 0.04
        end = begin
        while end < len(packets) and packets[end].arrived_at <= now:
            end += 1
        # Killed here, the process would lose this batch, too.
        written = 1.0  # where the stream begins
        if path.exists():
            last = ogg.last_page(path.read_bytes(), SERIAL)
            written = max(written, last.granule / 48_000)
        unwritten.append(packets[end - 1].arrived_at + 0.02 - written)
        chain.feed(packets[begin:end])
        chain.tick(now)
        begin = end
    chain.close(20.0)

    assert max(unwritten) <= 1.0


def test_restart_in_the_midst(folder, words):
    """After a crash the same file goes on, on the same grid."""
    first = hearing(folder)
    play(first, stream(1, [1.0], words), until=4.0)  # and then the process dies

    again = hearing(folder)
    later = [p for p in stream(1, [1.0, 6.0], words) if p.arrived_at > 5]
    play(again, later, until=9.0)
    again.close(9.0)

    found = recorded(folder.directory / "1.opus")
    assert found[50 : 50 + len(words)] == words
    assert found[300 : 300 + len(words)] == words
    assert len(found) == 450


def test_comfort_noise_is_not_talk():
    """A minute of a quiet room, sent as speech: at most a second of talk."""
    rng = np.random.default_rng(3)
    room = (rng.standard_normal(60 * 16_000) * 60).astype(np.int16)
    chain = hearing(level=Consent.TRANSCRIPT)

    heard = play(chain, stream(1, [0.0], encode(room)), until=62.0)

    assert sum(spurt.talk_s for spurt in spurts(heard)) <= 1.0
    assert VoiceStarted(1, 0.0) in heard


def test_empty_batch():
    """Nothing in, nothing out."""
    assert hearing().feed([]) == []


@pytest.mark.data
def test_real_packets_are_recorded_bit_for_bit(folder):
    """Packets that a bot sent to Discord: identical in the track, and playable."""
    if not DCA.exists():
        pytest.skip("the real packets are not beside the project")
    raw = DCA.read_bytes()
    packets, at = [], 0
    while at + 2 <= len(raw):
        size = int.from_bytes(raw[at : at + 2], "little")
        packets.append(raw[at + 2 : at + 2 + size])
        at += 2 + size
    chain = hearing(folder)

    play(chain, stream(1, [3.0], packets), until=8.0)
    chain.close(8.0)

    path = folder.directory / "1.opus"
    assert recorded(path)[150 : 150 + len(packets)] == packets
    with av.open(str(path)) as track:  # as ffprobe reads it
        assert track.duration / av.time_base == pytest.approx(8.0, abs=0.001)


def test_what_is_being_said_is_told_only_to_who_follows(words):
    """Captions want it; nobody else pays for it."""
    long = stream(1, [0.0, 1.2, 2.4, 3.6], words[:60])
    told = {}
    for follows in (False, True):
        chain, facts = hearing(), []
        chain.follow(follows)
        for at in range(0, len(long), 5):
            facts += chain.feed(long[at : at + 5])
            facts += chain.tick(long[at][6])
        told[follows] = [one for one in facts if isinstance(one, SpurtGrew)]

    assert told[False] == []
    assert told[True]
    assert all(one.pcm and one.end > one.start for one in told[True])
