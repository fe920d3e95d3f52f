"""Facts about written questions."""

from dataclasses import dataclass

from moderation.events.event import ByStaff, Event


@dataclass(frozen=True, slots=True)
class QuestionAsked(Event):
    """A member asked something in writing."""

    user_id: int
    text: str

    anonymous: bool = False
    """The room is not shown who asked; staff are."""


@dataclass(frozen=True, slots=True)
class QuestionVoted(Event):
    """A member wants a question answered, or no longer."""

    user_id: int

    number: int
    """Of the question, 1 for the first of the Space."""

    wanted: bool = True


@dataclass(frozen=True, slots=True)
class QuestionApproved(ByStaff):
    """A question may be seen and voted on by everybody."""

    number: int


@dataclass(frozen=True, slots=True)
class QuestionShown(ByStaff):
    """A question is the one being answered now."""

    number: int


@dataclass(frozen=True, slots=True)
class QuestionAnswered(ByStaff):
    """A question was answered."""

    number: int


@dataclass(frozen=True, slots=True)
class QuestionDismissed(ByStaff):
    """A question will not be answered."""

    number: int


@dataclass(frozen=True, slots=True)
class QuestionsMerged(ByStaff):
    """A question is the same as another one; its votes go there."""

    number: int
    into: int
