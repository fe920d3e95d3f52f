"""What a member reads and chooses who wants to be reminded."""

import pytest

from bot.planning import remembering
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from scheduler.plans import Plan
from scheduler.reminders import Place, Wish

NOW = 1_800_000_000.0
WORDS = Wording(load())
CHOICES = (1440.0, 180.0, 60.0, 30.0, 10.0)


def plan(minutes, **fields):
    """Return a plan that starts in so many minutes."""
    return Plan(
        id=4,
        guild_id=1,
        channel_id=2,
        host_id=3,
        topic="Tea",
        starts_at=NOW + 60 * minutes,
        minutes=60,
        **{"post_channel_id": 5} | fields,
    )


def wishes(*minutes, place=Place.THREAD):
    return [Wish(7, 60 * one, place) for one in minutes]


def options(view):
    """Return label, seconds and whether it is marked, for each choice."""
    (menu,) = view.children
    return [(one.label, one.value, one.default) for one in menu.item.options]


def test_what_is_still_to_come_is_said():
    """The hour is over already; ten minutes are left to come."""
    said = remembering.text(WORDS, "en", plan(30), wishes(60, 10), NOW)

    assert said == (
        "I will remind you of Tea, which starts <t:1800001800:R>: 10 min before,"
        " with a mention in its channel."
    )


@pytest.mark.parametrize(
    ("place", "channel", "words"),
    [
        (Place.DM, 5, "en privado."),
        (Place.THREAD, None, "en privado."),
        (Place.THREAD, 5, "con una mención en su canal."),
    ],
)
def test_where_is_said(place, channel, words):
    """Without a channel everything is private."""
    coming = plan(2000, post_channel_id=channel)
    said = remembering.text(WORDS, "es", coming, wishes(1440, place=place), NOW)

    assert "un día antes" in said
    assert said.endswith(words)


def test_too_late_is_said_instead_of_promised():
    """Nothing could come any more, and there is no menu without a choice."""
    late = plan(9)

    assert "no time left" in remembering.text(WORDS, "en", late, wishes(60, 10), NOW)
    assert remembering.menu(WORDS, "en", late, wishes(60, 10), CHOICES, NOW) is None


def test_only_what_can_still_come_is_offered():
    """What was chosen is marked, also what is in no list; several can be chosen."""
    view = remembering.menu(WORDS, "en", plan(120), wishes(90, 10), CHOICES, NOW)

    assert options(view) == [
        ("90 min before", "5400", True),
        ("an hour before", "3600", False),
        ("30 min before", "1800", False),
        ("10 min before", "600", True),
    ]
    assert view.children[0].item.max_values == 4


def test_a_menu_holds_no_more_than_discord_shows():
    """25 choices, whatever the settings say."""
    many = tuple(float(minutes) for minutes in range(1, 60))

    view = remembering.menu(WORDS, "en", plan(5000), [], many, NOW)

    assert len(options(view)) == view.children[0].item.max_values == 25


@pytest.mark.parametrize(
    ("minutes", "label"),
    [
        (2880, "2 días antes"),
        (1440, "un día antes"),
        (180, "3 h antes"),
        (1, "un minuto antes"),
        (0, "al empezar"),
    ],
)
def test_a_length_of_time_is_said_in_its_largest_unit(minutes, label):
    """A person says a day, not 1,440 minutes."""
    assert remembering.label(WORDS, "es", 60.0 * minutes) == label


def test_what_is_chosen_are_seconds():
    """As the menu's values say."""
    assert remembering.chosen("86400,600") == [86400.0, 600.0]
