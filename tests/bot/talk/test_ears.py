"""What the ears of a Space do with its last sentence, and with one cut in two."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.clock import ManualClock
from bot.talk import dictation
from bot.talk import ears as edge
from bot.talk.ears import Ears
from bot.talk.sinks import Sinks, Sound, Whose
from bot.voice.errors import CannotJoin
from media.consent import Consent
from media.heard import (
    SpurtClosed,
    SpurtEnded,
    SpurtGrew,
    TalkSpurt,
    TrackStopped,
    TrackTrouble,
)
from media.hearing import Hearing, HearingSettings
from media.utterance import Grade
from media.whisper.jobs import MissedReason
from media.whisper.settings import SpeechSettings
from media.whisper.transcriber import Transcriber
from moderation.events import RecordingFailed, SpeechEnded, TrackFailed
from tests.media.whisper.fake_process import FakeProcess

OPENED, SPACE, ANA = 1000.0, 7, 1
RATE = 16_000


def spurt(start, end):
    """Return a spurt of Ana's, its sound 0.2 s longer on both sides."""
    pcm = b"\1\0" * round((end - start + 0.4) * RATE)
    closed = next(iter(SpurtClosed))
    talk = ((start, end),)
    return TalkSpurt(ANA, start, end, talk, pcm, start - 0.2, 0, closed)


class LastWords(Hearing):
    """A hearing that is in the middle of a sentence when it is closed."""

    def __init__(self):
        """Decode nothing: no packet comes."""
        super().__init__(HearingSettings(), tracks=None, new_decoder=None, new_vad=None)

    def close(self, at):
        """Give the open spurt out, as the real one does."""
        return [SpurtEnded(spurt(5.0, 8.0))]


class Talk:
    """Notes what it is told."""

    def __init__(self):
        self.spurts, self.missed_ones, self.lines, self.facts = [], [], [], []
        self.uttered, self.missed = self.lines.append, self.missed_ones.append

    def heard(self, spurt):
        """Count half of it: in the other half Ana was muted."""
        self.spurts.append(spurt)
        return spurt.talk_s / 2


class Worker(FakeProcess):
    """Answers every call at once."""

    def send(self, header, payload=b""):
        """Answer what was just sent."""
        super().send(header, payload)
        if "call" in header:
            asyncio.get_running_loop().call_soon(self.answer, header, "Goodbye.")


async def connect(**_):
    """Be connected."""


def heard(tmp_path, play):
    """Run ``play(ears, clock, worker)``; return what the talk was told."""
    (tmp_path / "config.json").write_text('{"suppress_ids": []}')
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "vocabulary.json").write_text("[]")
    (tmp_path / "model.bin").write_bytes(b"\6\0\0\0\x0c\0WhisperSpec\0")
    worker, talk, clock = Worker(), Talk(), ManualClock(OPENED)

    def nothing(*_):
        return ""

    sinks = Sinks(
        talk.facts.append,
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        lambda _: "en",
    )

    async def main():
        settings = SpeechSettings(model=str(tmp_path))
        transcriber = Transcriber(settings, new_process=lambda: worker)
        await transcriber.start()
        house = SimpleNamespace(transcriber=transcriber, clock=clock)
        ears = Ears(house, Whose(SPACE, OPENED), talk, LastWords, sinks)
        guild = SimpleNamespace(voice_client=None)
        assert await ears.join(SimpleNamespace(id=2, guild=guild, connect=connect))
        ears.transcribe(True)
        await play(ears, clock, worker)
        await transcriber.stop()

    asyncio.run(main())
    return talk


def test_the_sentence_that_the_end_cuts_has_its_line(tmp_path):
    """The rules stop transcription with the Space, before the room is left."""

    async def play(ears, clock, worker):
        worker.ready()
        clock.advance(8.5)
        ears.transcribe(False)
        await ears.leave()

    talk = heard(tmp_path, play)

    assert [(line.start, line.text) for line in talk.lines] == [(5.0, "Goodbye.")]
    assert talk.missed_ones == []


def test_what_was_said_while_muted_lowers_no_hand_and_fills_no_turn(tmp_path):
    """The Space is told of what counts, as talk time is."""

    async def play(ears, clock, worker):
        worker.ready()
        await ears.leave()

    talk = heard(tmp_path, play)

    assert talk.facts == [SpeechEnded(ANA, 1.5)]


