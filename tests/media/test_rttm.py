"""RTTM, written and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.rttm import RttmError, read, write

names = st.text(
    st.characters(blacklist_categories=["Cs", "Zs", "Cc", "Zl", "Zp"]), min_size=1
)
times = st.lists(st.integers(0, 10_000), unique=True, max_size=6).map(
    lambda edges: tuple(
        (a / 10, b / 10)
        for a, b in zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False)
    )
)


def test_lines_are_those_of_the_standard():
    """Tools that compare speech can read it."""
    text = write({"Ana María": ((0.5, 2.0),), "Ben": ((0.0, 1.0),)}, "a space")

    assert text.splitlines() == [
        "SPEAKER a_space 1 0.000 1.000 <NA> <NA> Ben <NA> <NA>",
        "SPEAKER a_space 1 0.500 1.500 <NA> <NA> Ana_María <NA> <NA>",
    ]


@given(st.dictionaries(names, times, max_size=4))
def test_what_is_written_can_be_read(talk):
    """Nobody's talk changes on the way."""
    again = read(write(talk, "file"))

    spoken = {name: pairs for name, pairs in talk.items() if pairs}
    assert set(again) == set(spoken)
    for name, pairs in spoken.items():
        edges = [edge for pair in pairs for edge in pair]
        assert [e for pair in again[name] for e in pair] == pytest.approx(edges)


def test_other_lines_are_skipped():
    """Comments and other types of the standard are no talk."""
    text = ";; comment\nSPKR-INFO f 1 <NA> <NA> <NA> unknown a <NA>\n\n"

    assert read(text) == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SPEAKER f 1 0.0 1.0", "line 1: 5 fields"),
        ("\nSPEAKER f 1 a b <NA> <NA> x", "line 2: times are not numbers"),
        ("SPEAKER f 1 0 -1 <NA> <NA> x", "times that cannot be"),
        ("SPEAKER f 1 nan 1 <NA> <NA> x", "times that cannot be"),
    ],
)
def test_bad_lines_are_named(text, says):
    """The error says which line and why."""
    with pytest.raises(RttmError, match=says):
        read(text)
