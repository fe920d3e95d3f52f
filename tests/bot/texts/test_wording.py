"""How parameters are shown."""

import pytest

from bot.texts import markup
from bot.texts.catalogue import Catalogue, load
from bot.texts.wording import Wording

ENGLISH = {
    "x": "{a_id} {b_s} {c_at} {d} {share} {e_key} {f_channel}",
    "nested": "inner",
    "plain": "{d}",
    "nobody": "nobody",
}
WORDING = Wording(Catalogue({"en": ENGLISH, "es": ENGLISH}))


def test_the_name_of_a_parameter_says_how_it_is_shown():
    """Members, times, shares, channels and texts need no formatting by the rules."""
    params = {
        "a_id": 7,
        "b_s": 90,
        "c_at": 1000.4,
        "d": "*hi*",
        "share": 0.251,
        "e_key": "nested",
        "f_channel": 9,
    }
    wording = Wording(Catalogue({"en": ENGLISH | texts("duration"), "es": ENGLISH}))

    said = wording.say("en", "x", params)

    assert said == r"<@7> 1 min 30 s <t:1000:R> \*hi\* 25 % inner <#9>"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("day", 1000.4, "<t:1000:F>"),
        ("when", 1000.4, "<t:1000:F>"),
        ("at", 1000.4, "<t:1000:t>"),
        ("role", 5, "<@&5>"),
        ("role", "–", "–"),
        ("day", "<t:1000:F>", r"\<t:1000:F\>"),
    ],
)
def test_times_and_roles_are_marked_up_here_and_nowhere_else(name, value, shown):
    """A mark that comes as text is a member's and is shown as it stands."""
    same = {"x": f"{{{name}}}"}
    wording = Wording(Catalogue({"en": same, "es": same}))

    assert wording.say("en", "x", {name: value}) == shown


def texts(prefix):
    """Return the real texts below a key."""
    catalogue = load()
    keys = [key for key in catalogue.keys("en") if key.startswith(prefix)]
    return {key: catalogue.find("en", key) for key in keys}


def test_who_was_erased_is_mentioned_by_no_number():
    """A stand-in is nobody that Discord knows; figures of past Spaces have them."""
    wording = Wording(Catalogue({"en": {"x": "{a_id}", "erased": "somebody"}}))

    assert wording.say("en", "x", {"a_id": -5}) == "somebody"


def test_nothing_is_worded_as_nobody():
    """A fact that nobody brought about names nobody."""
    assert WORDING.say("en", "plain", {"d": None}) == "nobody"


@pytest.mark.parametrize(
    ("seconds", "english", "spanish"),
    [
        (0, "0 s", "0 s"),
        (59.4, "59 s", "59 s"),
        (60, "1 min", "1 min"),
        (75, "1 min 15 s", "1 min 15 s"),
        (754, "12 min", "12 min"),
        (4800, "1 h 20 min", "1 h 20 min"),
        (-3, "0 s", "0 s"),
    ],
)
def test_a_length_of_time_has_at_most_two_units(seconds, english, spanish):
    """Nobody reads seconds of an hour."""
    wording = Wording(load())

    assert wording.duration("en", seconds) == english
    assert wording.duration("es", seconds) == spanish


def test_where_mentions_do_not_show_members_have_names():
    """In a footer, a member is given by name and shown by it."""
    assert WORDING.bare("en", "plain", {"d": 3}) == "3"


REAL = Wording(load())


def test_what_is_about_the_reader_says_you():
    """Nobody reads their own name; where there is no such text, the name stands."""
    params = {"user_id": 7}

    assert REAL.say_to(7, "en", "hand.not_up", params).startswith("You have no hand up")
    assert REAL.say_to(8, "en", "hand.not_up", params) == "<@7> has no hand up."
    assert REAL.say_to(7, "en", "floor.granted", params) == "<@7> has the floor."


def test_the_sides_of_a_format_are_translated_and_others_are_not():
    """A host's own words stand as they are, made harmless."""
    assert REAL.say("es", "side.yours", {"side": "against"}) == "Hablas por: en contra"
    assert REAL.say("es", "side.yours", {"side": "*cats*"}) == r"Hablas por: \*cats\*"


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("noise", "A moderator of this Space warns you. Reason: “noise”"),
        ("", "A moderator of this Space warns you."),
    ],
)
def test_a_reason_is_quoted_and_none_leaves_no_gap(reason, said):
    """It is somebody's words, and they are told apart from ours."""
    assert REAL.say("en", "case.you_warned", {"reason": reason}) == said


def test_several_texts_may_be_one_parameter():
    """Missing permissions, each by its name in the reader's language."""
    keys = {"permission_keys": "permission.connect permission.speak"}

    assert "Conectar, Hablar." in REAL.say("es", "refused.bot_lacks", keys)


def test_a_name_in_a_footer_is_one_short_clean_line():
    """Nothing else there is escaped, as nothing there is marked up."""
    odd = "\N{RIGHT-TO-LEFT OVERRIDE}" + "x" * 40
    footer = REAL.bare("en", "floor.granted", {"user_id": odd})

    assert footer == "x" * 31 + "… has the floor."


def test_our_own_markup_is_shown_as_it_stands():
    """A date that a member typed in Discord's form stays text; ours is a date."""
    ours = markup.listed([markup.short(1000.4), markup.short(7)])

    assert WORDING.say("en", "plain", {"d": ours}) == "<t:1000:f>, <t:7:f>"
    assert WORDING.say("en", "plain", {"d": str(ours)}) == r"\<t:1000:f\>, \<t:7:f\>"
