"""The facts that nudge rules look at."""

from moderation.nudges.facts import NudgeFacts


def test_empty_room_is_a_room():
    """Everything but the time may be missing, as it is at the opening."""
    facts = NudgeFacts(now=5.0, opened_at=5.0)

    assert (facts.speakers, facts.hands, facts.monologue) == ({}, {}, None)
