"""What the page says of sound that is gone, or is to go. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moderation.store.spaces import SpaceRow
from moderation.store.tracks import TrackRow
from scheduler.retention import DAY_S


@dataclass(frozen=True, slots=True)
class Deletion:
    """One file that was deleted, or is to be."""

    name: str
    """Whose voice it was; empty where it was everybody's."""

    at: float
    """When it was deleted, or when that was decided; Unix seconds."""

    days: int
    """Whole days after the end of the Space."""

    why: str
    """One of ``moderation.store.tracks``: RETENTION, ERASED."""

    is_gone: bool
    sha256: str
    """Empty where nothing could be proved."""

    size_bytes: int
    trouble: str
    """Why it could not be deleted, or not be read before it was."""


def deletions(
    space: SpaceRow, files: Sequence[TrackRow], names: Mapping[int, str]
) -> list[Deletion]:
    """Return what is gone or is to go, in the order in which files were begun."""
    return [
        Deletion(
            name="" if one.user_id is None else names[one.user_id],
            at=at,
            days=days_between(space, at),
            why=one.why,
            is_gone=one.deleted_at is not None,
            sha256=one.sha256 or "",
            size_bytes=one.size_bytes or 0,
            trouble=one.trouble,
        )
        for one in files
        if (at := one.deleted_at or one.deleting_at) is not None
    ]


def days_between(space: SpaceRow, at: float) -> int:
    """Return whole days from the end of the Space until ``at`` (Unix seconds)."""
    return max(0, int((at - (space.ended_at or space.opened_at)) / DAY_S))
