"""The transcriber against a scripted worker: answers, deaths, models, limits."""

import asyncio
import logging
import shutil
from dataclasses import replace
from itertools import pairwise

import pytest

from media.utterance import Grade
from media.whisper import transcriber
from media.whisper.jobs import MissedReason, SpurtAudio
from media.whisper.settings import SpeechSettings
from media.whisper.status import Mode, Reason
from media.whisper.transcriber import Transcriber
from tests.media.whisper.fake_process import FakeProcess

SPACE = 9
SECOND = b"\1\0" * 16_000


def job(start, *, seconds=2, user_id=1, grade=Grade.LIVE, space_id=SPACE):
    pcm = SECOND * seconds
    return SpurtAudio(space_id, user_id, start, start + seconds, pcm, "en", "", grade)


class Desk:
    """A transcriber, its scripted worker and what it told the Space."""

    def __init__(self, model, **settings):
        self.process = FakeProcess()
        self.transcriber = Transcriber(
            SpeechSettings(model=str(model), **settings),
            new_process=lambda: self.process,
        )
        self.lines, self.missed = [], []
        self.transcriber.subscribe(SPACE, self.lines.append, self.missed.append)

    async def __aenter__(self):
        """Start the transcriber."""
        await self.transcriber.start()
        return self

    async def __aexit__(self, *_):
        """Stop it."""
        await self.transcriber.stop()


@pytest.fixture
def model(tmp_path):
    """Make a directory that looks like a model; its worker is fake."""
    (tmp_path / "config.json").write_text('{"suppress_ids": []}')
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "vocabulary.json").write_text("[]")
    (tmp_path / "model.bin").write_bytes(b"\6\0\0\0\x0c\0WhisperSpec\0")
    return tmp_path


def test_a_spurt_becomes_a_line(model):
    """Sound goes in with its speaker and comes back as that speaker's words."""

    async def scenario():
        async with Desk(model) as desk:
            desk.process.ready()
            desk.transcriber.submit(job(5.0))
            desk.process.answer(desk.process.calls[0])
            await desk.transcriber.drain(SPACE)
        return desk

    desk = asyncio.run(scenario())

    assert [(line.user_id, line.text, line.start) for line in desk.lines] == [
        (1, "Hello.", 5.0)
    ]


def test_spurts_wait_while_the_model_loads(model):
    """What is said in the first seconds is not lost."""

    async def scenario():
        async with Desk(model) as desk:
            desk.transcriber.submit(job(0.0))
            waiting = desk.transcriber.status()
            desk.process.ready()
            desk.process.answer(desk.process.calls[0])
        return desk, waiting

    desk, waiting = asyncio.run(scenario())

    assert (waiting.mode, waiting.reason, waiting.queued) == (
        Mode.FULL,
        Reason.LOADING,
        1,
    )
    assert len(desk.lines) == 1


def test_spurts_that_wait_are_joined(model):
    """While both hands are busy one speaker's short spurts share a window."""

    async def scenario():
        async with Desk(model) as desk:
            desk.process.ready()
            for n in range(6):
                desk.transcriber.submit(job(10.0 * n))
            for call in desk.process.calls[:2]:
                desk.process.answer(call)
            joined = desk.process.calls[2]
            desk.process.answer(joined)
        return desk, joined

    desk, joined = asyncio.run(scenario())

    assert len(joined["windows"][0]["pieces"]) == 4
    assert [line.start for line in desk.lines] == [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]


@pytest.mark.parametrize("text", ["Hello.", ""], ids=["words", "nothing"])
def test_a_partial_line_that_comes_after_its_line_is_none(model, text):
    """It would put what is uncertain, or was withheld, in the place of the line."""

    async def scenario():
        async with Desk(model) as desk:
            desk.process.ready()
            desk.transcriber.submit(job(0.0, grade=Grade.PARTIAL))
            desk.transcriber.submit(job(0.0))
            partial, live = desk.process.calls
            desk.process.answer(live, text)
            desk.process.answer(partial, "Hell")
            await desk.transcriber.drain(SPACE)
        return desk

    desk = asyncio.run(scenario())

    assert [line.text for line in desk.lines] == [text] * bool(text)


