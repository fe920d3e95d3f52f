"""What comes with a plan."""

import pytest

from scheduler.extras import NOTHING, Extras, Speaker, Words
from scheduler.guests.guest import Slot


@pytest.mark.parametrize(
    ("extras", "any_"),
    [
        (NOTHING, False),
        (Extras(guests=(Speaker(7, Slot(), "en"),)), True),
        (Extras(campaign=Words()), True),
    ],
)
def test_a_campaign_without_words_is_something(extras, any_):
    """It is announced then, by the topic alone."""
    assert bool(extras) is any_
