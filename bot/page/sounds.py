"""Which files of a Space may be listened to.

Rule: it is asked again for every part of a file that a player wants, of the record as
it stands, and of nothing that the answer does not hang on: a player that seeks must
not cost what the whole page does.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlite_utils import Database

from moderation.store import redactions, spaces, tracks
from moderation.store.redactions import RedactionRow
from moderation.store.tracks import TrackRow


def offered(files: Sequence[TrackRow]) -> list[TrackRow]:
    """Return the files that are there to stay: what is to go may go at any moment."""
    return [one for one in files if (one.deleted_at or one.deleting_at) is None]


def withheld(
    files: Sequence[TrackRow], taken: Sequence[RedactionRow]
) -> frozenset[int]:
    """Return tracks that are not silenced yet, and the mix until it is made anew."""
    waiting = {one.user_id for one in taken if one.settled_at is None}
    held = set()
    for track in files:
        gone = bool(taken) and file_of(track) is None
        if track.user_id in waiting or (track.kind == "mix" and (waiting or gone)):
            held.add(track.id)
    return frozenset(held)


def find(db: Database, guild_id: int, space_id: int, track_id: int) -> Path | None:
    """Return the file of a track that may be listened to now.

    None where there is no such Space in the guild, no such file in the Space, or it is
    withheld, deleted, to be deleted, or not there.
    """
    space = spaces.get(db, space_id)
    if space is None or space.guild_id != guild_id:
        return None
    files = offered(tracks.read(db, space_id))
    held = withheld(files, redactions.read(db, space_id))
    for track in files:
        if track.id == track_id and track.id not in held:
            return file_of(track)
    return None


def file_of(track: TrackRow) -> Path | None:
    """Return where a track's file is, or None when it is not there any more."""
    path = Path(track.path)
    return path if path.is_file() else None
