"""A multi-track archive as Craig makes it: one audio file per speaker in a zip.

Rule 1: an archive is untrusted. Nothing is written where it asks: each member goes
to a plain name of ours in a directory of ours.
Rule 2: size is bounded by what is really unpacked, not by what the archive says.
Rule 3: what is no audio (``info.txt``, labels, notes) is left alone.

Craig names tracks ``1-name.flac``; the number is the order of arrival.
"""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from media.errors import MediaError

AUDIO = frozenset(
    {".flac", ".ogg", ".oga", ".opus", ".wav", ".aac", ".m4a", ".mp3", ".mp4", ".mka"}
)
MAX_TRACKS = 256
MAX_BYTES = 16 << 30
CHUNK = 1 << 20

_NUMBERED = re.compile(r"\d+-(.+)")
_TAG = re.compile(r"_\d{4}$|#\d{4}$")


class ArchiveError(MediaError):
    """An archive cannot be taken apart; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class TrackFile:
    """One speaker's recording on disk."""

    speaker: str
    path: Path


def is_archive(path: Path) -> bool:
    """Say whether the file is a zip."""
    return path.suffix.lower() == ".zip" or zipfile.is_zipfile(path)


def unpack(path: Path, folder: Path, *, max_bytes: int = MAX_BYTES) -> list[TrackFile]:
    """Unpack the audio of an archive into ``folder``; tracks in the archive's order.

    Raises ArchiveError with the file's name.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _tracks(archive, path, folder, max_bytes)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise ArchiveError(f"{path}: not a zip that can be read: {error}") from None
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}") from None


def speaker(name: str) -> str:
    """Return who a track's file name says it is of: ``2-Ana_0001.flac`` → ``Ana``."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    numbered = _NUMBERED.fullmatch(stem)
    plain = _TAG.sub("", numbered.group(1) if numbered else stem)
    shown = "".join(c for c in plain if c.isprintable()).strip()
    return shown or "speaker"


def _tracks(
    archive: zipfile.ZipFile, path: Path, folder: Path, max_bytes: int
) -> list[TrackFile]:
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir()
        and PurePosixPath(member.filename).suffix.lower() in AUDIO
    ]
    if not members:
        raise ArchiveError(f"{path}: no audio tracks in it")
    if len(members) > MAX_TRACKS:
        raise ArchiveError(f"{path}: more than {MAX_TRACKS} tracks")
    left = max_bytes
    tracks = []
    for number, member in enumerate(members, 1):
        suffix = PurePosixPath(member.filename).suffix.lower()
        target = folder / f"track-{number}{suffix}"
        with archive.open(member) as source, target.open("wb") as sink:
            left -= _copied(source, sink, left)
        if left < 0:
            raise ArchiveError(f"{path}: more than {max_bytes} bytes when unpacked")
        tracks.append(TrackFile(speaker(member.filename), target))
    return tracks


def _copied(source: IO[bytes], sink: IO[bytes], limit: int) -> int:
    """Copy until the end, or until just past ``limit`` bytes; return how many."""
    done = 0
    while done <= limit and (chunk := source.read(CHUNK)):
        sink.write(chunk)
        done += len(chunk)
    return done
