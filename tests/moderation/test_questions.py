"""Written questions."""

import pytest

from moderation.questions import OPEN_LIMIT, Questions, QuestionStatus
from moderation.refused import Refused

ANN, BOB, CHO = 1, 2, 3


@pytest.fixture
def questions():
    questions = Questions()
    for user_id in (ANN, BOB, CHO):
        questions.ask(user_id, f"why {user_id}?", False, 0.0)
    return questions


def test_the_most_wanted_question_is_first(questions):
    """Ties go to the older one."""
    questions.vote(ANN, 3, wanted=True)
    questions.vote(BOB, 3, wanted=True)
    questions.vote(ANN, 2, wanted=True)
    questions.vote(ANN, 2, wanted=False)

    assert [q.number for q in questions.ranked()] == [3, 1, 2]


def test_one_vote_each(questions):
    """One's own question has one's own vote already."""
    for user_id, number, wanted, key in (
        (ANN, 1, True, "question.voted"),
        (BOB, 1, False, "question.not_voted"),
        (BOB, 9, True, "question.unknown"),
    ):
        with pytest.raises(Refused) as refused:
            questions.vote(user_id, number, wanted)
        assert refused.value.key == key


def test_one_question_is_shown_at_a_time(questions):
    """The one before goes back."""
    questions.show(1)
    questions.show(2)

    statuses = [q.status for q in questions.asked]
    assert statuses == [QuestionStatus.OPEN, QuestionStatus.SHOWN, QuestionStatus.OPEN]


def test_merging_joins_the_voters(questions):
    """Somebody who wanted both wanted it once."""
    questions.vote(ANN, 2, wanted=True)

    target = questions.merge(1, 2)

    assert target.votes == {ANN, BOB}
    assert questions.asked[0].merged_into == 2
    with pytest.raises(Refused):
        questions.merge(3, 3)
    with pytest.raises(Refused):
        questions.merge(1, 3)


def test_nobody_floods_the_list(questions):
    """Answered ones make room."""
    for _ in range(OPEN_LIMIT - 1):
        questions.ask(ANN, "and?", False, 0.0)
    with pytest.raises(Refused) as refused:
        questions.ask(ANN, "and?", False, 0.0)
    assert refused.value.key == "question.too_many"

    questions.answer(1, 5.0)
    questions.ask(ANN, "and?", False, 0.0)


def test_an_empty_question_is_none(questions):
    """Refused, not kept."""
    with pytest.raises(Refused):
        questions.ask(ANN, " \n ", False, 0.0)
    assert len(questions.asked) == 3


def test_approval_comes_first_where_it_is_wanted():
    """Staff may show it straight away too."""
    questions = Questions(approve=True)
    for user_id in (ANN, BOB, CHO):
        questions.ask(user_id, "why?", False, 0.0)
    assert questions.ranked() == []

    questions.approve_one(1)
    questions.show(2)
    questions.dismiss(3)

    assert [q.number for q in questions.ranked()] == [1, 2]
    with pytest.raises(Refused):
        questions.approve_one(1)
