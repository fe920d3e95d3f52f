"""Written questions in a Space."""

import pytest

from moderation.effects import Announce, TellHosts
from moderation.events import (
    MemberMuted,
    QuestionAnswered,
    QuestionApproved,
    QuestionAsked,
    QuestionDismissed,
    QuestionShown,
    QuestionsMerged,
    QuestionVoted,
)
from tests.moderation.scene import ANN, BOB, CHO, HOST, Scene, only


@pytest.fixture
def scene():
    return Scene(approve_questions=True)


def test_a_question_waits_for_approval_where_the_format_says_so(scene):
    """Until then nobody can vote for it."""
    effects = scene.do(QuestionAsked(ANN, "why wax?"))
    assert [effect.key for effect in only(effects, TellHosts)] == ["question.new"]
    assert scene.refuses(QuestionVoted(BOB, 1)) == "question.not_now"

    scene.do(QuestionApproved(HOST, 1))
    scene.do(QuestionVoted(BOB, 1))

    assert scene.state.questions.ranked()[0].votes == {ANN, BOB}


@pytest.mark.parametrize("anonymous", [True, False])
def test_an_anonymous_question_is_shown_without_its_name(scene, anonymous):
    """The room does not learn who asked."""
    scene.do(QuestionAsked(ANN, "why wax?", anonymous))

    said = only(scene.do(QuestionShown(HOST, 1)), Announce)[0]

    assert said.params["user_id"] == (None if anonymous else ANN)
    assert said.key.endswith("anonymous") is anonymous


def test_a_question_ends_answered_dismissed_or_merged(scene):
    """Each once."""
    for user_id in (ANN, BOB, CHO):
        scene.do(QuestionAsked(user_id, "why wax?"))
    scene.do(QuestionsMerged(HOST, 2, 1))
    scene.do(QuestionDismissed(HOST, 3))
    scene.do(QuestionShown(HOST, 1))
    scene.do(QuestionAnswered(HOST, 1))

    assert scene.refuses(QuestionAnswered(HOST, 1)) == "question.not_now"
    assert scene.state.questions.asked[0].answered_at == scene.now


def test_a_muted_member_does_not_ask_in_writing(scene):
    """A sanction is not got around by typing."""
    scene.do(MemberMuted(HOST, ANN))

    assert scene.refuses(QuestionAsked(ANN, "why?")) == "question.not_allowed"
