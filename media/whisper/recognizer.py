"""faster-whisper, called so that it writes what was said and nothing else.

Rule 1: always ``task="transcribe"``, never conditioned on previous text, temperature
0, a bounded number of new tokens. The fallback ladder of temperatures costs up to
six decodings and is what invents text.
Rule 2: stretches without a voice never reach the model (``SpeechGate``); words that
come back over silence are withheld.
Rule 3: a window that loops is decoded once more with repetition forbidden, and that
counts if the model believes it: people do repeat themselves. Loops inside a segment
are cut.
"""

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel

from media.utterance import Word
from media.whisper.jobs import SAMPLE_RATE_HZ
from media.whisper.plausibility import (
    COMPRESSION,
    LOG_PROBABILITY,
    Kind,
    Segment,
    goes_round,
    invented,
    is_too_fast,
    without_loops,
)
from media.whisper.settings import SpeechSettings
from media.whisper.speech import Sound, SpeechGate, silenced
from media.whisper.windows import Sentence

MAX_HOTWORD_TOKENS = 100
TOKENS_PER_S = 12
MIN_TOKENS = 32
MAX_TOKENS = 224
TAIL_S = 2.0
STRICT = {"repetition_penalty": 1.2, "no_repeat_ngram_size": 4}


@dataclass(frozen=True, slots=True)
class Task:
    """One window to recognise."""

    sound: Sound
    """Mono, 16 kHz, -1 to 1."""
    pieces: tuple[tuple[float, float], ...]
    """Where speech was put in the window: start and length, seconds."""
    language: str
    """ISO 639-1; "" asks the model."""
    hotwords: str
    beam: int


@dataclass(frozen=True, slots=True)
class Recognised:
    """What one window said."""

    sentences: tuple[Sentence, ...]
    """Words by segment, in seconds of the window."""
    language: str
    withheld: Counter[str]
    """Invented segments by kind."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the model wrote for one window, before it is judged."""

    segments: tuple[Segment, ...]
    language: str
    loops: bool
    """Whether it goes round in circles."""

    @property
    def log_probability(self) -> float:
        """The least likely segment's; minus infinity where nothing was written."""
        return min((s.log_probability for s in self.segments), default=-math.inf)

    def credit(self) -> tuple[bool, float]:
        """Order decodings by how much they are to be believed."""
        return self.is_likely, self.log_probability

    @property
    def is_likely(self) -> bool:
        """Whether the model believes what it wrote, and somebody may have said it."""
        return self.log_probability >= LOG_PROBABILITY and not all(
            invented(segment, self.language) for segment in self.segments
        )


class _Output(Protocol):
    """A segment as faster-whisper returns it."""

    start: float
    end: float
    text: str
    words: Iterable[Any] | None
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float


