"""A loaded Whisper model, and what it writes for a window before anybody judges it.

Rule 1: always ``task="transcribe"``, never conditioned on previous text, temperature
0, a bounded number of new tokens. The fallback ladder of temperatures costs up to
six decodings and is what invents text.
Rule 2: a segment's times are those of its timestamp tokens; word times come from the
cross-attention and are coarser.
"""

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel

from media.utterance import Word
from media.whisper.jobs import SAMPLE_RATE_HZ
from media.whisper.plausibility import (
    COMPRESSION,
    LOG_PROBABILITY,
    Segment,
    goes_round,
    invented,
)
from media.whisper.settings import SpeechSettings
from media.whisper.speech import Sound

MAX_HOTWORD_TOKENS = 100
TOKENS_PER_S = 12
MIN_TOKENS = 32
MAX_TOKENS = 224
FRAMES_PER_S = 100
TIMESTAMP_S = 0.02

NO_CHANGES: Mapping[str, Any] = {}


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

    @property
    def seconds(self) -> float:
        """How long the window is."""
        return len(self.sound) / SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the model wrote for one window."""

    segments: tuple[Segment, ...]
    language: str
    loops: bool
    """Whether it goes round in circles."""

    @property
    def log_probability(self) -> float:
        """The least likely segment's; minus infinity where nothing was written."""
        return min((s.log_probability for s in self.segments), default=-math.inf)

    @property
    def is_likely(self) -> bool:
        """Whether the model believes what it wrote, and somebody may have said it."""
        return self.log_probability >= LOG_PROBABILITY and not all(
            invented(segment, self.language) for segment in self.segments
        )

    def credit(self) -> tuple[bool, float]:
        """Order decodings by how much they are to be believed."""
        return self.is_likely, self.log_probability


class _Output(Protocol):
    """A segment as faster-whisper returns it."""

    seek: int
    start: float
    end: float
    text: str
    tokens: Sequence[int]
    words: Iterable[Any] | None
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float


class SpeechModel:
    """One loaded model. Safe to call from as many threads as it has workers."""

    def __init__(self, path: Path, settings: SpeechSettings) -> None:
        """Load it; RuntimeError or ValueError if CTranslate2 cannot."""
        self._model = WhisperModel(
            str(path),
            device=settings.device,
            compute_type=settings.compute_type,
            cpu_threads=settings.threads,
            num_workers=settings.workers,
            local_files_only=True,
        )
        self._uses_hotwords = settings.use_hotwords
        before = self._model.hf_tokenizer.token_to_id("<|notimestamps|>")
        self._first_timestamp: int = before + 1

    def decode(self, task: Task, changes: Mapping[str, Any] = NO_CHANGES) -> Decoded:
        """Decode one window; ``changes`` override options of faster-whisper."""
        options = self._options(task) | dict(changes)
        outputs, info = self._model.transcribe(task.sound, **options)
        return self._decoded(list(outputs), 0.0, str(info.language))

    def decode_together(self, tasks: Sequence[Task]) -> list[Decoded]:
        """Decode windows of one language and prompt in one call (for a GPU)."""
        ends = np.cumsum([len(task.sound) for task in tasks]) / SAMPLE_RATE_HZ
        starts = [0.0, *map(float, ends[:-1])]
        outputs, info = BatchedInferencePipeline(self._model).transcribe(
            np.concatenate([task.sound for task in tasks]),
            clip_timestamps=[
                {"start": start, "end": float(end)}
                for start, end in zip(starts, ends, strict=True)
            ],
            batch_size=len(tasks),
            without_timestamps=False,
            **self._options(tasks[0]),
        )
        rows: list[list[_Output]] = [[] for _ in tasks]
        for output in outputs:
            row = int(np.searchsorted(ends, (output.start + output.end) / 2))
            rows[min(row, len(tasks) - 1)].append(output)
        return [
            self._decoded(row, start, str(info.language))
            for row, start in zip(rows, starts, strict=True)
        ]

    def _decoded(
        self, outputs: Sequence[_Output], offset: float, language: str
    ) -> Decoded:
        segments = tuple(self._segment(output, offset) for output in outputs)
        packs = any(output.compression_ratio > COMPRESSION for output in outputs)
        return Decoded(segments, language, packs and goes_round(segments))

    def _segment(self, output: _Output, offset: float) -> Segment:
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
        start, end = self._times(output)
        if not words and output.text.strip():
            words = (Word(output.text.strip(), start - offset, end - offset, 0.0),)
        return Segment(
            output.text,
            start - offset,
            end - offset,
            words,
            float(output.avg_logprob),
            float(output.no_speech_prob),
            _compression(output.text),
        )

    def _times(self, output: _Output) -> tuple[float, float]:
        stamps = [token for token in output.tokens if token >= self._first_timestamp]
        if not stamps:
            return float(output.start), float(output.end)
        window = output.seek / FRAMES_PER_S
        start = window + (stamps[0] - self._first_timestamp) * TIMESTAMP_S
        if len(stamps) == 1:
            return start, max(start, float(output.end))
        return start, window + (stamps[-1] - self._first_timestamp) * TIMESTAMP_S

    def _options(self, task: Task) -> dict[str, Any]:
        budget = int(MIN_TOKENS + TOKENS_PER_S * task.seconds)
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


def _compression(text: str) -> float:
    """Measure how much a segment repeats itself; faster-whisper's is the window's."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0
