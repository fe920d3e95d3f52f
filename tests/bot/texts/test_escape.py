"""Members' words, made harmless."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.escape import MAX_MARKS, harmless, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("hola", "hola"),
        ("  two\n lines\t", "two lines"),
        ("**bold** _it_ ~~no~~ `code` ||spoiler||", None),
        ("[link](https://evil.example)", None),
        ("> quote", "\\> quote"),
        ("<@123> <#4> <:x:5>", None),
        ("@everyone @here", "@​everyone @​here"),
        ("abc‮def", "abcdef"),
        ("a​‎b﻿", "ab"),
        ("z" + "̷" * 50 + "algo", "z" + "̷" * MAX_MARKS + "algo"),
        ("ñandú, ¿qué tal?", "ñandú, ¿qué tal?"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_what_members_write_is_shown_as_it_stands(text, shown):
    """Markup, mentions, hidden characters and stacked marks do nothing."""
    found = harmless(text)

    if shown is not None:
        assert found == shown
    for sign in "*_~`|[]()<>#":
        assert found.count(sign) == found.count(f"\\{sign}")


@given(st.text(max_size=400))
def test_nothing_pings_and_nothing_is_longer_than_asked(text):
    """Whatever somebody types, it is one short line that pings nobody."""
    line = plain(text, 100)

    assert len(line) <= 100
    assert "\n" not in line
    assert not [c for c in line if unicodedata.category(c) == "Cc"]
    # "<@" alone is no mention, and the zero-width space keeps it from becoming one.
    assert not re.search(r"@everyone|@here|<@[!&]?\d", harmless(text))


def test_a_long_text_ends_with_a_sign_that_it_was_cut():
    """Cut text says so."""
    assert plain("a" * 4000, 140) == "a" * 139 + "…"
