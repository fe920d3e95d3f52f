"""Looks at this machine: libraries, model, disk, limits. Nothing leaves it."""

import importlib.metadata
import platform
import resource
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bot import disk
from bot.config import Config
from bot.doctor.check import Check, failure, ok, warning
from bot.page import address
from bot.settings import PageSettings
from bot.voice import buffer
from media import opus
from media.decode.ffmpeg import find_ffmpeg
from media.errors import MediaError
from media.ports import OpusError
from media.whisper.models import ModelError, locate_all
from moderation.drift.embedding import EmbeddingError, EmbeddingModel

PYTHONS = ((3, 11), (3, 13))
"""First and last version that is supported."""

LIBRARIES = ("discord.py", "davey", "PyNaCl", "webrtcvad-wheels", "faster-whisper")
"""Distributions whose versions are worth a line in a report."""

SPEAKERS = 25
"""Who may talk at once in a busy voice channel."""

STALL_S = 1.0
"""Seconds for which a loaded machine may keep the voice thread from reading."""

OPEN_FILES = 1024
"""Fewer file descriptors than this may run out in a large guild."""


def look(config: Config) -> Iterator[Check]:
    """Look at everything that needs no network."""
    yield _python()
    yield from _libraries()
    yield _opus()
    yield _ffmpeg()
    yield _model(config)
    if config.drift.model:
        yield _drift_model(config.drift.model)
    yield _disk(config)
    yield _files()
    yield _udp_buffer()
    if config.page.enabled:
        yield _page(config.page)


def _page(settings: PageSettings) -> Check:
    """Say whether the page can listen where it should."""
    where = f"{settings.host} port {settings.port}"
    try:
        told = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, where_to = told[0]
        with socket.socket(family, kind, protocol) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(where_to)
            sock.listen()
    except OSError as error:
        seen = f"{where}: {address.why(error)}"
        if address.is_taken(error):
            return warning(
                "review page",
                seen,
                "if it is this bot that listens there, all is well; else it does not"
                f" start: {address.way_out(error)}",
            )
        return failure(
            "review page", seen, f"the bot does not start: {address.way_out(error)}"
        )
    return ok("review page", f"{where} is free")


def _python() -> Check:
    version = tuple(int(part) for part in platform.python_version_tuple()[:2])
    if PYTHONS[0] <= version <= PYTHONS[1]:
        return ok("Python", platform.python_version())
    first, last = (".".join(map(str, each)) for each in PYTHONS)
    return failure(
        "Python", platform.python_version(), f"use a version from {first} to {last}"
    )


def _libraries() -> Iterator[Check]:
    for name in LIBRARIES:
        try:
            yield ok(name, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield failure(name, "not installed", "run: make install")


def _opus() -> Check:
    try:
        return ok("libopus", opus.version())
    except OpusError as error:
        return failure("libopus", "not found", str(error))


def _ffmpeg() -> Check:
    try:
        path = find_ffmpeg()
    except MediaError as error:
        return failure("ffmpeg", "not found", str(error))
    shown = subprocess.run(  # noqa: S603 (a path of our own finding)
        [path, "-version"],
        capture_output=True,
        text=True,
        check=False,
    )
    if shown.returncode:
        return failure("ffmpeg", f"{path} does not run", "install ffmpeg anew")
    return ok("ffmpeg", f"{' '.join(shown.stdout.split()[:3])} ({path})")


def _model(config: Config) -> Check:
    try:
        found = locate_all(config.speech)
    except ModelError as error:
        return warning(
            "speech model",
            str(error),
            "until then there is no transcript; everything else works",
        )
    return ok("speech model", str(found.live))


def _drift_model(name: str) -> Check:
    """Look at a directory; a name is fetched by the bot's first start."""
    here = name.startswith((".", "/", "~")) or Path(name).is_dir()
    if not here:
        return ok("drift model", f"{name}, from the model hub")
    try:
        EmbeddingModel(name)
    except EmbeddingError as error:
        return warning("drift model", str(error), "until then drift goes by the words")
    return ok("drift model", name)


def _disk(config: Config) -> Check:
    folder = config.store.folder
    if refused := disk.refusal(folder):
        return failure(
            "disk", refused, "set store.folder to a folder that the bot may write to"
        )
    free_mb = disk.free_mb(folder)
    seen = f"{free_mb:,} MB free at {disk.kept_at(folder)}"
    if free_mb >= config.store.free_mb:
        return ok("disk", seen)
    return failure(
        "disk",
        seen,
        f"free some: recording needs store.free_mb = {config.store.free_mb}",
    )


def _files() -> Check:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= OPEN_FILES:
        return ok("open files", f"up to {soft:,}")
    return warning(
        "open files", f"up to {soft}", f"raise the limit: ulimit -n {min(hard, 4096)}"
    )


def _udp_buffer() -> Check:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        return udp_buffer(buffer.enlarge(sock))


def udp_buffer(size_bytes: int) -> Check:
    """Judge how long the kernel keeps voice while the bot cannot read it."""
    seconds = buffer.holds_s(size_bytes, SPEAKERS)
    seen = f"{seconds:.2f} s of {SPEAKERS} speakers ({size_bytes // 1024:,} KiB)"
    if seconds >= STALL_S:
        return ok("UDP buffer", seen)
    return warning(
        "UDP buffer",
        seen,
        "a busy machine may lose sound; on Linux run: sudo sysctl -w"
        f" net.core.rmem_max={buffer.WANTED_BYTES} (and write net.core.rmem_max ="
        f" {buffer.WANTED_BYTES} into /etc/sysctl.d/tertulia.conf to keep it)",
    )
