"""Facts about what the Space is about."""

from dataclasses import dataclass

from moderation.events.event import ByStaff, Event


@dataclass(frozen=True, slots=True)
class TopicSet(ByStaff):
    """The Space has a new topic."""

    text: str


@dataclass(frozen=True, slots=True)
class TopicRecalled(ByStaff):
    """The room was asked to come back to the topic."""


@dataclass(frozen=True, slots=True)
class TopicParked(ByStaff):
    """A subject was put aside for later."""

    text: str


@dataclass(frozen=True, slots=True)
class AgendaItemAdded(ByStaff):
    """An item was added at the end of the agenda."""

    text: str

    minutes: float | None = None
    """Planned length in minutes."""


@dataclass(frozen=True, slots=True)
class AgendaItemStarted(ByStaff):
    """An item of the agenda is the subject now; the one before it is done."""

    number: int
    """1 for the first item."""


@dataclass(frozen=True, slots=True)
class AgendaItemSkipped(ByStaff):
    """An item of the agenda is left out."""

    number: int


@dataclass(frozen=True, slots=True)
class LinkPinned(ByStaff):
    """A link was put on the room's shelf."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class LinkUnpinned(ByStaff):
    """A link was taken off the shelf."""

    url: str


@dataclass(frozen=True, slots=True)
class MomentMarked(Event):
    """A member marked a moment to find it again."""

    user_id: int
    note: str = ""

    back_s: float = 20.0
    """How long before now the moment was, in seconds."""
