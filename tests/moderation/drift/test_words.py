"""Words: from speech to the stems that carry its subject."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.drift.stopwords import COMMON, LANGUAGES, STOP
from moderation.drift.words import alike, fold, passages, stem, stems


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("We are recording the recordings.", "en", ["record", "record"]),
        ("¿Las reuniones? La reunión…", "es", ["reunion", "reunion"]),
        ("It's the speaker’s microphone", "en", ["speaker", "microphon"]),
        ("la educación y lo educativo", "es", ["educ", "educ"]),
        ("das Wetter", "de", ["das", "wetter"]),
        ("uh yeah okay so", "en", []),
        ("🎉 !!", "en", []),
    ],
)
def test_stems_keep_what_carries_the_subject(text, language, expected):
    """Stop words go, accents and endings too; an unknown language stays whole."""
    assert stems(text, language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_lists_are_folded(language):
    """A list entry with an accent or a capital would never match."""
    for words in (STOP[language], COMMON[language]):
        assert {word for word in words if fold(word) != word} == set()


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("transcrib", "transcript", True),
        ("navig", "navegacion", False),
        ("microphon", "microfon", False),
        ("batteri", "batteri", True),
        ("microphon", "telephon", False),
        ("test", "text", False),
    ],
)
def test_forms_of_one_word_are_alike(one, other, near):
    """Derivations of a word share most of their letters; rhymes do not count."""
    assert (alike(one, other) >= 0.75) == near


@given(st.text(max_size=8), st.text(max_size=8))
def test_likeness_is_symmetric_and_bounded(one, other):
    """Likeness is 0 to 1, the same both ways, and 1 for the word itself."""
    assert 0.0 <= alike(one, other) == alike(other, one) <= 1.0
    assert alike(one, one) == 1.0


@given(st.text(alphabet="ab ", max_size=300), st.integers(1, 60))
def test_passages_lose_no_word(text, size):
    """Cutting keeps every word, in order, at most ``size`` to a piece."""
    pieces = passages(text, size)

    assert " ".join(pieces).split() == text.split()
    assert all(len(piece.split()) <= size for piece in pieces)


def test_stemming_is_by_language():
    """The same letters have another ending in another language."""
    assert (stem("nations", "en"), stem("naciones", "es")) == ("nation", "nacion")