def test_an_older_partial_line_does_not_replace_a_newer_one(model):
    """Two hands need not finish in the order in which they began."""

    async def scenario():
        async with Desk(model) as desk:
            desk.process.ready()
            for seconds in (2, 4):
                desk.transcriber.submit(job(0.0, seconds=seconds, grade=Grade.PARTIAL))
            older, newer = desk.process.calls
            desk.process.answer(newer, "Hello there")
            desk.process.answer(older, "Hell")
            other = job(0.0, user_id=2, grade=Grade.PARTIAL)
            desk.transcriber.submit(other)
            desk.process.answer(desk.process.calls[-1], "Yes")
        return desk

    desk = asyncio.run(scenario())

    assert [line.text for line in desk.lines] == ["Hello there", "Yes"]


def test_a_partial_line_is_not_made_again_once_its_spurt_has_ended(model):
    """After a death the line comes first; what was uncertain is of no use."""

    async def scenario():
        async with Desk(model) as desk:
            desk.process.ready()
            desk.transcriber.submit(job(0.0, grade=Grade.PARTIAL))
            desk.transcriber.submit(job(0.0))
            desk.process.die()
            await restarted(desk.process)
            desk.process.ready()
            again = list(desk.process.calls)
            for call in again:
                desk.process.answer(call)
        return desk, again

    desk, again = asyncio.run(scenario())

    assert len(again) == 1
    assert [line.grade for line in desk.lines] == [Grade.LIVE]
    assert desk.transcriber.status().partials_dropped == 1


def test_a_dead_worker_has_its_jobs_done_again_exactly_once(model):
    """The words of a spurt come once, although two workers saw it."""

    async def scenario():
        async with Desk(model) as desk:
            desk.process.ready()
            desk.transcriber.submit(job(0.0))
            desk.transcriber.submit(job(5.0, user_id=2))
            old = list(desk.process.calls)
            desk.process.answer(old[0])
            desk.process.die()
            await restarted(desk.process)
            desk.process.ready()
            again = list(desk.process.calls)
            desk.process.answer(again[0])
            desk.process.answer(again[0])
        return desk, again

    desk, again = asyncio.run(scenario())

    assert len(again) == 1
    assert sorted(line.user_id for line in desk.lines) == [1, 2]
    assert desk.missed == []
    assert desk.transcriber.status().restarts == 1


def test_a_spurt_that_kills_two_workers_is_missed(model):
    """One poisonous spurt must not stop everybody else's words."""

    async def scenario():
        async with Desk(model, workers=1) as desk:
            desk.process.ready()
            desk.transcriber.submit(job(0.0))
            desk.transcriber.submit(job(5.0, user_id=2))
            for _ in range(2):
                desk.process.die()
                await restarted(desk.process)
                desk.process.ready()
            desk.process.answer(desk.process.calls[0])
            await desk.transcriber.drain(SPACE)
        return desk

    desk = asyncio.run(scenario())

    assert [(m.user_id, m.reason) for m in desk.missed] == [
        (1, MissedReason.WORKER_DIED)
    ]
    assert [line.user_id for line in desk.lines] == [2]


POISON = b"\7\7" * 1000


class Poisoned(FakeProcess):
    """Dies over one sound, whatever else it has in hand."""

    def step(self):
        """Do what one worker does until it dies or has nothing to do; say which."""
        for header, payload in list(self.sent):
            if "call" in header and POISON in payload:
                self.die()
                return False
        in_hand, self.sent = self.calls, []
        for header in in_hand:
            self.answer(header)
        return True


