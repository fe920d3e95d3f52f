"""Which languages a speaker can be recognised in."""

from typing import get_args

from bot.commands.captions import Spoken
from media import hallucinations


def test_every_language_that_can_be_chosen_is_guarded_against_inventions():
    """Each has its own list of what nobody said."""
    assert set(get_args(Spoken)) - {"space"} == set(hallucinations.LANGUAGES)
