"""The real recognition process with the small real model."""

import asyncio
import logging
import os
import shutil
import signal
from dataclasses import replace

import numpy as np
import pytest

from media.hallucinations import folded
from media.whisper.jobs import SpurtAudio
from media.whisper.process import WorkerProcess
from media.whisper.settings import SpeechSettings
from media.whisper.status import Mode, Reason
from media.whisper.transcriber import Transcriber
from tests.evaluation.spoken import sentences, word_errors

pytestmark = pytest.mark.long

RATE = 16_000
SPACE = 9
LINES = [
    (1, "en", "did frank review the budget"),
    (2, "en", "emma will share the training session by sunday"),
    (1, "en", "the roadmap is simple and the prototype is late"),
    (3, "es", "bienvenidos al espacio"),
]


class Watched(WorkerProcess):
    """The real process, with its number for a test that kills it."""

    def kill_hard(self):
        """Kill it as the kernel does when memory runs out."""
        os.kill(self._process.pid, signal.SIGKILL)


def transcribed(model, jobs, *, during=None, **settings):
    """Run the jobs through a real worker: lines, missed spurts, last status."""

    async def scenario():
        workers = []

        def new_process():
            workers.append(Watched())
            return workers[-1]

        transcriber = Transcriber(
            SpeechSettings(model=str(model), **settings), new_process=new_process
        )
        lines, missed = [], []
        transcriber.subscribe(SPACE, lines.append, missed.append)
        await transcriber.start()
        for job in jobs:
            transcriber.submit(job)
        if during is not None:
            await during(transcriber, workers)
        await asyncio.wait_for(transcriber.drain(SPACE), 60)
        status = transcriber.status()
        await transcriber.stop()
        return lines, missed, status

    return asyncio.run(scenario())


def spoken(say):
    jobs, at = [], 0.0
    for user_id, language, text in LINES:
        pcm = say(language, text)
        seconds = len(pcm) / 2 / RATE
        jobs.append(SpurtAudio(SPACE, user_id, at, at + seconds, pcm, language))
        at += seconds + 1.0
    return jobs


def noise(kind, seconds):
    t = np.arange(seconds * RATE) / RATE
    rng = np.random.default_rng(7)
    sound = {
        "silence": np.zeros(len(t)),
        "hiss": rng.normal(0, 0.02, len(t)),
        "loud noise": rng.normal(0, 0.3, len(t)),
        "hum": 0.3 * np.sin(2 * np.pi * 100 * t),
        "music": 0.2
        * sum(np.sin(2 * np.pi * f * t) for f in (262, 330, 392))
        * (0.5 + 0.5 * np.sin(2 * np.pi * 2 * t)),
        "clipped": np.clip(rng.normal(0, 5, len(t)), -1, 1),
    }[kind]
    pcm = np.clip(sound * 32767, -32768, 32767).astype("<i2").tobytes()
    return SpurtAudio(SPACE, 1, 0.0, float(seconds), pcm, "en")


def test_speech_comes_back_as_its_words(rehearsal_model, say):
    """Every spurt has its speaker, its language and its words, in both languages."""
    jobs = spoken(say)

    lines, missed, status = transcribed(rehearsal_model, jobs)
    heard = {(line.user_id, folded(line.text)) for line in lines}

    assert heard == {(user_id, text) for user_id, _, text in LINES}
    assert missed == []
    assert status.mode is Mode.FULL
    for line in lines:
        assert all(line.start <= w.start <= w.end <= line.end for w in line.words)


def test_nothing_that_was_said_is_logged(rehearsal_model, say, caplog):
    """Logs hold counts and times, whatever their level."""
    with caplog.at_level(logging.DEBUG):
        transcribed(rehearsal_model, spoken(say)[:1])

    assert "budget" not in caplog.text.casefold()


@pytest.mark.parametrize(
    "kind", ["silence", "hiss", "loud noise", "hum", "music", "clipped"]
)
def test_nothing_is_invented_on_what_is_no_speech(rehearsal_model, kind):
    """Silence, noise, hum and music give no line; what is withheld is counted."""
    lines, missed, status = transcribed(rehearsal_model, [noise(kind, 60)])

    assert lines == []
    assert missed == []
    assert sum(status.withheld.values()) > 0