def test_what_is_recognised_beside_a_poisonous_spurt_is_not_missed(model):
    """Others in hand have their lines, and others in its own window."""

    def sick(start):
        return replace(job(start), pcm=SECOND + POISON + SECOND)

    async def scenario():
        desk = Desk(model)
        desk.process = Poisoned()
        async with desk:
            jobs = [job(0.0), sick(5.0), job(10.0), job(0.0, user_id=2)]
            jobs += [job(5.0 * n, user_id=3) for n in range(3)]
            for one in jobs:
                desk.transcriber.submit(one)
            desk.process.ready()
            for _ in range(20):
                if not desk.process.step():
                    await restarted(desk.process)
                    desk.process.ready()
                elif not desk.transcriber.status().queued:
                    break
        return desk

    desk = asyncio.run(scenario())

    assert [(m.user_id, m.start) for m in desk.missed] == [(1, 5.0)]
    assert len(desk.lines) == 6


def test_a_worker_that_hangs_is_replaced(model):
    """A recognition that never ends is killed and done again."""

    async def scenario():
        async with Desk(model, hang_s=0.0) as desk:
            desk.process.ready()
            desk.transcriber.submit(job(0.0))
            await asyncio.sleep(0)
            desk.transcriber.observe()
            await restarted(desk.process)
            desk.process.ready()
            desk.process.answer(desk.process.calls[0])
        return desk

    desk = asyncio.run(scenario())

    assert desk.process.killed == 1
    assert len(desk.lines) == 1


@pytest.mark.parametrize("again", [False, True], ids=["first", "restarted"])
def test_a_worker_that_hangs_while_it_loads_is_replaced(model, monkeypatch, again):
    """A disk that does not answer must not cost all words until the bot is restarted.

    As long as it may still be loading, nothing is done to it.
    """
    now = 1000.0
    monkeypatch.setattr(transcriber, "_now", lambda: now)

    async def scenario():
        nonlocal now
        async with Desk(model, load_s=600.0) as desk:
            if again:
                desk.process.ready()
                desk.process.die()
                await restarted(desk.process)
            desk.transcriber.submit(job(0.0))
            desk.transcriber.observe()
            now += 600.0
            desk.transcriber.observe()
            patient = desk.process.killed
            now += 1.0
            desk.transcriber.observe()
            assert desk.process.killed == 1
            await restarted(desk.process)
            desk.transcriber.observe()
            now += 599.0
            desk.transcriber.observe()
            desk.process.ready()
            now += 10.0
            desk.process.answer(desk.process.calls[0])
            now += 1000.0
            desk.transcriber.observe()
        return desk, patient

    desk, patient = asyncio.run(scenario())

    assert (patient, desk.process.killed) == (0, 1)
    assert [line.text for line in desk.lines] == ["Hello."]
    assert desk.missed == []


def test_a_worker_that_always_hangs_while_it_loads_is_told_to_the_host(
    model, monkeypatch
):
    """Each is tried later than the one before, as those that die are."""
    now, pauses = 1000.0, []
    monkeypatch.setattr(transcriber, "_now", lambda: now)
    sleep = asyncio.sleep

    async def pause(seconds):
        if seconds != transcriber.TICK_S:
            pauses.append(seconds)
            await sleep(0)
        else:
            await sleep(seconds)

    async def scenario():
        nonlocal now
        async with Desk(model, load_s=60.0) as desk:
            monkeypatch.setattr("media.whisper.supervisor.asyncio.sleep", pause)
            for kills in range(1, 5):
                desk.transcriber.observe()
                now += 61.0
                desk.transcriber.observe()
                assert desk.process.killed == kills
                await restarted(desk.process)
            return desk.transcriber.status()

    status = asyncio.run(scenario())

    assert status.reason is Reason.WORKER_DIES
    assert pauses == [0.2, 0.4, 0.8, 1.6]


