"""The two catalogues are one book in two languages."""

import ast
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest

from bot.texts.catalogue import Catalogue, TextMissingError, load, placeholders

ROOT = Path(__file__).parents[3]
CATALOGUE = load()
KEYS = sorted(CATALOGUE.keys("en"))

A_WORD = re.compile(r"[^\W\d_]+")
A_KEY = re.compile(r"[a-z_]+(\.[a-z_]+)+")
A_COMMAND = re.compile(r"`/([^`]+)`")
A_MODULE = re.compile(r"(media|moderation|scheduler|bot)\.")


def test_both_languages_have_the_same_keys():
    """A text that exists in one language exists in the other."""
    assert CATALOGUE.keys("en") == CATALOGUE.keys("es")


@pytest.mark.parametrize("key", KEYS)
def test_translations_have_the_same_placeholders(key):
    """A translation says with the same facts what the original says."""
    english, spanish = CATALOGUE.find("en", key), CATALOGUE.find("es", key)

    assert placeholders(english) == placeholders(spanish)


LONGEST = {"button": 80, "choice": 80, "menus": 32, "menu": 150, "form": 45}
"""Characters that Discord takes of a button's label, a context menu's name, a select's
placeholder, a form's title and labels; by the table that the text is in."""


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_discord_cuts_or_refuses_is_short_enough(language):
    """A button with a long label is refused with its whole message."""
    too_long = {
        key: text
        for key in KEYS
        for text in [CATALOGUE.find(language, key)]
        for table, most in LONGEST.items()
        if table in key.split(".") and not key.endswith(".example")
        if len(text) > most
    }

    assert too_long == {}


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_text_is_empty(language):
    """A key without words would answer somebody with nothing."""
    empty = [key for key in KEYS if not CATALOGUE.find(language, key).strip()]

    assert empty == []


@pytest.mark.parametrize(("language", "foreign"), [("en", "«»"), ("es", '“”"')])
def test_quotation_marks_are_those_of_the_language(language, foreign):
    """English “so”, Spanish «así»."""
    odd = [key for key in KEYS if set(foreign) & set(CATALOGUE.find(language, key))]

    assert odd == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_commands_are_called_as_they_are_in_the_language(language):
    """A command that a text tells somebody to use is in their Discord by that name."""
    paths = [
        (*key.removesuffix(".name").split("."), "name")
        for key in KEYS
        if key.startswith("commands.") and key.endswith(".name")
    ]
    there = {
        " ".join(
            CATALOGUE.find(language, ".".join((*path[:n], "name")))
            for n in range(2, len(path))
        )
        for path in paths
        if "options" not in path
    }
    named = {
        (key, name)
        for key in KEYS
        for name in A_COMMAND.findall(CATALOGUE.find(language, key))
    }

    assert [(key, name) for key, name in sorted(named) if name not in there] == []
    assert len(named) > 50


def test_spanish_names_have_the_accents_that_spanish_has():
    """A command or an option is spelled as the texts spell the same word.

    Discord allows letters with accents. One rule for all, so that nobody has to
    remember which names have lost theirs.
    """
    named = [
        key
        for key in KEYS
        if key.startswith(("commands.", "options.")) and key.endswith(".name")
    ]
    prose = " ".join(CATALOGUE.find("es", key) for key in KEYS if key not in named)
    spelled = defaultdict(set)
    for word in A_WORD.findall(re.sub(r"`[^`]*`", " ", prose).lower()):
        if not word.endswith("ó"):  # a past tense (activó) is not the name (activo)
            spelled[bare(word)].add(word)

    names = {
        word
        for key in named
        for word in re.split("[-_]", CATALOGUE.find("es", key))
        if spelled[bare(word)]
    }

    assert {word for word in names if word not in spelled[bare(word)]} == set()
    assert len([word for word in names if word != bare(word)]) > 10


def bare(word):
    """Return a word without accents."""
    parts = unicodedata.normalize("NFD", word)
    return "".join(part for part in parts if not unicodedata.combining(part))


def test_every_key_of_the_rules_has_a_text():
    """What the rules may tell somebody can be said."""
    missing = [key for key in keys_of_the_rules() if not CATALOGUE.has(key)]

    assert missing == []


def keys_of_the_rules():
    """Yield every literal of ``moderation`` that has the form of a key."""
    for path in sorted((ROOT / "moderation").rglob("*.py")):
        if {"store", "drift"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                value = node.value
                if A_KEY.fullmatch(value) and not value.endswith("_"):
                    yield value


@pytest.mark.parametrize(("n", "words"), [(1, "one hand"), (2, "2 hands")])
def test_a_number_chooses_the_form(n, words):
    """A table of ``one`` and ``other`` is asked for by its own name."""
    hands = {"hands.one": "one hand", "hands.other": "{n} hands"}
    catalogue = Catalogue({"en": hands, "es": hands})

    assert catalogue.text("en", "hands", n=n) == words


def test_an_unknown_key_is_an_error():
    """A text that is not there is never replaced by silence."""
    with pytest.raises(TextMissingError, match=r"no\.such\.key"):
        CATALOGUE.text("en", "no.such.key")
