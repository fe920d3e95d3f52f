"""Renders: all tracks of a Space as one file to listen to.

Edge: runs ffmpeg as a process of its own at low priority.

Rule 1: tracks line up: second 0.0 of each is second 0.0 of the Space, so mixing is
adding. Every track is brought to the same loudness first, so that nobody is lost
behind somebody with a louder microphone; a limiter keeps the sum from clipping.
Rule 2: the file appears when it is whole. Until then it has another name beside it,
and a render that fails or is cancelled leaves nothing.
Rule 3: progress is told as seconds rendered; cancelling the task ends ffmpeg.
"""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import ffmpeg

from media.decode.ffmpeg import PROTOCOLS, FfmpegError, find_ffmpeg, local, reason
from media.errors import MediaError

BIT_RATE = "64k"
LIMIT = 0.9
"""Where the limiter holds the sum, 1.0 is full scale."""
LOUDNESS = {"f": 250, "g": 11, "p": 0.6, "r": 0.1, "m": 10}
"""dynaudnorm: 250 ms frames smoothed over 2.75 s, so that the silence around a short
remark does not hold it down; -20 dB of loudness, at most 20 dB of gain."""
CODECS = {".ogg": "libopus", ".opus": "libopus", ".flac": "flac", ".mp3": "libmp3lame"}
NICE = 10
PROGRESS = b"out_time_us="

OnProgress = Callable[[float], None]
"""Called with the seconds rendered so far."""


class RenderError(MediaError):
    """A render could not be made; the message is one line."""


async def mix(
    tracks: Sequence[Path], target: Path, on_progress: OnProgress | None = None
) -> None:
    """Mix aligned tracks into ``target``, whose suffix chooses the format.

    Raise RenderError where a track is missing or ffmpeg refuses; ``target`` is then
    as it was before.
    """
    _check(tracks, target)
    unready = partial(target)
    try:
        process = await asyncio.create_subprocess_exec(
            *arguments(tracks, unready),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            said = await _watched(process, on_progress)
            await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise RenderError(f"{target}: the mix failed: {reason(said)}")
        unready.replace(target)
    except OSError as error:
        raise RenderError(f"{target}: {error.strerror or error}") from None
    finally:
        unready.unlink(missing_ok=True)


def partial(target: Path) -> Path:
    """Return where a render is until it is whole."""
    return target.with_name(f".{target.name}.partial{target.suffix}")


def arguments(tracks: Sequence[Path], output: Path) -> list[str]:
    """Return the command that mixes ``tracks`` into ``output``."""
    inputs = [
        ffmpeg.input(local(track), protocol_whitelist=PROTOCOLS).audio.filter(
            "dynaudnorm", **LOUDNESS
        )
        for track in tracks
    ]
    # normalize=0: amix would otherwise turn everybody down as people join.
    mixed = ffmpeg.filter(
        inputs, "amix", inputs=len(inputs), duration="longest", normalize=0
    ).filter("alimiter", limit=LIMIT, level="disabled")
    stream = ffmpeg.output(
        mixed,
        local(output),
        acodec=CODECS[output.suffix],
        ac=1,
        audio_bitrate=BIT_RATE,
        map_metadata=-1,
    ).global_args("-nostdin", "-nostats", "-loglevel", "error", "-progress", "pipe:1")
    compiled: list[str] = ffmpeg.compile(stream, cmd=_program(), overwrite_output=True)
    return compiled


def _program() -> list[str]:
    """Return ffmpeg at low priority, where the system can do that."""
    try:
        program = find_ffmpeg()
    except FfmpegError as error:
        raise RenderError(str(error)) from None
    nice = shutil.which("nice")
    return [program] if nice is None else [nice, "-n", str(NICE), program]


def _check(tracks: Sequence[Path], target: Path) -> None:
    if not tracks:
        raise RenderError(f"{target}: there are no tracks to mix")
    for track in tracks:
        if not track.is_file():
            raise RenderError(f"{track}: no such track")
        if track.stat().st_size == 0:
            raise RenderError(f"{track}: the track is empty")
    if target.suffix not in CODECS:
        known = ", ".join(sorted(CODECS))
        raise RenderError(f"{target}: the format is not one of {known}")


async def _watched(
    process: asyncio.subprocess.Process, on_progress: OnProgress | None
) -> bytes:
    """Follow ffmpeg to its end; return what it said on its error output."""
    if process.stdout is None or process.stderr is None:
        raise AssertionError("started with pipes")
    errors = asyncio.create_task(process.stderr.read())
    try:
        async for row in process.stdout:
            time = row.removeprefix(PROGRESS).strip()
            if on_progress is not None and row.startswith(PROGRESS) and time.isdigit():
                on_progress(int(time) / 1_000_000)
        return await errors
    finally:
        errors.cancel()
