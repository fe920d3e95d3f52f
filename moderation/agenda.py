"""What a Space is about: topic, agenda items, what was parked, links on the shelf."""

from dataclasses import dataclass, field, replace
from enum import Enum

from moderation.refused import Refused

TEXT_LIMIT = 300
"""Characters kept of a topic, an item or a parked subject."""


class Progress(Enum):
    """How far an agenda item is."""

    AHEAD = "ahead"
    CURRENT = "current"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the agenda."""

    text: str
    minutes: float | None
    progress: Progress = Progress.AHEAD
    started_at: float | None = None
    """Unix seconds."""


@dataclass(slots=True)
class Agenda:
    """The subject matter of one Space."""

    topic: str
    items: list[Item] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    """Label by URL, in the order of pinning."""

    @property
    def current(self) -> int:
        """The number of the current item, 1 for the first; 0 for none."""
        for number, item in enumerate(self.items, start=1):
            if item.progress is Progress.CURRENT:
                return number
        return 0

    def set_topic(self, text: str) -> str:
        """Set the topic; refuse an empty one. Return it as kept."""
        self.topic = _kept(text)
        return self.topic

    def park(self, text: str) -> str:
        """Put a subject aside; refuse an empty one. Return it as kept."""
        kept = _kept(text)
        self.parked.append(kept)
        return kept

    def add(self, text: str, minutes: float | None) -> int:
        """Add an item at the end; return its number."""
        if minutes is not None and minutes <= 0:
            raise Refused("agenda.bad_minutes")
        self.items.append(Item(_kept(text), minutes))
        return len(self.items)

    def start(self, number: int, now: float) -> Item:
        """Make an item the current one; the one before it is done.

        What comes after the last item is refused by its own name.
        """
        if not self.items:
            raise Refused("topic.no_agenda")
        if number == len(self.items) + 1:
            raise Refused("agenda.at_end", n=len(self.items))
        item = self._item(number)
        if item.progress is Progress.CURRENT:
            raise Refused("agenda.already_current", n=number)
        current = self.current
        if current:
            before = self.items[current - 1]
            self.items[current - 1] = replace(before, progress=Progress.DONE)
        item = replace(item, progress=Progress.CURRENT, started_at=now)
        self.items[number - 1] = item
        return item

    def skip(self, number: int) -> Item:
        """Leave an item out; refuse what is done or skipped."""
        item = self._item(number)
        if item.progress not in (Progress.AHEAD, Progress.CURRENT):
            raise Refused("agenda.already_done", n=number)
        item = self.items[number - 1] = replace(item, progress=Progress.SKIPPED)
        return item

    def pin(self, url: str, label: str) -> None:
        """Put a link on the shelf; refuse what is no web address."""
        if not url.startswith(("https://", "http://")):
            raise Refused("agenda.no_link")
        self.links[url] = label[:TEXT_LIMIT]

    def unpin(self, url: str) -> None:
        """Take a link off the shelf."""
        if url not in self.links:
            raise Refused("agenda.not_pinned")
        del self.links[url]

    def _item(self, number: int) -> Item:
        if not 1 <= number <= len(self.items):
            raise Refused("agenda.unknown", n=number)
        return self.items[number - 1]


def _kept(text: str) -> str:
    kept = " ".join(text.split())[:TEXT_LIMIT]
    if not kept:
        raise Refused("text.empty")
    return kept