class Recognizer:
    """One loaded model. Safe to call from as many threads as it has workers."""

    def __init__(self, path: Path, settings: SpeechSettings) -> None:
        """Load the model; RuntimeError or ValueError if CTranslate2 cannot."""
        self._model = WhisperModel(
            str(path),
            device=settings.device,
            compute_type=settings.compute_type,
            cpu_threads=settings.threads,
            num_workers=settings.workers,
            local_files_only=True,
        )
        self._uses_hotwords = settings.use_hotwords

    def recognise(self, tasks: Sequence[Task]) -> list[Recognised]:
        """Recognise windows that share language, hot-words and beam."""
        gates = [SpeechGate(task.sound) for task in tasks]
        withheld: list[Counter[str]] = [Counter() for _ in tasks]
        voiced = [
            self._gated(*each) for each in zip(tasks, gates, withheld, strict=True)
        ]
        busy = [i for i, task in enumerate(voiced) if task is not None]
        live = [task for task in voiced if task is not None]
        decoded = self._batch(live) if len(live) > 1 else [self._one(t) for t in live]
        results = [Recognised((), task.language, Counter()) for task in tasks]
        for i, each in zip(busy, decoded, strict=True):
            sentences = _said(each.segments, each.language, gates[i], withheld[i])
            results[i] = Recognised(tuple(sentences), each.language, Counter())
        return [
            replace(result, withheld=counts)
            for result, counts in zip(results, withheld, strict=True)
        ]

    def _gated(
        self, task: Task, gate: SpeechGate, withheld: Counter[str]
    ) -> Task | None:
        """Silence the pieces without a voice; None where no piece has one."""
        mute = [
            (at, at + seconds)
            for at, seconds in task.pieces
            if not gate.has_voice(at, at + seconds)
        ]
        withheld[Kind.NO_SPEECH] += len(mute)
        if len(mute) == len(task.pieces):
            return None
        return replace(task, sound=silenced(task.sound, mute)) if mute else task

    def _one(self, task: Task) -> Decoded:
        """Decode one window, once more where the text speaks against itself."""
        decoded = self._decoded(task, {})
        if task.hotwords and not decoded.is_likely:
            # A prompt can silence a small model; the sound counts more than the hint.
            bare = self._decoded(replace(task, hotwords=""), {})
            decoded = max(decoded, bare, key=Decoded.credit)
        if decoded.loops:
            strict = self._decoded(task, STRICT)
            decoded = strict if strict.is_likely else decoded
        return decoded

    def _decoded(self, task: Task, changes: dict[str, Any]) -> Decoded:
        outputs, info = self._model.transcribe(
            task.sound, **self._options(task) | changes
        )
        raw = list(outputs)
        segments = tuple(_segment(output) for output in raw)
        packs = any(output.compression_ratio > COMPRESSION for output in raw)
        return Decoded(segments, str(info.language), packs and goes_round(segments))

    def _batch(self, tasks: Sequence[Task]) -> list[Decoded]:
        """Decode several windows in one call; those it cut short go alone again."""
        if any(
            task.language != tasks[0].language or not task.language for task in tasks
        ):
            return [self._one(task) for task in tasks]
        ends = np.cumsum([len(task.sound) for task in tasks]) / SAMPLE_RATE_HZ
        starts = [0.0, *ends[:-1]]
        outputs, info = BatchedInferencePipeline(self._model).transcribe(
            np.concatenate([task.sound for task in tasks]),
            clip_timestamps=[
                {"start": float(start), "end": float(end)}
                for start, end in zip(starts, ends, strict=True)
            ],
            batch_size=len(tasks),
            without_timestamps=False,
            **self._options(tasks[0]),
        )
        rows: list[list[Segment]] = [[] for _ in tasks]
        for output in outputs:
            row = int(np.searchsorted(ends, (output.start + output.end) / 2))
            row = min(row, len(tasks) - 1)
            rows[row].append(_segment(output, float(starts[row])))
        return [
            self._one(task)
            if _cut_short(task, row)
            else Decoded(tuple(row), str(info.language), loops=False)
            for task, row in zip(tasks, rows, strict=True)
        ]

    def _options(self, task: Task) -> dict[str, Any]:
        seconds = len(task.sound) / SAMPLE_RATE_HZ
        budget = int(MIN_TOKENS + TOKENS_PER_S * seconds)
        return {
            "language": task.language or None,
            "task": "transcribe",
            "beam_size": task.beam,
            "temperature": 0.0,
            "condition_on_previous_text": False,
            "word_timestamps": True,
            "vad_filter": False,
            "max_new_tokens": min(budget, MAX_TOKENS),
            "hotwords": self._bounded(task.hotwords) if self._uses_hotwords else None,
        }

    def _bounded(self, hotwords: str) -> str | None:
        """Cut hot-words to what leaves room for the words themselves."""
        kept = list(dict.fromkeys(hotwords.split()))
        tokens = self._model.hf_tokenizer.encode(" ".join(kept)).ids
        while kept and len(tokens) > MAX_HOTWORD_TOKENS:
            kept.pop()
            tokens = self._model.hf_tokenizer.encode(" ".join(kept)).ids
        return " ".join(kept) or None


def _segment(output: _Output, offset: float = 0.0) -> Segment:
    words = tuple(
        Word(
            word.word.strip(),
            float(word.start) - offset,
            float(word.end) - offset,
            float(word.probability),
        )
        for word in output.words or ()
        if word.word.strip()
    )
    if not words and output.text.strip():
        span = (float(output.start) - offset, float(output.end) - offset)
        words = (Word(output.text.strip(), *span, 0.0),)
    return Segment(
        output.text,
        words,
        float(output.avg_logprob),
        float(output.no_speech_prob),
        _compression(output.text),
    )


def _compression(text: str) -> float:
    """Measure how much a segment repeats itself; faster-whisper's is the window's."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def _said(
    segments: Iterable[Segment],
    language: str,
    gate: SpeechGate,
    withheld: Counter[str],
) -> list[Sentence]:
    said: list[Sentence] = []
    for segment in map(without_loops, segments):
        kind = invented(segment, language)
        if kind is None and all(gate.is_silent(w.start, w.end) for w in segment.words):
            kind = Kind.NO_SPEECH
        if kind is None:
            said.append(segment.words)
        else:
            withheld[kind] += 1
    if is_too_fast(sum(map(len, said)), gate.voiced_s):
        withheld[Kind.TOO_FAST] += len(said)
        return []
    return said


def _cut_short(task: Task, segments: Sequence[Segment]) -> bool:
    """Say whether a batched row ends well before its speech does.

    Without the sequential loop nothing decodes what follows the last timestamp.
    """
    at, seconds = task.pieces[-1]
    heard_to = max((w.end for s in segments for w in s.words), default=0.0)
    return at + seconds - heard_to > TAIL_S
