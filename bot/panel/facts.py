"""What a press states: one row of a table per verb.

Each makes one fact of the Space; whether it may be is the Space's to say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

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
    "lower_all": lambda user, _: HandsCleared(user),
    "back": lambda user, _: TopicRecalled(user),
    "end_now": lambda user, _: SpaceEnded(user),
}
"""What somebody does who pressed a button: their id and one look at the Space."""


CALLS: Mapping[str, Callable[[int, int | None], Event]] = {
    "next": NextCalled,
    "rotate": SpeakersRotated,
}
"""What calls the next: who wishes it, and whom they saw to be next."""


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that is on or off; a press says which of the two it wants.

    Otherwise two hosts who press the same button at once would undo each other's.
    """

    is_on: Callable[[SpaceView], bool]
    on: Callable[[int], Event]
    off: Callable[[int], Event]

    def wish(self, wanted: bool) -> Wish:
        """Return what turns it on, or off."""
        return lambda user, _: self.on(user) if wanted else self.off(user)

    def fact(self, user_id: int, space: SpaceView, arg: str) -> Event:
        """Return what a button states: ``on`` or ``off``; an old one says neither."""
        wanted = arg == "on" if arg else not self.is_on(space)
        return self.on(user_id) if wanted else self.off(user_id)


SWITCHES: Mapping[str, Switch] = {
    "hush": Switch(lambda space: space.hushed, RoomHushed, RoomUnhushed),
    "queue_toggle": Switch(
        lambda space: not space.queue_open, QueueClosed, QueueOpened
    ),
    "record": Switch(
        lambda space: space.recording is not Keeping.OFF,
        RecordingStarted,
        RecordingStopped,
    ),
    "transcript": Switch(
        lambda space: space.transcript, TranscriptStarted, TranscriptStopped
    ),
}
"""The buttons of the host's panel that say one thing or its opposite."""

ROOM_SWITCHES: Mapping[str, Switch] = {
    "auto_end": Switch(
        lambda space: space.settings.auto_end,
        lambda user: AutoEndSet(user, on=True),
        lambda user: AutoEndSet(user, on=False),
    ),
    "auto_call": Switch(
        lambda space: space.settings.auto_call,
        lambda user: AutoCallSet(user, on=True),
        lambda user: AutoCallSet(user, on=False),
    ),
    "pause": Switch(
        lambda space: space.phase is Phase.PAUSED, SpacePaused, SpaceResumed
    ),
    "lock": Switch(lambda space: space.locked, RoomLocked, RoomUnlocked),
}
"""The choices of the host's menu of the room that are likewise."""

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
    **{f"{name}.on": switch.wish(True) for name, switch in ROOM_SWITCHES.items()},
    **{f"{name}.off": switch.wish(False) for name, switch in ROOM_SWITCHES.items()},
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
