"""Every event becomes a row and comes back."""

import random

import pytest

from moderation.events import KINDS, UnreadableEventError, from_row, to_row
from tests.moderation.anything import any_of


@pytest.mark.parametrize("name", KINDS)
def test_any_event_comes_back_equal(name):
    """What is written is what is read, whatever the fields hold."""
    rng = random.Random(name)
    for _ in range(50):
        event = any_of(rng, KINDS[name])

        assert from_row(*to_row(event)) == event


def test_fields_at_their_default_are_left_out():
    """A row says only what is not self-evident."""
    assert to_row(KINDS["MemberJoined"](5)) == ("MemberJoined", '{"user_id":5}')


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Nonsense", "{}"),
        ("MemberLeft", "{}"),
        ("MemberLeft", "{"),
        ("MemberLeft", "[]"),
        ("MemberLeft", '{"user_id":"5"}'),
        ("MemberLeft", '{"user_id":5,"more":1}'),
        ("QueueModeSet", '{"by":1,"mode":"best"}'),
        ("SpeechEnded", '{"user_id":5,"seconds":"x"}'),
        ("SpaceOpened", '{"settings":7}'),
        ("SanctionsRecalled", '{"sanctions":3}'),
    ],
)
def test_a_damaged_row_is_named(name, body):
    """A row that is no event is an error of its own, never half an event."""
    with pytest.raises(UnreadableEventError):
        from_row(name, body)