def test_a_worker_that_keeps_dying_is_told_to_the_host(model):
    """The transcript is never silent without a reason, and it comes back by itself."""

    async def scenario():
        async with Desk(model) as desk:
            desk.process.ready()
            for _ in range(4):
                desk.process.die()
            broken = desk.transcriber.status()
            desk.transcriber.submit(job(0.0))
            desk.process.ready()
            desk.process.answer(desk.process.calls[0])
            healed = desk.transcriber.status()
        return desk, broken, healed

    desk, broken, healed = asyncio.run(scenario())

    assert (broken.mode, broken.reason) == (Mode.TALK_TIME_ONLY, Reason.WORKER_DIES)
    assert healed.mode is Mode.FULL
    assert len(desk.lines) == 1


def test_a_process_that_cannot_be_started_again_is_tried_later(model):
    """A machine that is short of memory for a moment costs no transcript."""

    async def scenario():
        async with Desk(model) as desk:
            desk.process.ready()
            desk.transcriber.submit(job(0.0))
            desk.process.refusals = 2
            desk.process.die()
            await restarted(desk.process)
            desk.process.ready()
            desk.process.answer(desk.process.calls[0])
            await desk.transcriber.drain(SPACE)
            return desk, desk.transcriber.status()

    desk, status = asyncio.run(scenario())

    assert [line.text for line in desk.lines] == ["Hello."]
    assert desk.missed == []
    assert (status.mode, status.reason) == (Mode.FULL, Reason.NONE)


def test_a_process_that_cannot_be_started_at_all_is_told(model):
    """At the start it needs a person."""

    async def scenario():
        desk = Desk(model)
        desk.process.refusals = 1
        async with desk:
            return desk.transcriber.status()

    status = asyncio.run(scenario())

    assert (status.mode, status.reason) == (Mode.TALK_TIME_ONLY, Reason.NO_MODEL)
    assert "no process can be started" in status.detail


def test_a_model_that_was_loaded_before_is_loaded_again(model):
    """Short of memory after a crash: no reason to be silent until somebody comes."""

    async def scenario():
        async with Desk(model) as desk:
            desk.process.ready()
            desk.transcriber.submit(job(0.0))
            desk.process.die()
            await restarted(desk.process)
            desk.process.fail("RuntimeError: std::bad_alloc")
            await restarted(desk.process)
            desk.process.ready()
            desk.process.answer(desk.process.calls[0])
            await desk.transcriber.drain(SPACE)
            return desk, desk.transcriber.status()

    desk, status = asyncio.run(scenario())

    assert [line.text for line in desk.lines] == ["Hello."]
    assert (status.mode, status.reason) == (Mode.FULL, Reason.NONE)


def test_without_a_model_everything_else_goes_on(tmp_path, caplog):
    """An absent model is one line and a mode, not an exception."""

    async def scenario():
        async with Desk(tmp_path / "absent") as desk:
            desk.transcriber.submit(job(0.0))
            await desk.transcriber.drain(SPACE)
            return desk, desk.transcriber.status()

    with caplog.at_level(logging.WARNING):
        desk, status = asyncio.run(scenario())

    assert (status.mode, status.reason) == (Mode.TALK_TIME_ONLY, Reason.NO_MODEL)
    assert "absent" in status.detail
    assert "\n" not in status.detail
    assert [missed.reason for missed in desk.missed] == [MissedReason.NO_MODEL]
    assert desk.process.started == 0
    assert len(caplog.records) == 1


def test_a_model_that_cannot_be_loaded_is_not_tried_again(model):
    """A broken model needs a person; the status names it."""

    async def scenario():
        async with Desk(model) as desk:
            desk.transcriber.submit(job(0.0))
            desk.process.fail("RuntimeError: File model.bin is incomplete")
            return desk, desk.transcriber.status()

    desk, status = asyncio.run(scenario())

    assert (status.mode, status.reason) == (Mode.TALK_TIME_ONLY, Reason.NO_MODEL)
    assert "model.bin is incomplete" in status.detail
    assert (desk.process.started, len(desk.missed)) == (1, 1)


