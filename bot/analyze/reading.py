"""Transcript lines → drift, by the code that watches a live Space."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.config import Config
from bot.errors import UsageError
from media import webvtt
from media.transcript import Line, TranscriptError, from_json
from moderation.drift.background import Background
from moderation.drift.embedding import EmbeddingModel, EmbeddingScorer
from moderation.drift.fusion import fused
from moderation.drift.lexical import LexicalScorer
from moderation.drift.monitor import DriftMonitor
from moderation.drift.topic import Topic

MAX_BYTES = 256 << 20


def read(path: Path) -> list[Line]:
    """Read a transcript, WebVTT or JSON; UsageError names the file and the place."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path}: larger than {MAX_BYTES >> 20} MiB")
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 text (byte {error.start})") from None
    if not text.strip():
        raise UsageError(f"{path}: the file is empty")
    is_vtt = path.suffix.lower() == ".vtt" or text.startswith(webvtt.SIGNATURE)
    try:
        return webvtt.read(text) if is_vtt else from_json(text)
    except TranscriptError as error:
        raise UsageError(f"{path}: {error}") from None


def drift(
    said: Sequence[Line], topic: str, language: str, config: Config
) -> list[dict[str, Any]]:
    """Judge the lines in time order, one row per passage, as ``drift.json`` has them.

    ``language`` is that of the topic, and of lines that do not say theirs.
    """
    settings = config.drift
    lexical = LexicalScorer(Background(language), settings.memory_words)
    model = None
    if settings.model and language in settings.model_languages:
        model = EmbeddingScorer(EmbeddingModel(settings.model), settings.memory_words)
    scorer = fused(lexical, model)
    monitor = DriftMonitor(settings, scorer, Topic(topic, language))
    readings = [
        reading
        for line in sorted(said, key=lambda line: line.start)
        for reading in monitor.hear(
            line.text, line.start, line.end, language=line.language or language
        )
    ]
    return [
        {
            "start": round(reading.start, 3),
            "end": round(reading.end, 3),
            "score": round(min(max(reading.score, 0.0), 1.0), 4),
            "state": reading.state.value,
        }
        for reading in sorted(readings, key=lambda reading: reading.start)
    ]
