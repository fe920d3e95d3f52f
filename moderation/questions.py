"""Written questions: asked, voted on, shown, answered.

Rule 1: one vote per member and question, and one's own question has one's own vote.
Rule 2: one question is shown at a time; showing the next puts the one before it back.
Rule 3: a question is never deleted; it ends answered, dismissed or merged.
"""

from dataclasses import dataclass, field
from enum import Enum

from moderation.refused import Refused

QUESTION_LIMIT = 500
"""Characters kept of a question."""

OPEN_LIMIT = 3
"""Open questions of one member at a time."""


class QuestionStatus(Enum):
    """How far a question is."""

    PENDING = "pending"
    """Waits for approval."""
    OPEN = "open"
    SHOWN = "shown"
    ANSWERED = "answered"
    DISMISSED = "dismissed"
    MERGED = "merged"


_UNDECIDED = (QuestionStatus.PENDING, QuestionStatus.OPEN, QuestionStatus.SHOWN)


@dataclass(slots=True)
class Question:
    """One written question."""

    number: int
    """1 for the first of the Space."""

    user_id: int
    text: str
    anonymous: bool
    asked_at: float
    """Unix seconds."""

    status: QuestionStatus
    votes: set[int] = field(default_factory=set)
    answered_at: float | None = None
    """Unix seconds."""

    merged_into: int | None = None


@dataclass(slots=True)
class Questions:
    """The questions of one Space."""

    approve: bool = False
    """New questions wait for approval."""

    asked: list[Question] = field(default_factory=list)

    def ask(self, user_id: int, text: str, anonymous: bool, now: float) -> Question:
        """Add a question; refuse an empty one or too many of one member."""
        kept = " ".join(text.split())[:QUESTION_LIMIT]
        if not kept:
            raise Refused("text.empty")
        mine = [q for q in self.asked if q.user_id == user_id]
        if sum(q.status in _UNDECIDED for q in mine) >= OPEN_LIMIT:
            raise Refused("question.too_many", n=OPEN_LIMIT)
        status = QuestionStatus.PENDING if self.approve else QuestionStatus.OPEN
        number = len(self.asked) + 1
        question = Question(number, user_id, kept, anonymous, now, status, {user_id})
        self.asked.append(question)
        return question

    def vote(self, user_id: int, number: int, wanted: bool) -> Question:
        """Vote for a question, or take the vote back."""
        question = self._in(number, QuestionStatus.OPEN, QuestionStatus.SHOWN)
        if wanted == (user_id in question.votes):
            raise Refused("question.voted" if wanted else "question.not_voted")
        (question.votes.add if wanted else question.votes.remove)(user_id)
        return question

    def approve_one(self, number: int) -> Question:
        """Let everybody see a question."""
        question = self._in(number, QuestionStatus.PENDING)
        question.status = QuestionStatus.OPEN
        return question

    def show(self, number: int) -> Question:
        """Make a question the one being answered."""
        question = self._in(number, QuestionStatus.PENDING, QuestionStatus.OPEN)
        for other in self.asked:
            if other.status is QuestionStatus.SHOWN:
                other.status = QuestionStatus.OPEN
        question.status = QuestionStatus.SHOWN
        return question

    def answer(self, number: int, now: float) -> Question:
        """Note that a question was answered."""
        question = self._in(number, QuestionStatus.OPEN, QuestionStatus.SHOWN)
        question.status, question.answered_at = QuestionStatus.ANSWERED, now
        return question

    def dismiss(self, number: int) -> Question:
        """Leave a question unanswered for good."""
        question = self._in(number, *_UNDECIDED)
        question.status = QuestionStatus.DISMISSED
        return question

    def merge(self, number: int, into: int) -> Question:
        """Give a question's votes to another one; return that one."""
        if number == into:
            raise Refused("question.same", n=number)
        question = self._in(number, *_UNDECIDED)
        target = self._in(into, *_UNDECIDED)
        question.status, question.merged_into = QuestionStatus.MERGED, into
        target.votes |= question.votes
        return target

    def ranked(self) -> list[Question]:
        """Return the questions that can be voted on, most wanted first."""
        seen = (QuestionStatus.OPEN, QuestionStatus.SHOWN)
        ranked = [question for question in self.asked if question.status in seen]
        return sorted(ranked, key=lambda q: (-len(q.votes), q.number))

    def undecided(self) -> list[Question]:
        """Return what is to be decided: unapproved ones first, then most wanted."""
        waiting = [one for one in self.asked if one.status is QuestionStatus.PENDING]
        return [*waiting, *self.ranked()]

    def answered(self) -> list[Question]:
        """Return the questions that were answered, in the order in which they were."""
        done = [one for one in self.asked if one.answered_at is not None]
        return sorted(done, key=lambda one: one.answered_at or 0.0)

    def _in(self, number: int, *statuses: QuestionStatus) -> Question:
        if not 1 <= number <= len(self.asked):
            raise Refused("question.unknown", n=number)
        question = self.asked[number - 1]
        if question.status not in statuses:
            raise Refused(
                "question.not_now", n=number, status_key=_status_key(question)
            )
        return question


def _status_key(question: Question) -> str:
    return f"question.status.{question.status.value}"
