"""Moments that members marked with ``/mark`` while a Space went on."""

from collections.abc import Iterable
from dataclasses import dataclass

from moderation.events import MomentMarked, UnreadableEventError
from moderation.events.rows import from_row
from moderation.store.journal import JournalRow
from moderation.store.spaces import SpaceRow


@dataclass(frozen=True, slots=True)
class Mark:
    """One such moment."""

    at: float
    """Seconds of the Space."""

    user_id: int
    note: str


def marks(space: SpaceRow, happened: Iterable[JournalRow]) -> list[Mark]:
    """Return the marks of a Space, by the moment that was meant."""
    found = []
    for row in happened:
        if row.name != MomentMarked.__name__:
            continue
        try:
            event = from_row(row.name, row.body)
        except UnreadableEventError:
            continue  # of a later version: the page shows the rest
        if isinstance(event, MomentMarked):
            meant = row.at - space.opened_at - event.back_s
            found.append(Mark(max(0.0, meant), event.user_id, event.note))
    return sorted(found, key=lambda mark: mark.at)
