"""Nudges in the journal of a Space."""

from moderation.effects import UpdatePanel
from moderation.events import NudgeAnswered, NudgeSent
from tests.moderation.scene import ANN, HOST, Scene


def test_a_nudge_is_shown_and_answered_by_staff():
    """Listeners do not decide about nudges."""
    scene = Scene()

    assert scene.do(NudgeSent(1, "drift")) == [UpdatePanel()]
    assert scene.refuses(NudgeAnswered(ANN, 1, "park")) == "right.missing"
    assert UpdatePanel() in scene.do(NudgeAnswered(HOST, 1, "park"))
