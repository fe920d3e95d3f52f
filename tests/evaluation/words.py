"""Words: against bare faster-whisper, under the right name, and none invented."""

import asyncio
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from faster_whisper import WhisperModel

from media.decode.sound import RATE_HZ
from media.hallucinations import folded
from media.heard import TalkSpurt
from media.hearing import HearingSettings
from media.listening import Listener
from media.utterance import Utterance
from media.vad import WebrtcVad
from media.whisper.jobs import Missed, SpurtAudio
from media.whisper.settings import SpeechSettings
from media.whisper.transcriber import Transcriber
from tests.evaluation import rooms, spoken
from tests.figures import Figure, NotMeasured

SPEAKERS = 5
PAUSE_S = 1.2
HOUR_S = 3600.0
SHORT_PAUSE_S = 0.5
SPACE = 1
PATIENT = SpeechSettings(
    model=str(spoken.MODEL),
    max_queued_s=math.inf,
    hopeless_lag_s=math.inf,
    fresh_s=math.inf,
    hang_s=math.inf,
)
"""On a slow machine the same lines come, later: what is late is not given up here."""

BARE = {"beam_size": 5, "condition_on_previous_text": False}


def figures() -> Iterator[Figure | NotMeasured]:
    """Measure everything; invented words only where recorded noises are there."""
    bare = WhisperModel(
        str(spoken.MODEL), device="cpu", compute_type="int8", cpu_threads=2
    )
    yield _word_errors(bare)
    yield _joined_errors(bare)
    yield _attribution(spoken.sentences("en"))
    if rooms.NOISE.is_dir():
        yield _invented(bare)
    else:
        yield NotMeasured("invented_words_per_hour", f"no noises in {rooms.NOISE}")


def transcribed(jobs: Sequence[SpurtAudio]) -> list[Utterance]:
    """Run jobs through a real transcriber; RuntimeError where one is not answered."""

    async def run() -> list[Utterance]:
        transcriber = Transcriber(PATIENT)
        lines: list[Utterance] = []
        missed: list[Missed] = []
        transcriber.subscribe(SPACE, lines.append, missed.append)
        await transcriber.start()
        for job in jobs:
            transcriber.submit(job)
        await transcriber.drain(SPACE)
        await transcriber.stop()
        if missed:
            raise RuntimeError(f"{len(missed)} of {len(jobs)} jobs: {missed[0].reason}")
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


def _word_errors(bare: WhisperModel) -> Figure:
    """Run the same files through the pipeline and through bare faster-whisper."""
    words = errors = bare_errors = 0
    for language in spoken.VOICES:
        mine = spoken.sentences(language)
        jobs = [
            job(spurt, language)
            for number, each in enumerate(mine, 1)
            for spurt in spurts(np.pad(each.sound, (8000, 16_000)), number)
        ]
        heard: defaultdict[int, list[Utterance]] = defaultdict(list)
        for line in transcribed(jobs):
            heard[line.user_id].append(line)
        for number, each in enumerate(mine, 1):
            lines = sorted(heard[number], key=lambda line: line.start)
            text = folded(" ".join(line.text for line in lines))
            segments, _ = bare.transcribe(each.sound, language=language, **BARE)
            bare_text = folded(" ".join(segment.text for segment in segments))
            words += len(each.text.split())
            errors += spoken.word_errors(folded(each.text), text)
            bare_errors += spoken.word_errors(folded(each.text), bare_text)
    return _over_bare("wer.over_bare_points", errors, bare_errors, words)


def _joined_errors(bare: WhisperModel) -> Figure:
    """Let one person say everything with short pauses: spurts share windows."""
    words = errors = bare_errors = 0
    pause = np.zeros(int(SHORT_PAUSE_S * RATE_HZ), np.float32)
    for language in spoken.VOICES:
        mine = spoken.sentences(language)
        stream = np.concatenate([part for each in mine for part in (pause, each.sound)])
        said = folded(" ".join(each.text for each in mine))
        found = spurts(np.pad(stream, (0, 16_000)), 1)
        jobs = [job(spurt, language) for spurt in found]
        lines = sorted(transcribed(jobs), key=lambda line: line.start)
        segments, _ = bare.transcribe(stream, language=language, **BARE)
        words += len(said.split())
        errors += spoken.word_errors(said, folded(" ".join(one.text for one in lines)))
        bare_errors += spoken.word_errors(
            said, folded(" ".join(segment.text for segment in segments))
        )
    return _over_bare("wer.joined_over_bare_points", errors, bare_errors, words)


def _over_bare(name: str, errors: int, bare_errors: int, words: int) -> Figure:
    """Return by how much the pipeline is off more than bare faster-whisper."""
    rate, bare_rate = 100 * errors / words, 100 * bare_errors / words
    return Figure(
        name,
        rate - bare_rate,
        "points",
        "lower",
        1.0,
        {"pipeline %": rate, "bare faster-whisper %": bare_rate},
        words,
    )


def _attribution(said: Sequence[spoken.Spoken]) -> Figure:
    """Five people who talk at once; every line must be its own speaker's.

    Whose it is: of what the five were saying at that moment, the nearest in words.
    """
    streams: defaultdict[int, list[np.ndarray]] = defaultdict(list)
    turns: list[Turn] = []
    at: Counter[int] = Counter()
    for number, each in enumerate(said):
        user_id = 1 + number % SPEAKERS
        pause = np.zeros(int(PAUSE_S * RATE_HZ), np.float32)
        streams[user_id] += [each.sound, pause]
        end = at[user_id] + len(each.sound)
        turns.append(
            Turn(user_id, at[user_id] / RATE_HZ, end / RATE_HZ, folded(each.text))
        )
        at[user_id] = end + len(pause)
    whole = {user_id: np.concatenate(parts) for user_id, parts in streams.items()}
    facts = rooms.heard(whole, loss=0.01)
    lines = transcribed([job(fact.spurt, "en") for fact in facts])
    theirs = _share_of_theirs(lines, turns, at_once=True)
    of_all = _share_of_theirs(lines, turns, at_once=False)
    return Figure(
        "attribution",
        theirs,
        "%",
        "higher",
        100.0,
        {"nearest of all that was said": of_all},
        len(lines),
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said, and when (seconds)."""

    user_id: int
    start: float
    end: float
    text: str


def _share_of_theirs(
    lines: Sequence[Utterance], turns: Sequence[Turn], *, at_once: bool
) -> float:
    """Return the percentage of lines whose nearest turn is their own speaker's."""
    right = 0
    for line in lines:
        middle, text = (line.start + line.end) / 2, folded(line.text)
        near = [t for t in turns if not at_once or t.start <= middle <= t.end]
        nearest = min(
            near,
            key=lambda t: (spoken.word_errors(t.text, text), t.user_id != line.user_id),
            default=None,
        )
        right += nearest is not None and nearest.user_id == line.user_id
    return 100 * right / max(len(lines), 1)


def _invented(bare: WhisperModel) -> Figure:
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
        words += _count(transcribed(jobs)) if jobs else 0
        ungated = [
            SpurtAudio(SPACE, n, 0.0, len(s) / RATE_HZ, rooms.as_pcm(s), "en")
            for n, s in enumerate(louder, 1)
        ]
        gate_words += _count(transcribed(ungated))
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