def test_a_last_line_that_does_not_come_is_told_with_the_reason(tmp_path, monkeypatch):
    """Who waited long enough leaves; the record says what has no words."""
    monkeypatch.setattr(dictation, "DRAIN_S", 0.05)

    async def play(ears, clock, worker):
        clock.advance(8.5)
        ears.transcribe(False)
        await ears.leave()

    talk = heard(tmp_path, play)

    (missed,) = talk.missed_ones
    assert (missed.user_id, missed.start, missed.end) == (ANA, 5.0, 8.0)
    assert missed.reason is MissedReason.TOO_LATE
    assert talk.lines == []


@pytest.mark.parametrize(
    ("level", "seconds"),
    [(Consent.AUDIO, "HURRY_S"), (Consent.TRANSCRIPT, "UNRECORDED_S")],
)
def test_a_process_that_stops_waits_for_lines_no_longer_than_it_must(
    tmp_path, monkeypatch, level, seconds
):
    """What is recorded is heard again later; what is not gets a little more time."""
    for name in ("HURRY_S", "UNRECORDED_S"):
        monkeypatch.setattr(dictation, name, 0.05 if name == seconds else 60.0)

    async def play(ears, clock, worker):
        ears.record(True)
        ears.set_consent(ANA, level)
        clock.advance(8.5)
        leaving = asyncio.create_task(ears.leave())
        await asyncio.sleep(0)
        assert not leaving.done(), "without hurry there is a minute"
        ears.hurry()
        await asyncio.wait_for(leaving, 5.0)

    (missed,) = heard(tmp_path, play).missed_ones

    assert missed.reason is MissedReason.STOPPED


def test_line_that_comes_in_time_is_kept_in_a_hurry(tmp_path):
    """A worker that answers at once loses nothing."""

    async def play(ears, clock, worker):
        worker.ready()
        clock.advance(8.5)
        ears.hurry()
        await ears.leave()

    talk = heard(tmp_path, play)

    assert [line.text for line in talk.lines] == ["Goodbye."]
    assert talk.missed_ones == []


@pytest.mark.parametrize(
    ("start", "seconds"), [(1.0, [2.2]), (3.5, [])], ids=["across", "after"]
)
def test_nothing_said_after_the_stop_is_recognised(tmp_path, start, seconds):
    """A host stops the transcript in the middle of a sentence, at 3 s."""
    sent = []

    async def play(ears, clock, worker):
        worker.ready()
        clock.advance(3.0)
        ears.transcribe(False)
        ears.heard([SpurtEnded(spurt(start, 6.0))])
        sent.extend(len(payload) / 2 / RATE for header, payload in worker.sent[1:])
        await ears.leave()

    heard(tmp_path, play)

    assert sent == pytest.approx(seconds, abs=0.8)  # windows are padded a little
    assert len(sent) == len(seconds)


@pytest.mark.parametrize(
    ("start", "lines"),
    [(1.0, [(1.0, 2.0), (3.0, 6.0)]), (2.2, [(3.0, 6.0)]), (4.0, [(4.0, 6.0)])],
    ids=["across both", "begun while off", "begun after"],
)
def test_nothing_said_before_the_start_is_recognised(tmp_path, start, lines):
    """Stopped at 2 s and started again at 3 s: what lies between is nobody's line."""
    sounds = []

    async def play(ears, clock, worker):
        worker.ready()
        clock.advance(2.0)
        ears.transcribe(False)
        clock.advance(1.0)
        ears.transcribe(True)
        ears.heard([SpurtEnded(spurt(start, 6.0))])
        sounds.extend(len(payload) / 2 / RATE for _, payload in worker.sent[1:])
        await ears.leave()

    talk = heard(tmp_path, play)

    said = [(line.start, line.end) for line in talk.lines]
    assert [one for one in said if one != (5.0, 8.0)] == lines  # that is ``LastWords``
    assert sum(sounds[:-1] or sounds) <= sum(end - at for at, end in lines) + 1.0


