"""The words for times."""

import unicodedata

import pytest

from scheduler.when.vocabulary import FILLERS, MONTHS, NUMBERS, UNITS, WEEKDAYS, either

TABLES = (WEEKDAYS, MONTHS, UNITS, NUMBERS)


@pytest.mark.parametrize("table", TABLES)
def test_words_are_folded(table):
    """A word with an accent or a capital would never be found."""
    assert all(word == word.casefold() for word in table)
    assert all(unicodedata.normalize("NFKD", word) == word for word in table)


def test_both_languages_have_every_day_and_month():
    """Seven days and twelve months in English and Spanish each."""
    assert {WEEKDAYS["monday"], WEEKDAYS["lunes"]} == {0}
    assert {WEEKDAYS["sunday"], WEEKDAYS["domingo"]} == {6}
    assert set(MONTHS.values()) == set(range(1, 13))
    assert MONTHS["december"] == MONTHS["diciembre"] == 12


def test_no_word_is_a_day_and_a_month():
    """*mar* would be Tuesday and March; such words are left out."""
    assert not set(WEEKDAYS) & set(MONTHS)
    assert not set(WEEKDAYS) & FILLERS


def test_longer_words_are_tried_first():
    """*sept* must not be read as *sep* and a rest."""
    words = either(MONTHS).split("|")

    assert words.index("sept") < words.index("sep")
