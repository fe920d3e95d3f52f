"""The command line of ``tertulia analyze``."""

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from bot.analyze.files import as_json, write
from bot.analyze.hearing import HeardTracks, hear, tracks
from bot.analyze.progress import progress
from bot.analyze.reading import drift, read
from bot.config import Config, load
from bot.errors import UsageError
from media import rttm, transcript, webvtt
from media.transcript import Line
from media.whisper.models import languages
from moderation.talktime.figures import figures
from moderation.talktime.table import table

CONFIG = Path("config.toml")
AS_PATH = click.Path(path_type=Path)


@click.command(short_help="Find talk time, words and drift in recordings.")
@click.argument("track", nargs=-1, type=AS_PATH)
@click.option("--topic", required=True, help="What the talk was meant to be about.")
@click.option("--out", required=True, type=AS_PATH, help="Folder for the results.")
@click.option("--transcript", "text", type=AS_PATH, help="WebVTT or JSON, not tracks.")
@click.option("--language", default="", help="Language spoken: en, es, …")
@click.option("--model", default=None, help="Speech model: name or directory.")
@click.option(
    "--config",
    "settings",
    type=AS_PATH,
    default=CONFIG,
    show_default=True,
    help="The configuration; defaults where there is none.",
)
def analyze(
    track: tuple[Path, ...],
    topic: str,
    out: Path,
    text: Path | None,
    language: str,
    model: str | None,
    settings: Path,
) -> None:
    """Find talk time, words and drift in recordings, one TRACK per speaker.

    A TRACK is any file that ffmpeg reads, or a multi-track zip as Craig makes it.
    """
    if not topic.strip():
        raise UsageError("--topic: say what the talk was meant to be about")
    if bool(track) == (text is not None):
        raise UsageError("analyze: give recordings, or one --transcript, not both")
    if language and language not in languages():
        raise UsageError(
            f"--language {language}: no such language; give its code of two letters,"
            " such as en or es"
        )
    config = load(settings) if settings != CONFIG or settings.exists() else Config()
    if model is not None:
        config = replace(config, speech=replace(config.speech, model=model))
    spoken = language or config.discord.language
    if text is not None:
        files = _text(read(text), topic, spoken, config)
    else:
        files = _sound(track, topic, spoken, config)
    for path in write(out, files):
        click.echo(path)


def _sound(
    paths: tuple[Path, ...], topic: str, language: str, config: Config
) -> dict[str, str]:
    """Analyse recordings; the five files by name."""
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="tertulia-") as folder, _quiet():
        found = tracks(paths, Path(folder))
        with progress(console, len(found)) as on_track:
            heard = asyncio.run(hear(found, config, language, on_track))
    if heard.no_words:
        click.echo(f"no transcript: {heard.no_words}", err=True)
    if heard.missed:
        click.echo(f"without words: {len(heard.missed)} talk spurts", err=True)
    return _talk(heard) | _text(heard.lines, topic, language, config)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep back what the transcriber warns of: it is said once, for a person."""
    logger = logging.getLogger("media.whisper")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _talk(heard: HeardTracks) -> dict[str, str]:
    talk = figures(heard.ledger, heard.seconds)
    by_name = {heard.names[each.user_id]: each.talk for each in talk.speakers}
    return {
        "talktime.rttm": rttm.write(by_name, "space"),
        "talktime.json": as_json(table(talk, heard.names)),
    }


def _text(
    said: list[Line], topic: str, language: str, config: Config
) -> dict[str, str]:
    return {
        "transcript.vtt": webvtt.write(said),
        "transcript.json": transcript.to_json(said, title=topic),
        "drift.json": as_json(drift(said, topic, language, config)),
    }