def test_what_is_shown_while_it_is_said_begins_with_the_transcript_too(tmp_path):
    """Uncertain lines hold nothing from before it either, and have their line's id."""

    async def play(ears, clock, worker):
        worker.ready()
        ears.transcribe(False)
        clock.advance(3.0)
        ears.transcribe(True)
        whole = spurt(1.0, 6.0)
        ears.heard([SpurtGrew(ANA, 1.0, 6.0, whole.pcm, whole.pcm_start)])
        await asyncio.sleep(0)
        ears.heard([SpurtEnded(whole)])
        await ears.leave()

    talk = heard(tmp_path, play)

    first, second, *_ = talk.lines
    assert (first.grade, second.grade) == (Grade.PARTIAL, Grade.LIVE)
    assert first.id == second.id
    assert first.start == 3.0


@pytest.fixture
def shut_out(monkeypatch):
    """Return a channel that refuses as often as is put in its ``refusals``."""
    monkeypatch.setattr(edge, "REJOIN_S", (0.0,))
    monkeypatch.setattr(dictation, "DRAIN_S", 0.01)
    channel = SimpleNamespace(id=2, guild=SimpleNamespace(voice_client=None), tries=0)

    async def connect(**_):
        channel.tries += 1
        if channel.tries <= channel.refusals:
            raise OSError("no route")

    channel.connect = connect
    return channel


def test_a_room_that_does_not_let_us_in_at_first(tmp_path, shut_out):
    """It is tried until it does."""
    shut_out.refusals = 3

    async def play(ears, clock, worker):
        await ears._hang_up()
        with pytest.raises(CannotJoin, match="no route"):
            await ears.join(shut_out)
        ears.keep_trying(shut_out)
        await asyncio.wait_for(ears._rejoining, 5.0)
        assert ears._link is not None
        await ears.leave()

    heard(tmp_path, play)

    assert shut_out.tries == 4


def test_a_room_ends_that_never_let_us_in(tmp_path, shut_out):
    """Nobody goes on trying."""
    shut_out.refusals = 1_000_000

    async def play(ears, clock, worker):
        await ears._hang_up()
        ears.keep_trying(shut_out)
        async with asyncio.timeout(30):
            while shut_out.tries < 2:  # noqa: ASYNC110 (the end of a link's thread)
                await asyncio.sleep(0.005)
        await ears.leave()
        await asyncio.wait([ears._rejoining], timeout=30)
        assert ears._rejoining.done()

    heard(tmp_path, play)


def test_a_space_that_ended_before_the_bot_joined(tmp_path, shut_out):
    """Its time was up while it was taken up: the bot stays in no channel."""
    shut_out.refusals = 0

    async def play(ears, clock, worker):
        await ears.leave()
        assert await ears.join(shut_out)
        assert ears._link is None

    heard(tmp_path, play)

    assert shut_out.tries == 0


@pytest.mark.parametrize("trouble", TrackTrouble)
def test_a_track_that_stops_is_one_members_or_everybodys(tmp_path, trouble):
    """What no other track can be written for either stops the recording."""

    async def play(ears, clock, worker):
        worker.ready()
        ears.heard([TrackStopped(ANA, trouble, "1.opus: refused")])
        ears.transcribe(False)
        await ears.leave()

    told = heard(tmp_path, play).facts[0]

    if trouble in (TrackTrouble.DISK, TrackTrouble.BROKEN, TrackTrouble.FOLDER):
        assert told == RecordingFailed(f"recording.{trouble.value}")
    else:
        assert told == TrackFailed(ANA, trouble)


def test_sound_is_cut_to_the_sample():
    """What lies before the moment stays, all of it and nothing else."""
    sound = Sound(ANA, 1.0, 2.0, bytes(2 * RATE * 2), 0.5)

    half = sound.until(1.5)

    assert (half.start, half.end, len(half.pcm)) == (1.0, 1.5, 2 * RATE)
    rest = sound.since(1.5)
    assert (rest.start, rest.end, rest.pcm_start) == (1.5, 2.0, 1.5)
    assert len(rest.pcm) == 2 * RATE
    assert sound.since(0.2) == sound.until(9.0) == sound
    assert sound.since(9.0).pcm == b""
    assert sound.until(0.2).pcm == b""
