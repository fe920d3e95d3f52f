"""What a press states: one row of a table per verb.

Each makes one fact of the Space; whether it may be is the Space's to say.
"""

from collections.abc import Callable, Mapping

from moderation.events import (
    CaseUndone,
    CohostAdded,
    CohostRemoved,
    Demoted,
    Event,
    HandLowered,
    HandMoved,
    HandsCleared,
    HandWithdrawn,
    HostClaimed,
    InvitationWithdrawn,
    Invited,
    LastWordGiven,
    MemberMuted,
    MemberUnmuted,
    NextCalled,
    QuestionAnswered,
    QuestionApproved,
    QuestionDismissed,
    QuestionShown,
    QueueClosed,
    QueueOpened,
    RecordingStarted,
    RecordingStopped,
    RoomHushed,
    RoomUnhushed,
    SpaceEnded,
    SpeakersRotated,
    SteppedDown,
    TopicRecalled,
    TranscriptStarted,
    TranscriptStopped,
    TurnExtended,
)
from moderation.view import Keeping, SpaceView

MUTE_S = 300.0
"""Seconds of a mute by one press."""

FACTS: Mapping[str, Callable[[int, SpaceView], Event]] = {
    "withdraw": lambda user, _: HandWithdrawn(user),
    "step_down": lambda user, _: SteppedDown(user),
    "plus": lambda user, _: TurnExtended(user, user),
    "claim": lambda user, _: HostClaimed(user),
    "next": lambda user, _: NextCalled(user),
    "rotate": lambda user, _: SpeakersRotated(user),
    "lower_all": lambda user, _: HandsCleared(user),
    "back": lambda user, _: TopicRecalled(user),
    "end": lambda user, _: SpaceEnded(user),
    "hush": lambda user, space: (
        RoomUnhushed(user) if space.hushed else RoomHushed(user)
    ),
    "queue_toggle": lambda user, space: (
        QueueClosed(user) if space.queue_open else QueueOpened(user)
    ),
    "record": lambda user, space: (
        RecordingStarted(user)
        if space.recording is Keeping.OFF
        else RecordingStopped(user)
    ),
    "transcript": lambda user, space: (
        TranscriptStopped(user) if space.transcript else TranscriptStarted(user)
    ),
}
"""What somebody does who pressed a button: their id and one look at the Space."""

ON_MEMBER: Mapping[str, Callable[[int, int, float], Event]] = {
    "call": lambda by, user, _: Invited(by, user),
    "uninvite": lambda by, user, _: InvitationWithdrawn(by, user),
    "lower": lambda by, user, _: HandLowered(by, user),
    "first": lambda by, user, _: HandMoved(by, user, 1),
    "extend": lambda by, user, _: TurnExtended(by, user),
    "end_turn": lambda by, user, _: Demoted(by, user),
    "last_word": lambda by, user, _: LastWordGiven(by, user),
    "cohost_add": lambda by, user, _: CohostAdded(by, user),
    "cohost_remove": lambda by, user, _: CohostRemoved(by, user),
    "mute": lambda by, user, now: MemberMuted(by, user, now + MUTE_S),
    "unmute": lambda by, user, _: MemberUnmuted(by, user),
}
"""What is done to the member whom a press names: actor, member, Unix seconds."""

BY_NUMBER: Mapping[str, Callable[[int, int], Event]] = {
    "undo": CaseUndone,
    "q_approve": QuestionApproved,
    "q_show": QuestionShown,
    "q_dismiss": QuestionDismissed,
    "q_answered": QuestionAnswered,
}
"""What is done to the case or question whose number a press carries."""
