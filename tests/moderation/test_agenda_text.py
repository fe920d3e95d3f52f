"""Agendas as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.agenda_text import Mistake, Written, read, written


@pytest.mark.parametrize(
    ("line", "title", "minutes"),
    [
        ("10 min Welcome", "Welcome", 10),
        ("10min: Welcome", "Welcome", 10),
        ("5' Saludo", "Saludo", 5),
        ("15 minutos Turno de preguntas", "Turno de preguntas", 15),
        ("- 10 min Welcome", "Welcome", 10),
        ("2. Welcome (10 min)", "Welcome", 10),
        ("Welcome — 10 min", "Welcome", 10),
        ("Welcome", "Welcome", None),
        ("  3   ideas  for spring ", "3 ideas for spring", None),
        ("10 mistakes of mine", "10 mistakes of mine", None),
        ("20 minutes", "", 20),
    ],
)
def test_one_line_is_one_item(line, title, minutes):
    """Minutes stand before or after; a number that is none stays in the title."""
    items, mistakes = read(line)

    assert items == [Written(title, minutes)]
    assert (mistakes == []) is bool(title)


def test_every_mistake_is_named_with_its_line():
    """Empty lines count for the numbers and for nothing else."""
    text = "10 min Welcome\n\n0 min Nothing\n20 min\n" + "x" * 121

    _, mistakes = read(text)

    assert mistakes == [
        Mistake(3, "minutes", 240),
        Mistake(4, "no_title"),
        Mistake(5, "long_title", 120),
    ]


def test_an_agenda_has_an_end_and_a_beginning():
    """25 items at most, and not none."""
    _, many = read("\n".join(f"{n} min Part" for n in range(1, 28)))
    _, none = read(" \n\n")

    assert many == [Mistake(26, "too_many", 25), Mistake(27, "too_many", 25)]
    assert none == [Mistake(1, "nothing")]


LINES = st.lists(
    st.sampled_from(["10", "min", "'", "-", "1.", "(5 min)", ":", "Welcome", "m", "x"])
).map(" ".join)


@given(LINES)
def test_an_item_that_is_written_down_is_read_the_same(line):
    """The form shows an agenda as it is, and sending it back changes nothing."""
    items, mistakes = read(line)
    if mistakes:
        return

    assert read(written(items[0]))[0] == items


@pytest.mark.parametrize(
    ("line", "kept"),
    [("10' Welcome", "10 min Welcome"), ("- Questions", "Questions")],
)
def test_items_are_written_down_alike(line, kept):
    """However they were typed."""
    assert written(read(line)[0][0]) == kept
