"""Written questions."""

from moderation.effects import Announce, Effect, Params, TellHosts, UpdatePanel
from moderation.events import (
    QuestionAnswered,
    QuestionApproved,
    QuestionAsked,
    QuestionDismissed,
    QuestionShown,
    QuestionsMerged,
    QuestionVoted,
)
from moderation.questions import QuestionStatus
from moderation.refused import Refused
from moderation.sanction import Action
from moderation.space.seating import answer
from moderation.space.state import State, Takes


def question_asked(state: State, event: QuestionAsked, now: float) -> list[Effect]:
    """Take a written question. One need not be in the voice channel to ask."""
    if state.cases.bars_entry(event.user_id) or state.cases.stands(
        event.user_id, Action.MUTE
    ):
        raise Refused("question.not_allowed")
    question = state.questions.ask(event.user_id, event.text, event.anonymous, now)
    waits = question.status is QuestionStatus.PENDING
    key = "question.waits" if waits else "question.asked"
    params: Params = {"n": question.number, "text": question.text}
    offers = ("q_show", "q_dismiss")
    return [
        answer(event.user_id, key, n=question.number),
        TellHosts(
            "question.new",
            params=params,
            offers=("q_approve", *offers) if waits else offers,
            target=question.number,
        ),
        UpdatePanel(),
    ]


def question_voted(state: State, event: QuestionVoted, now: float) -> list[Effect]:
    """Count a vote."""
    question = state.questions.vote(event.user_id, event.number, event.wanted)
    votes = len(question.votes)
    return [
        answer(event.user_id, "question.votes", n=votes, number=event.number),
        UpdatePanel(),
    ]


def question_approved(
    state: State, event: QuestionApproved, now: float
) -> list[Effect]:
    """Let everybody see a question."""
    question = state.questions.approve_one(event.number)
    return [
        answer(question.user_id, "question.approved", n=question.number),
        UpdatePanel(),
    ]


def question_shown(state: State, event: QuestionShown, now: float) -> list[Effect]:
    """Show the question that is answered now."""
    question = state.questions.show(event.number)
    asker = None if question.anonymous else question.user_id
    key = "room.question_anonymous" if question.anonymous else "room.question"
    params: Params = {"n": question.number, "text": question.text, "user_id": asker}
    return [Announce(key, params=params), UpdatePanel()]


def question_answered(
    state: State, event: QuestionAnswered, now: float
) -> list[Effect]:
    """Note that a question was answered."""
    question = state.questions.answer(event.number, now)
    return [
        answer(question.user_id, "question.answered", n=question.number),
        UpdatePanel(),
    ]


def question_dismissed(
    state: State, event: QuestionDismissed, now: float
) -> list[Effect]:
    """Leave a question unanswered."""
    question = state.questions.dismiss(event.number)
    return [
        answer(question.user_id, "question.dismissed", n=question.number),
        UpdatePanel(),
    ]


def questions_merged(state: State, event: QuestionsMerged, now: float) -> list[Effect]:
    """Give one question's votes to another one."""
    target = state.questions.merge(event.number, event.into)
    told = answer(event.by, "question.merged", n=len(target.votes), into=event.into)
    return [told, UpdatePanel()]


TAKES: Takes = {
    QuestionAsked: question_asked,
    QuestionVoted: question_voted,
    QuestionApproved: question_approved,
    QuestionShown: question_shown,
    QuestionAnswered: question_answered,
    QuestionDismissed: question_dismissed,
    QuestionsMerged: questions_merged,
}
