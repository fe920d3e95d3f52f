"""The words of the queue as they stand in journals."""

import pytest

from moderation.requests import QueueMode, RequestKind, Via


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (RequestKind, {"new_topic", "reply", "question", "point_of_order"}),
        (QueueMode, {"first_come", "fair", "rounds", "sides", "lottery"}),
        (Via, {"button", "chat", "command", "stage"}),
    ],
)
def test_words_in_journals_are_never_changed(words, values):
    """New ones may come; these stay."""
    assert values <= {word.value for word in words}