def test_transcription_can_be_switched_off():
    """No model in the configuration is a choice, and the status says so."""

    async def scenario():
        async with Desk("") as desk:
            return desk.transcriber.status()

    assert asyncio.run(scenario()).reason is Reason.SWITCHED_OFF


def test_the_final_pass_uses_its_own_width(model):
    """The better pass searches wider than the live line."""

    async def scenario():
        async with Desk(model, live_beam=1, final_beam=5) as desk:
            desk.process.ready()
            desk.transcriber.submit(job(0.0))
            desk.transcriber.submit(job(0.0, grade=Grade.FINAL))
            return [call["beam"] for call in desk.process.calls]

    assert asyncio.run(scenario()) == [1, 5]


def test_windows_of_several_speakers_travel_in_one_call_if_asked(model):
    """On a graphics card a call carries several windows."""

    async def scenario():
        async with Desk(model, batch_windows=4, workers=1) as desk:
            for user_id in (1, 2, 3):
                desk.transcriber.submit(job(0.0, user_id=user_id))
            desk.process.ready()
            (call,) = desk.process.calls
            desk.process.answer(call)
        return desk, call

    desk, call = asyncio.run(scenario())

    assert len(call["windows"]) == 3
    assert sorted(line.user_id for line in desk.lines) == [1, 2, 3]


def test_one_space_that_fails_over_a_line_costs_nobody_elses(model, caplog):
    """Not even those that come in the same answer; no word of it is logged."""

    def fail(line):
        raise RuntimeError(line.text)

    async def scenario():
        async with Desk(model, batch_windows=2, workers=1) as desk:
            desk.transcriber.subscribe(SPACE + 1, fail, desk.missed.append)
            desk.transcriber.submit(job(0.0, space_id=SPACE + 1))
            desk.transcriber.submit(job(0.0))
            desk.process.ready()
            desk.process.answer(desk.process.calls[0])
            desk.transcriber.submit(job(5.0))
            desk.process.answer(desk.process.calls[1])
        return desk

    with caplog.at_level(logging.ERROR):
        desk = asyncio.run(scenario())

    assert [line.start for line in desk.lines] == [0.0, 5.0]
    assert "RuntimeError" in caplog.text
    assert "Hello" not in caplog.text


def test_a_spurt_without_words_is_no_line_and_is_done(model):
    """A cough ends the wait for it, and what was withheld is counted."""

    async def scenario():
        async with Desk(model) as desk:
            desk.process.ready()
            desk.transcriber.submit(job(0.0))
            desk.process.answer(desk.process.calls[0], "", no_speech=1)
            await desk.transcriber.drain(SPACE)
            return desk, desk.transcriber.status()

    desk, status = asyncio.run(scenario())

    assert desk.lines == []
    assert (status.done, dict(status.withheld)) == (1, {"no_speech": 1})


def test_stopping_says_what_was_missed(model):
    """What still waits when the bot stops is reported, not forgotten."""

    async def scenario():
        async with Desk(model) as desk:
            for n in range(3):
                desk.transcriber.submit(job(5.0 * n, user_id=n))
        return desk

    desk = asyncio.run(scenario())

    assert [missed.reason for missed in desk.missed] == [MissedReason.STOPPED] * 3
    assert desk.process.stopped


def test_a_space_that_is_forgotten_hears_what_it_misses(model):
    """What waits and what is in hand is told once; a late answer is no line."""

    async def scenario():
        async with Desk(model) as desk:
            desk.process.ready()
            for n in range(3):
                desk.transcriber.submit(job(5.0 * n, user_id=n))
            desk.transcriber.submit(job(0.0, user_id=7, space_id=SPACE + 1))
            calls = desk.process.calls
            desk.transcriber.unsubscribe(SPACE)
            told = [(missed.user_id, missed.reason) for missed in desk.missed]
            for call in calls:
                desk.process.answer(call)
        return desk, told

    desk, told = asyncio.run(scenario())

    assert sorted(told) == [(n, MissedReason.TOO_LATE) for n in range(3)]
    assert len(desk.missed) == 3
    assert desk.lines == []


