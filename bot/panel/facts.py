"""What a press states: one row of a table per verb.

Each makes one fact of the Space; whether it may be is the Space's to say.
"""

from collections.abc import Callable, Mapping

from moderation.events import (
    AutoCallSet,
    AutoEndSet,
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
    QueueModeSet,
    QueueOpened,
    QueueSlowed,
    RecordingStarted,
    RecordingStopped,
    RoomHushed,
    RoomLocked,
    RoomUnhushed,
    RoomUnlocked,
    SpaceEnded,
    SpacePaused,
    SpaceResumed,
    SpeakersRotated,
    SteppedDown,
    TopicRecalled,
    TranscriptStarted,
    TranscriptStopped,
    TurnExtended,
    TurnLengthSet,
)
from moderation.requests import QueueMode
from moderation.view import Keeping, Phase, SpaceView

MUTE_S = 300.0
"""Seconds of a mute by one press."""

Wish = Callable[[int, SpaceView], Event]
"""Makes a fact of whoever wishes it and one look at the Space."""

FACTS: Mapping[str, Wish] = {
    "withdraw": lambda user, _: HandWithdrawn(user),
    "step_down": lambda user, _: SteppedDown(user),
    "plus": lambda user, _: TurnExtended(user, user),
    "claim": lambda user, _: HostClaimed(user),
    "next": lambda user, _: NextCalled(user),
    "rotate": lambda user, _: SpeakersRotated(user),
    "lower_all": lambda user, _: HandsCleared(user),
    "back": lambda user, _: TopicRecalled(user),
    "end_now": lambda user, _: SpaceEnded(user),
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

TURNS_S = (0, 60, 120, 180, 300)
"""Lengths of turns that the host's menu offers, in seconds; 0 for no clock."""

PAUSES_S = (0, 30, 120)
"""Seconds between two hands of one member that the menu offers."""


def _mode(mode: QueueMode) -> Wish:
    return lambda user, _: QueueModeSet(user, mode)


def _turn(seconds: float) -> Wish:
    return lambda user, _: TurnLengthSet(user, seconds or None)


def _pause(seconds: float) -> Wish:
    return lambda user, _: QueueSlowed(user, seconds)


ROOM: Mapping[str, Wish] = {
    **{f"mode.{mode.value}": _mode(mode) for mode in QueueMode},
    **{f"turn.{seconds}": _turn(float(seconds)) for seconds in TURNS_S},
    **{f"slow.{seconds}": _pause(float(seconds)) for seconds in PAUSES_S},
    "auto_end": lambda user, space: AutoEndSet(user, not space.settings.auto_end),
    "auto_call": lambda user, space: AutoCallSet(user, not space.settings.auto_call),
    "pause": lambda user, space: (
        SpaceResumed(user) if space.phase is Phase.PAUSED else SpacePaused(user)
    ),
    "lock": lambda user, space: (
        RoomUnlocked(user) if space.locked else RoomLocked(user)
    ),
}
"""What the host's menu of the room offers, by what is chosen."""

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