def test_a_worker_killed_in_the_middle_loses_nothing(rehearsal_model, say):
    """Its spurts are recognised by the next worker, each once."""

    async def kill(transcriber, workers):
        while transcriber.status().reason is Reason.LOADING:  # noqa: ASYNC110 — the process has no event for it
            await asyncio.sleep(0.01)
        workers[0].kill_hard()

    lines, missed, status = transcribed(rehearsal_model, spoken(say), during=kill)

    assert len(lines) == len(LINES)
    assert missed == []
    assert status.restarts == 1


def test_an_utterance_of_five_minutes_is_one_line(rehearsal_model, say):
    """A monologue is cut for the model and put together for the reader."""
    texts = [one.text for one in sentences("en")]
    spoken_once = b"".join(say("en", text) + bytes(RATE) for text in texts)
    times = 300 * RATE * 2 // len(spoken_once) + 1
    pcm = spoken_once * times
    said = folded(" ".join(texts * times))
    job = SpurtAudio(SPACE, 1, 0.0, len(pcm) / 2 / RATE, pcm, "en")

    lines, _, _ = transcribed(rehearsal_model, [job], live_beam=1)

    assert len(lines) == 1
    wrong = word_errors(said, folded(lines[0].text))
    assert wrong <= 0.1 * len(said.split())
    starts = [word.start for word in lines[0].words]
    assert starts == sorted(starts)


def test_clipped_speech_keeps_its_words(rehearsal_model, say):
    """A microphone turned up four times too high is no reason for no line."""
    jobs = []
    for job in spoken(say)[:3]:
        loud = np.frombuffer(job.pcm, "<i2").astype(np.int32) * 4
        pcm = np.clip(loud, -32768, 32767).astype("<i2").tobytes()
        jobs.append(replace(job, pcm=pcm))

    lines, missed, _ = transcribed(rehearsal_model, jobs)
    words = " ".join(folded(line.text) for line in lines).split()

    assert missed == []
    assert sorted(line.user_id for line in lines) == [1, 1, 2]
    assert {"budget", "training", "roadmap"} <= set(words)
    assert len(words) <= 1.2 * sum(len(text.split()) for _, _, text in LINES[:3])


def test_two_languages_in_one_sentence_are_one_line(rehearsal_model, say):
    """The language is fixed: the other one takes nothing of the first away."""
    first, second = LINES[0], LINES[3]
    pcm = say(*first[1:]) + say(*second[1:])
    seconds = len(pcm) / 2 / RATE

    lines, missed, _ = transcribed(
        rehearsal_model, [SpurtAudio(SPACE, 1, 0.0, seconds, pcm, "en")]
    )

    assert missed == []
    assert len(lines) == 1
    assert lines[0].language == "en"
    assert "budget" in folded(lines[0].text)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("model.bin", 100_000), ("tokenizer.json", 1000), ("vocabulary.json", 1000)],
)
def test_a_truncated_model_is_one_clear_line(rehearsal_model, tmp_path, name, kept):
    """A half-copied model is named with its directory; nothing crashes."""
    broken = tmp_path / "whisper"
    shutil.copytree(rehearsal_model, broken)
    (broken / name).chmod(0o644)
    (broken / name).write_bytes((rehearsal_model / name).read_bytes()[:kept])

    lines, missed, status = transcribed(broken, [noise("hiss", 1)])

    assert (status.mode, status.reason) == (Mode.TALK_TIME_ONLY, Reason.NO_MODEL)
    assert status.restarts == 0
    assert str(broken) in status.detail
    assert "\n" not in status.detail
    assert (lines, len(missed)) == ([], 1)


def test_hot_words_do_not_break_recognition(rehearsal_model, say):
    """Any vocabulary fits: it is cut to leave room for the words themselves."""
    (job, *_) = spoken(say)
    given = SpurtAudio(
        SPACE, 1, job.start, job.end, job.pcm, "en", hotwords="budget review " * 300
    )

    lines, missed, _ = transcribed(rehearsal_model, [given])

    assert missed == []
    assert len(lines) == 1
