"""One audio file → blocks of 16 kHz mono int16, without holding it in memory."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

import ffmpeg

from media.decode.ffmpeg import PROTOCOLS, FfmpegError, find_ffmpeg, local, reason
from media.errors import MediaError

RATE_HZ = 16_000
SAMPLE_BYTES = 2
BLOCK_S = 10
MAX_HOURS = 24


class SoundError(MediaError):
    """A recording cannot be read; the message names it and says why."""


def blocks(path: Path) -> Iterator[bytes]:
    """Yield the file's sound, mixed to one channel, in blocks of ten seconds.

    Raise SoundError where it is absent, empty, or not sound; also in the middle,
    where the file turns out to be broken and nothing could be read.
    """
    _check(path)
    # What ffmpeg says goes to a file: a pipe that nobody reads would stop it.
    with TemporaryFile() as said:
        # The arguments are a list, built here; no shell, and the path is a file: URL.
        process = subprocess.Popen(  # noqa: S603
            _arguments(path),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        try:
            yield from _sound(process, path)
        finally:
            process.kill()
            process.wait()
        said.seek(0)
        if process.returncode:
            why = reason(said.read())
            raise SoundError(f"{path}: not sound that ffmpeg can read: {why}")


def pcm(path: Path) -> bytes:
    """Return the whole of a short file."""
    return b"".join(blocks(path))


def _sound(process: "subprocess.Popen[bytes]", path: Path) -> Iterator[bytes]:
    if process.stdout is None:
        raise AssertionError("started with a pipe")
    heard = 0
    with process.stdout as stdout:
        while block := stdout.read(BLOCK_S * RATE_HZ * SAMPLE_BYTES):
            heard += len(block)
            yield block
    if process.wait() == 0 and not heard:
        raise SoundError(f"{path}: there is no sound in it")


def _check(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise SoundError(f"{path}: {error.strerror}") from None
    if path.is_dir():
        raise SoundError(f"{path}: a directory, not a recording")
    if size == 0:
        raise SoundError(f"{path}: the file is empty")


def _arguments(path: Path) -> list[str]:
    try:
        program = find_ffmpeg()
    except FfmpegError as error:
        raise SoundError(f"{path}: {error}") from None
    stream = ffmpeg.input(local(path), protocol_whitelist=PROTOCOLS)
    stream = ffmpeg.output(
        stream.audio,
        "pipe:1",
        format="s16le",
        acodec="pcm_s16le",
        ac=1,
        ar=RATE_HZ,
        t=MAX_HOURS * 3600,
    ).global_args("-nostdin", "-loglevel", "error")
    arguments: list[str] = ffmpeg.compile(stream, cmd=program)
    return arguments
