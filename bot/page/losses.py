"""What the sound of a Space lacks because a disk refused, by its journal. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from media.heard import TrackTrouble
from moderation.events import RecordingFailed, RecordingStarted, TrackFailed
from moderation.events.rows import from_row
from moderation.store.journal import JournalRow
from moderation.store.spaces import SpaceRow


@dataclass(frozen=True, slots=True)
class LostTrack:
    """One speaker's track that could no longer be written."""

    user_id: int
    at: float
    """Seconds of the Space."""

    trouble: TrackTrouble


def unrecorded_from(space: SpaceRow, happened: Sequence[JournalRow]) -> list[float]:
    """Return when recording failed, in seconds of the Space.

    On a full disk every track fails: what follows the first, until recording is
    started again, says nothing new.
    """
    found, failed = [], False
    for row in happened:
        if row.name == RecordingFailed.__name__ and not failed:
            found.append(row.at - space.opened_at)
        if row.name in (RecordingFailed.__name__, RecordingStarted.__name__):
            failed = row.name == RecordingFailed.__name__
    return found


def lost_tracks(space: SpaceRow, happened: Sequence[JournalRow]) -> list[LostTrack]:
    """Return whose track failed and when."""
    return [
        LostTrack(event.user_id, row.at - space.opened_at, event.trouble)
        for row in happened
        if row.name == TrackFailed.__name__
        if isinstance(event := from_row(row.name, row.body), TrackFailed)
    ]