def test_a_refused_call_is_tried_once_more(model):
    """An error of one call is treated as a death over its jobs."""

    async def scenario():
        async with Desk(model) as desk:
            desk.process.ready()
            desk.transcriber.submit(job(0.0))
            desk.process.refuse(desk.process.calls[0])
            desk.process.refuse(desk.process.calls[1])
            await desk.transcriber.drain(SPACE)
        return desk

    desk = asyncio.run(scenario())

    assert [missed.reason for missed in desk.missed] == [MissedReason.WORKER_DIED]


@pytest.mark.parametrize("dies", [False, True])
def test_a_smaller_model_that_fails_at_every_job_costs_no_line(
    model, tmp_path_factory, monkeypatch, dies
):
    """What it failed over is done by the live one, which then stays; status says so."""
    now = 1000.0
    monkeypatch.setattr(transcriber, "_now", lambda: now)
    smaller = tmp_path_factory.mktemp("models") / "smaller"
    shutil.copytree(model, smaller)

    async def fail(process, call):
        if not dies:
            process.refuse(call)
            return
        process.die()
        await restarted(process)
        process.ready()

    async def scenario():
        nonlocal now
        used = []
        async with Desk(model, smaller_model=str(smaller), workers=1) as desk:
            process = desk.process
            process.ready()
            desk.transcriber.submit(job(0.0))
            for _ in range(20):
                now += 1.0
                desk.transcriber.observe()
            slow = desk.transcriber.status()
            process.answer(process.calls[-1])
            for start in (20.0, 40.0, 60.0):
                desk.transcriber.submit(job(start))
                used.append(process.calls[-1]["model"])
                if used[-1] == str(smaller):
                    await fail(process, process.calls[-1])
                    used.append(process.calls[-1]["model"])
                process.answer(process.calls[-1])
            return desk, slow, used, desk.transcriber.status()

    desk, slow, used, status = asyncio.run(scenario())

    assert slow.mode is Mode.SMALLER
    assert used == [str(path) for path in (smaller, model, smaller, model, model)]
    assert [line.start for line in desk.lines] == [0.0, 20.0, 40.0, 60.0]
    assert desk.missed == []
    assert (status.mode, status.reason) == (Mode.FULL, Reason.NONE)
    assert (slow.smaller_fails, status.smaller_fails) == (False, True)
    assert str(smaller) in status.detail


async def restarted(process):
    """Wait until a worker that died has been started again."""
    await process.restarted.wait()
    process.restarted.clear()


@pytest.mark.parametrize(
    ("quick", "mode"), [(True, Mode.FULL), (False, Mode.FINAL_ONLY)]
)
def test_live_lines_come_back_while_people_go_on_talking(
    model, monkeypatch, quick, mode
):
    """A machine that was busy for a while; what is let wait is not its slowness."""
    now = 1000.0
    monkeypatch.setattr(transcriber, "_now", lambda: now)

    async def scenario():
        nonlocal now
        modes = []
        async with Desk(model) as desk:
            desk.process.ready()
            answered = 0
            for second in range(240):
                now += 1.0
                if second % 4 == 0:
                    desk.transcriber.submit(job(float(second), user_id=second % 3))
                if second >= 60 and (quick or second % 50 == 0):
                    for call in desk.process.calls[answered:]:
                        desk.process.answer(call)
                        answered += 1
                desk.transcriber.observe()
                modes.append(desk.transcriber.status().mode)
        return modes

    modes = asyncio.run(scenario())

    assert modes[59] is Mode.FINAL_ONLY
    assert modes[-1] is mode
    changes = sum(a is not b for a, b in pairwise(modes))
    assert changes == (2 if quick else 1), "it does not flicker"
