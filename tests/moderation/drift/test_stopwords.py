"""The word lists of drift detection."""

import pytest

from moderation.drift.stopwords import COMMON, LANGUAGES, STOP


@pytest.mark.parametrize("language", LANGUAGES)
def test_common_words_still_count(language):
    """A word is left out or counts little, not both."""
    assert STOP[language]
    assert COMMON[language]
    assert not STOP[language] & COMMON[language]


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "microphone"), ("en", "budget"), ("es", "presupuesto"), ("es", "agua")],
)
def test_words_that_name_topics_are_in_no_list(language, word):
    """What people may open a Space about is kept."""
    assert word not in STOP[language] | COMMON[language]
