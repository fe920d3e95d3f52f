"""The choices of a Space."""

import dataclasses

from moderation.settings import CAP_HIGHEST, SpaceSettings


def test_the_default_is_what_twitter_spaces_does():
    """Thirteen people on the floor, host and co-hosts included."""
    assert SpaceSettings().cap == CAP_HIGHEST == 13


def test_every_choice_has_a_default():
    """A house that chooses nothing has a working Space."""
    missing = dataclasses.MISSING

    assert [
        field.name
        for field in dataclasses.fields(SpaceSettings)
        if field.default is missing and field.default_factory is missing
    ] == []


def test_nobody_is_cut_off_unless_the_host_chose_it():
    """Neither turns nor the queue run by themselves."""
    settings = SpaceSettings()

    assert not settings.auto_end
    assert not settings.auto_call
    assert settings.hard_end_s is None
