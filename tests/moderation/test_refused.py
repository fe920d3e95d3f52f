"""Refusals carry what their text needs."""

from moderation.errors import ModerationError
from moderation.refused import Refused


def test_a_refusal_is_a_key_and_parameters():
    """Never prose; the edge words it in the reader's language."""
    refused = Refused("floor.full", n=13)

    assert (refused.key, refused.params) == ("floor.full", {"n": 13})
    assert str(refused) == "floor.full"
    assert isinstance(refused, ModerationError)
