"""Facts about floor requests: hands and the queue that they stand in."""

from dataclasses import dataclass

from moderation.events.event import ByStaff, Event
from moderation.requests import QueueMode, RequestKind, Via


@dataclass(frozen=True, slots=True)
class HandRaised(Event):
    """A member asked for the floor. Raised again it changes kind and note."""

    user_id: int
    kind: RequestKind = RequestKind.NEW_TOPIC

    note: str = ""
    """In the member's words; cut to ``NOTE_LIMIT`` characters."""

    via: Via = Via.BUTTON


@dataclass(frozen=True, slots=True)
class HandWithdrawn(Event):
    """A member lowered their own hand."""

    user_id: int
    via: Via = Via.BUTTON


@dataclass(frozen=True, slots=True)
class HandDeferred(Event):
    """A member went to the end of the queue of their own will."""

    user_id: int


@dataclass(frozen=True, slots=True)
class HandLowered(ByStaff):
    """Somebody with the right lowered a member's hand."""

    user_id: int


@dataclass(frozen=True, slots=True)
class HandsCleared(ByStaff):
    """All hands were lowered."""


@dataclass(frozen=True, slots=True)
class HandMoved(ByStaff):
    """A hand was put at a place in the queue by hand."""

    user_id: int

    position: int
    """1 is next; more than there are is last."""


@dataclass(frozen=True, slots=True)
class QueueClosed(ByStaff):
    """New hands are refused; those that are up stay."""


@dataclass(frozen=True, slots=True)
class QueueOpened(ByStaff):
    """Hands may be raised again."""


@dataclass(frozen=True, slots=True)
class QueueModeSet(ByStaff):
    """The order of the queue was changed."""

    mode: QueueMode


@dataclass(frozen=True, slots=True)
class QueueSlowed(ByStaff):
    """A member may raise a hand only every so many seconds."""

    seconds: float
    """0 for no limit."""


@dataclass(frozen=True, slots=True)
class SideTaken(Event):
    """A member chose a side of the debate."""

    user_id: int

    side: str
    """One of the Space's ``sides``."""
