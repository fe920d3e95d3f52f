"""Facts about the floor: invitations, turns and their clocks."""

from dataclasses import dataclass
from enum import Enum

from moderation.events.event import ByStaff, Event


class Answer(Enum):
    """What an invited member says."""

    ACCEPTED = "accepted"
    LATER = "later"
    """Back to the queue, at its end."""
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class NextCalled(ByStaff):
    """The next in the queue was invited."""

    seen_id: int | None = None
    """Who was next on the panel that was looked at; None where nobody looked."""


@dataclass(frozen=True, slots=True)
class Invited(ByStaff):
    """A member was invited to the floor, with or without a hand up."""

    user_id: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class InvitationAnswered(Event):
    """An invited member answered, by button, by chat or in Discord's own window."""

    user_id: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class InvitationWithdrawn(ByStaff):
    """An invitation was taken back; a hand that led to it is up again."""

    user_id: int


@dataclass(frozen=True, slots=True)
class InvitationExpired(Event):
    """Timer: nobody answered the invitation."""

    user_id: int


@dataclass(frozen=True, slots=True)
class SteppedDown(Event):
    """A speaker gave up the floor."""

    user_id: int


@dataclass(frozen=True, slots=True)
class Demoted(ByStaff):
    """A speaker was sent back to the audience."""

    user_id: int


@dataclass(frozen=True, slots=True)
class Swapped(ByStaff):
    """A speaker made room and somebody else was invited in their place."""

    user_id: int
    """The speaker who goes."""

    other_id: int
    """The member who is invited."""


@dataclass(frozen=True, slots=True)
class SpeakersRotated(ByStaff):
    """The speaker with the floor for longest made room for the next in the queue."""

    seen_id: int | None = None
    """Who was next on the panel that was looked at; None where nobody looked."""


@dataclass(frozen=True, slots=True)
class TurnLengthSet(ByStaff):
    """The length of turns was set, for the turns that run too."""

    seconds: float | None
    """None for no clock."""


@dataclass(frozen=True, slots=True)
class AutoEndSet(ByStaff):
    """Whether turns end by themselves when their time is up."""

    on: bool


@dataclass(frozen=True, slots=True)
class AutoCallSet(ByStaff):
    """Whether a free seat is offered to the next without the host."""

    on: bool


@dataclass(frozen=True, slots=True)
class TurnExtended(ByStaff):
    """A turn got more time; speakers may give themselves a minute so many times."""

    user_id: int
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class LastWordGiven(ByStaff):
    """A member gets the last word: they are invited and the queue closes."""

    user_id: int


@dataclass(frozen=True, slots=True)
class TurnWarned(Event):
    """Timer: a turn has only this many seconds left."""

    user_id: int

    left_s: float
    """30 or 10."""


@dataclass(frozen=True, slots=True)
class TurnRanOut(Event):
    """Timer: the time of a turn is up."""

    user_id: int
