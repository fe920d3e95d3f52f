"""Nudges, which only pass through: the journal keeps them for the report."""

from moderation.effects import Effect, UpdatePanel
from moderation.events import NudgeAnswered, NudgeSent
from moderation.space.seating import answer
from moderation.space.state import State, Takes


def nudge_sent(state: State, event: NudgeSent, now: float) -> list[Effect]:
    """Show on the panel that there is something to decide."""
    return [UpdatePanel()]


def nudge_answered(state: State, event: NudgeAnswered, now: float) -> list[Effect]:
    """Confirm a decision."""
    return [answer(event.by, "nudge.noted"), UpdatePanel()]


TAKES: Takes = {NudgeSent: nudge_sent, NudgeAnswered: nudge_answered}
