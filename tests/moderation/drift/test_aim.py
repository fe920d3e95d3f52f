"""One text that talk is measured against: forms, share named, what chance gives."""

import pytest

from moderation.drift.aim import Aim
from moderation.drift.background import Background
from moderation.drift.memory import FadingMemory

PAST = Background("en", 1000, {"budget": 400, "bridg": 2})


def aim(*stems, background=PAST):
    return Aim(dict.fromkeys(stems, 1.0), background)


def memory():
    made = FadingMemory(500.0, cap=2.0)
    made.hear(["bridg", "river"], 50)
    return made


def test_stem_is_a_form_of_the_term_it_shares_its_letters_with():
    """A derivation counts in part, another word not at all."""
    bridges = aim("bridg", "budget")

    assert bridges.form("bridg") == ("bridg", 1.0)
    term, share = bridges.form("budgetari")
    assert term == "budget"
    assert 0.7 < share < 1.0
    assert bridges.form("river")[1] == 0.0


def test_cosine_is_one_for_the_same_words_and_none_for_others():
    """Rare words weigh as they do in the talk itself."""
    bridges = aim("bridg")

    assert bridges.cosine({"bridg": 2.0}) == pytest.approx(1.0)
    assert bridges.cosine({"river": 2.0}) == 0.0
    assert bridges.cosine({}) == 0.0


def test_naming_a_rare_word_names_more_of_the_topic():
    """Words count by their rarity."""
    both = aim("bridg", "budget")

    assert both.named({"bridg": 1.0}) > both.named({"budget": 1.0})
    assert both.named({}) == 0.0


def test_naming_two_words_names_more_than_naming_one_twice():
    """Repeating a word adds little."""
    both = aim("bridg", "river")

    assert both.named({"bridg": 2.0}) < both.named({"bridg": 1.0, "river": 1.0})


def test_usual_words_are_met_by_chance_and_rare_ones_hardly():
    """Talk about anything comes nearer to a topic in the guild's usual words."""
    heard = memory()
    weighed = {"bridg": 1.0, "river": 1.0}

    usual = aim("budget").chance(heard, weighed)
    rare = aim("bridg").chance(heard, weighed)

    assert usual > 5 * rare > 0.0


def test_on_the_first_day_nothing_is_known_of_chance():
    """Without a past no topic is held against its words."""
    new = aim("budget", background=Background("en"))

    assert new.chance(memory(), {"bridg": 1.0}) == 0.0


def test_accepted_words_count_less_than_those_of_the_host():
    """The weight of a stem is its say in what was named."""
    taught = Aim({"bridg": 1.0, "river": 0.3}, PAST)

    assert taught.named({"bridg": 1.0}) > taught.named({"river": 1.0})
