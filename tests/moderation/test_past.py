"""What a conversation goes on from."""

from moderation.past import Past


def test_nothing_heard_is_a_past_too():
    """A Space that was killed right after its opening has one."""
    past = Past()

    assert not [*past.spurts, *past.lines, *past.nudges, *past.conduct]
    assert past.invited_at is None
