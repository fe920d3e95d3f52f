"""Speech recognition: how late lines come, and how much sound it gets through.

The model is the small one that ships with the rehearsal, or the directory that
``TERTULIA_BENCH_MODEL`` names; ratios are against faster-whisper by itself on the same
clips, in the same run, with the same model and beam. It runs in a process of its own
at the worker's priority: on a busy machine both have to wait alike.
"""

import asyncio
import multiprocessing
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel

from media.whisper.jobs import Missed, SpurtAudio
from media.whisper.settings import SpeechSettings
from media.whisper.status import Reason
from media.whisper.transcriber import Transcriber
from media.whisper.worker import NICE
from tests.evaluation import spoken
from tests.evaluation.rooms import as_pcm
from tests.figures import Figure

PEOPLE = 5
TURNS = 20
GAP_S = 0.6
CLIPS = 50
BEAM = 5
BATCH = 8
ROUNDS = 3
SPACE = 1
RATE_HZ = 16_000


def figures() -> Iterator[Figure]:
    """Measure latency and throughput."""
    model = Path(os.environ.get("TERTULIA_BENCH_MODEL", spoken.MODEL))
    said = spoken.sentences("en")[:CLIPS]
    yield asyncio.run(_latency(model, said[:TURNS]))
    yield from _throughput(model, said)


async def _latency(model: Path, said: Sequence[spoken.Spoken]) -> Figure:
    """Let people talk in turn, in real time; from the end of each to its line."""
    transcriber = await _started(model)
    ended: dict[int, float] = {}
    late: list[float] = []
    missed: list[Missed] = []
    transcriber.subscribe(
        SPACE,
        lambda line: late.append(time.monotonic() - ended[round(line.start)]),
        missed.append,
    )
    for number, each in enumerate(said):
        await asyncio.sleep(each.seconds + GAP_S)
        ended[number * 10] = time.monotonic()
        transcriber.submit(_job(each, 1 + number % PEOPLE, number * 10.0))
    await transcriber.drain(SPACE)
    await transcriber.stop()
    _nothing(missed)
    p95 = statistics.quantiles(late, n=20)[-1]
    return Figure(
        "asr.utterance_to_line_p95_s",
        p95,
        "s",
        "lower",
        2.0,
        {"median": statistics.median(late)},
        len(late),
    )


def _throughput(model: Path, said: Sequence[spoken.Spoken]) -> Iterator[Figure]:
    ours, batched, naive = [], [], []
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, fresh, _load, (str(model),)) as bare:
        for _ in range(ROUNDS):
            ours.append(asyncio.run(_through(model, said)))
            batched.append(bare.submit(_timed_batched, said).result())
            naive.append(bare.submit(_timed_naive, said).result())
    sound_s = sum(each.seconds for each in said)
    took, took_batched = min(ours), min(batched)
    took_naive = min(naive)
    baselines = {
        "ours, s of sound per s": sound_s / took,
        "bare batched": sound_s / took_batched,
        "one call per utterance": sound_s / took_naive,
    }
    yield Figure(
        "asr.throughput_over_bare",
        took_batched / took,
        "×",
        "higher",
        0.95,
        baselines,
        len(said),
    )
    yield Figure(
        "asr.speedup_over_naive",
        took_naive / took,
        "×",
        "higher",
        1.6,
        baselines,
        len(said),
    )


_BARE: list[WhisperModel] = []
"""The model of the process that is measured against; empty in every other."""


def _load(model: str) -> None:
    os.nice(NICE)
    _BARE.append(WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=2))


async def _through(model: Path, said: Sequence[spoken.Spoken]) -> float:
    """Seconds that the transcriber needs for everything at once."""
    transcriber = await _started(model)
    missed: list[Missed] = []
    transcriber.subscribe(SPACE, lambda _: None, missed.append)
    began = time.monotonic()
    for number, each in enumerate(said):
        transcriber.submit(_job(each, 1 + number % PEOPLE, number * 10.0))
    await transcriber.drain(SPACE)
    took = time.monotonic() - began
    await transcriber.stop()
    _nothing(missed)
    return took


def _nothing(missed: Sequence[Missed]) -> None:
    """Raise where something was given up: what is left out takes no time."""
    if missed:
        raise RuntimeError(f"{len(missed)} jobs were missed: {missed[0].reason}")


def _timed_batched(said: Sequence[spoken.Spoken]) -> float:
    """Seconds of faster-whisper's own batches, a row for each clip."""
    (bare,) = _BARE
    began = time.monotonic()
    ends = np.cumsum([each.seconds for each in said])
    segments, _ = BatchedInferencePipeline(bare).transcribe(
        np.concatenate([each.sound for each in said]),
        language="en",
        beam_size=BEAM,
        batch_size=BATCH,
        clip_timestamps=[
            {"start": float(end - each.seconds), "end": float(end)}
            for end, each in zip(ends, said, strict=True)
        ],
    )
    list(segments)
    return time.monotonic() - began


def _timed_naive(said: Sequence[spoken.Spoken]) -> float:
    """Seconds of one call after the other."""
    (bare,) = _BARE
    began = time.monotonic()
    for each in said:
        segments, _ = bare.transcribe(
            each.sound,
            language="en",
            beam_size=BEAM,
            condition_on_previous_text=False,
        )
        list(segments)
    return time.monotonic() - began


async def _started(model: Path) -> Transcriber:
    """Start a transcriber and wait until its model is loaded."""
    transcriber = Transcriber(SpeechSettings(model=str(model), live_beam=BEAM))
    await transcriber.start()
    while transcriber.status().reason is Reason.LOADING:  # noqa: ASYNC110 (no event for it)
        await asyncio.sleep(0.02)
    return transcriber


def _job(each: spoken.Spoken, user_id: int, start: float) -> SpurtAudio:
    return SpurtAudio(
        SPACE, user_id, start, start + each.seconds, as_pcm(each.sound), each.language
    )
