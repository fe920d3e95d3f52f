"""Words: against bare faster-whisper, under the right name, and none invented."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel

from media.decode.sound import RATE_HZ
from media.hallucinations import folded
from media.heard import TalkSpurt
from media.hearing import HearingSettings
from media.listening import Listener
from media.utterance import Utterance
from media.vad import WebrtcVad
from media.whisper.jobs import SpurtAudio
from media.whisper.settings import SpeechSettings
from media.whisper.transcriber import Transcriber
from tests.evaluation import rooms, spoken
from tests.figures import Figure

SENTENCES = 60
SPEAKERS = 5
PAUSE_S = 1.2
HOUR_S = 3600.0
SPACE = 1
BARE = {"beam_size": 5, "condition_on_previous_text": False}


def figures() -> Iterator[Figure]:
    """Measure everything; nothing where no voice or no model is there."""
    model = spoken.model()
    if model is None or not spoken.can_speak():
        return
    said = spoken.sentences(SENTENCES)
    bare = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=2)
    yield from _word_errors(said, model, bare)
    yield _attribution(said, model)
    if rooms.NOISE.is_dir():
        yield _invented(model, bare)


def transcribed(
    jobs: Sequence[SpurtAudio], model: Path, **settings: object
) -> list[Utterance]:
    """Run jobs through a real transcriber."""

    async def run() -> list[Utterance]:
        transcriber = Transcriber(SpeechSettings(model=str(model), **settings))
        lines: list[Utterance] = []
        transcriber.subscribe(SPACE, lines.append, lambda _: None)
        await transcriber.start()
        for job in jobs:
            transcriber.submit(job)
        await transcriber.drain(SPACE)
        await transcriber.stop()
        return lines

    return asyncio.run(run())


def spurts(sound: np.ndarray, user_id: int) -> list[TalkSpurt]:
    """Find the talk spurts of a stream as the live chain does."""
    listener = Listener(user_id, WebrtcVad(), HearingSettings())
    return listener.feed(rooms.as_pcm(sound)) + listener.close()


def job(spurt: TalkSpurt, language: str) -> SpurtAudio:
    """Make the recogniser's job of a spurt."""
    return SpurtAudio(
        SPACE,
        spurt.user_id,
        spurt.start,
        spurt.end,
        spurt.pcm,
        language,
        pcm_start=spurt.pcm_start,
    )


def _word_errors(
    said: Sequence[spoken.Spoken], model: Path, bare: WhisperModel
) -> Iterator[Figure]:
    """Run the same files through the pipeline and through bare faster-whisper."""
    words = errors = bare_errors = 0
    for language in spoken.VOICES:
        mine = [each for each in said if each.language == language]
        jobs = [
            job(spurt, language)
            for number, each in enumerate(mine, 1)
            for spurt in spurts(np.pad(each.sound, (8000, 16_000)), number)
        ]
        heard: defaultdict[int, list[Utterance]] = defaultdict(list)
        for line in transcribed(jobs, model):
            heard[line.user_id].append(line)
        for number, each in enumerate(mine, 1):
            lines = sorted(heard[number], key=lambda line: line.start)
            text = folded(" ".join(line.text for line in lines))
            segments, _ = bare.transcribe(each.sound, language=language, **BARE)
            bare_text = folded(" ".join(segment.text for segment in segments))
            words += len(each.text.split())
            errors += spoken.word_errors(folded(each.text), text)
            bare_errors += spoken.word_errors(folded(each.text), bare_text)
    rate, bare_rate = 100 * errors / words, 100 * bare_errors / words
    yield Figure(
        "wer.over_bare_points",
        rate - bare_rate,
        "points",
        "lower",
        1.0,
        {"pipeline %": rate, "bare faster-whisper %": bare_rate},
        words,
    )


def _attribution(said: Sequence[spoken.Spoken], model: Path) -> Figure:
    """Five people who talk at once; every line must be one that its speaker said."""
    streams: dict[int, list[np.ndarray]] = defaultdict(list)
    english = [each for each in said if each.language == "en"]
    for number, each in enumerate(english):
        user_id = 1 + number % SPEAKERS
        streams[user_id] += [each.sound, np.zeros(int(PAUSE_S * RATE_HZ), np.float32)]
    whole = {user_id: np.concatenate(parts) for user_id, parts in streams.items()}
    facts = rooms.heard(whole, loss=0.01)
    lines = transcribed([job(fact.spurt, "en") for fact in facts], model)
    right = sum(_is_theirs(line, english) for line in lines)
    share = 100 * right / max(len(lines), 1)
    return Figure("attribution", share, "%", "higher", 100.0, {}, len(lines))


def _is_theirs(line: Utterance, said: Sequence[spoken.Spoken]) -> bool:
    """Say whether the nearest sentence of all is one of the line's own speaker."""
    text = folded(line.text)
    nearest = min(
        range(len(said)),
        key=lambda n: (
            spoken.word_errors(folded(said[n].text), text),
            1 + n % SPEAKERS != line.user_id,
        ),
    )
    return 1 + nearest % SPEAKERS == line.user_id


def _invented(model: Path, bare: WhisperModel) -> Figure:
    """Count the words that come out of an hour of silence, noise and music."""
    noises = rooms.noises()
    total = sum(len(sound) for sound in noises.values()) / RATE_HZ
    rounds = int(np.ceil(HOUR_S / total))
    words = gate_words = bare_words = 0
    for turn in range(rounds):
        gain = np.float32((1.0, 0.3, 3.0, 0.1)[turn % 4])
        louder = [np.clip(sound * gain, -1, 1) for sound in noises.values()]
        jobs = [
            job(spurt, "en") for n, s in enumerate(louder, 1) for spurt in spurts(s, n)
        ]
        words += _count(transcribed(jobs, model)) if jobs else 0
        ungated = [
            SpurtAudio(SPACE, n, 0.0, len(s) / RATE_HZ, rooms.as_pcm(s), "en")
            for n, s in enumerate(louder, 1)
        ]
        gate_words += _count(transcribed(ungated, model))
        if turn == 0:
            bare_words = sum(
                len(segment.text.split())
                for sound in louder
                for segment in bare.transcribe(sound, language="en", **BARE)[0]
            )
    hours = rounds * total / HOUR_S
    return Figure(
        "invented_words_per_hour",
        words / hours,
        "words/h",
        "lower",
        0.0,
        {
            "without spurt detection": gate_words / hours,
            "bare faster-whisper": bare_words / (total / HOUR_S),
        },
        rounds,
    )


def _count(lines: Sequence[Utterance]) -> int:
    return sum(len(line.text.split()) for line in lines)
