"""The files of a Space that hold sound: found on the disk, noted in the record.

    tracks/<user id>.opus          one voice; its list of gaps beside it
    mix.ogg                        all of them; while it is made, under another name

Nothing else that the bot writes holds any: a practice room and a voice check are kept
in memory, a member's copy goes when it is sent, and all other files are text.
"""

import asyncio
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from bot.settings import RecordingSettings
from media import render
from moderation.events import RecordingFailed, TrackFailed
from moderation.store import journal, spaces, tracks
from moderation.store.database import Store
from moderation.store.spaces import SpaceRow
from moderation.store.tracks import NewTrack, TrackRow
from scheduler import retention
from scheduler.retention import Sound

SPACES = "spaces"
"""Name of the folder of all Spaces, inside that of the record."""

NUMBER = re.compile("[0-9]{1,15}")
"""Names of the folders in it."""

TRACKS, MIX = "tracks", "mix.ogg"
"""Names inside a Space's folder."""

BESIDE = ".gaps.jsonl"
"""What a track's list of gaps has in place of its suffix."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a Space's folder holds."""

    files: tuple[Path, ...]
    """Tracks, in order of their names, and then the mix."""

    begun: tuple[Path, ...]
    """A mix that is being made, or that a killed process was making."""

    gaps: tuple[Path, ...]
    """Lists of gaps whose track is gone."""


def home(folder: Path, space_id: int) -> Path:
    """Return where the files of a Space belong in the folder of all of them."""
    return folder / SPACES / str(space_id)


def newest(folder: Path) -> int:
    """Return the highest number of a Space that has a folder, 0 for none; blocks."""
    names = [one.name for one in (folder / SPACES).glob("*")]
    return max((int(one) for one in names if NUMBER.fullmatch(one)), default=0)


def find(folder: Path) -> Found:
    """Look into a Space's folder; blocks. One that is not there holds nothing."""
    voices = sorted(folder.glob(f"{TRACKS}/*.opus"))
    voices = [path for path in voices if path.stem.isdecimal() and path.is_file()]
    names = {path.stem for path in voices}
    lists = sorted(folder.glob(f"{TRACKS}/*{BESIDE}"))
    mix, begun = folder / MIX, render.partial(folder / MIX)
    return Found(
        files=tuple(voices) + ((mix,) if mix.is_file() else ()),
        begun=(begun,) if begun.is_file() else (),
        gaps=tuple(path for path in lists if path.name.split(".")[0] not in names),
    )


async def note_tracks(
    store: Store, space_id: int, folder: Path, settings: RecordingSettings
) -> list[Path]:
    """Note the tracks of a Space's folder in the record, once; return them.

    Without those that are about to be deleted. Raises LookupError where there is no
    such Space.
    """
    found = await asyncio.to_thread(find, folder)
    voices = [path for path in found.files if path.name != MIX]
    days = settings.keep_days
    rows = await store.write(lambda db: note(db, space_id, voices, days))
    going = {row.path for row in rows if row.deleting_at is not None}
    return [path for path in voices if str(path) not in going]


def note(
    db: Database, space_id: int, files: Iterable[Path], keep_days: float
) -> list[TrackRow]:
    """Note files of an ended Space, each once; return what is there by the record.

    ``keep_days`` are counted from its end. Raises LookupError where there is no such
    Space.
    """
    space = spaces.get(db, space_id)
    if space is None:
        raise LookupError(f"there is no Space {space_id}")
    for path in files:
        _note(db, space, path, keep_days)
    return [row for row in tracks.read(db, space_id) if row.deleted_at is None]


def _note(db: Database, space: SpaceRow, path: Path, keep_days: float) -> None:
    """Note a file, once.

    It lacks some where recording failed, or its own track did: of the mix, any track.
    """
    known = [row for row in tracks.read(db, space.id) if row.path == str(path)]
    if any(row.deleted_at is None for row in known):
        return
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return  # deleted since it was found
    user_id = int(path.stem) if path.suffix == ".opus" else None
    ended_at = space.ended_at or space.opened_at
    track = tracks.begin(
        db,
        NewTrack(
            space_id=space.id,
            path=str(path),
            start=0.0,  # every file begins at the Space's recording zero
            user_id=user_id,
            kind="mix" if user_id is None else "track",
            expires_at=retention.expires_at(
                Sound(ended_at, space.keep_days), keep_days, ended_at
            ),
        ),
    )
    failed = journal.times(db, space.id, RecordingFailed.__name__)
    lost = journal.bodies(db, space.id, TrackFailed.__name__)
    mine = user_id is None or user_id in (json.loads(one)["user_id"] for one in lost)
    state = "stopped" if failed or (lost and mine) else "complete"
    tracks.finish(db, track, ended_at - space.opened_at, size, state)
