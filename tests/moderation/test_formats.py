"""Formats as data."""

import pytest

from moderation.formats import FORMATS, settings_for
from moderation.requests import QueueMode
from moderation.settings import CAP_HIGHEST, CAP_LOWEST, Format, SpaceSettings


@pytest.mark.parametrize("format_", Format)
def test_every_format_is_a_valid_set_of_defaults(format_):
    """A Space opens with any of them."""
    settings = FORMATS[format_]

    assert settings.format is format_
    assert CAP_LOWEST <= settings.cap <= CAP_HIGHEST
    if settings.queue_mode is QueueMode.SIDES:
        assert len(settings.sides) >= 2


def test_a_format_wins_over_the_house_only_where_it_says_something():
    """The house's other choices stay."""
    house = SpaceSettings(invitation_s=33.0, cap=10, turn_s=45.0)

    debate = settings_for(Format.DEBATE, house)

    assert (debate.cap, debate.turn_s, debate.auto_end) == (6, 120.0, True)
    assert debate.invitation_s == 33.0
    assert settings_for(Format.OPEN_TALK, house) == house


def test_only_data_tells_formats_apart():
    """No two formats are the same set."""
    assert len(set(map(repr, FORMATS.values()))) == len(Format)
