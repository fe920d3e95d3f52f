"""Which right each event needs, and on whom it may be used.

Rule: an event with ``by`` that is not in ``NEEDS`` is allowed to nobody.
"""

from moderation import events
from moderation.events import ByStaff
from moderation.refused import Refused
from moderation.roles import Right, has_right, may_act_on
from moderation.sanction import Action
from moderation.space.state import State

NEEDS: dict[type[ByStaff], Right] = {
    events.SpacePaused: Right.PAUSE_ROOM,
    events.SpaceResumed: Right.PAUSE_ROOM,
    events.SpaceEnded: Right.END_ROOM,
    events.RoomLocked: Right.LOCK,
    events.RoomUnlocked: Right.LOCK,
    events.RoomHushed: Right.HUSH,
    events.RoomUnhushed: Right.HUSH,
    events.CapSet: Right.RUN_QUEUE,
    events.CohostAdded: Right.NAME_COHOSTS,
    events.CohostRemoved: Right.NAME_COHOSTS,
    events.HandedOver: Right.HAND_OVER,
    events.HandLowered: Right.RUN_QUEUE,
    events.HandsCleared: Right.RUN_QUEUE,
    events.HandMoved: Right.RUN_QUEUE,
    events.QueueClosed: Right.RUN_QUEUE,
    events.QueueOpened: Right.RUN_QUEUE,
    events.QueueModeSet: Right.RUN_QUEUE,
    events.QueueSlowed: Right.RUN_QUEUE,
    events.NextCalled: Right.CALL,
    events.Invited: Right.CALL,
    events.InvitationWithdrawn: Right.CALL,
    events.Swapped: Right.CALL,
    events.SpeakersRotated: Right.CALL,
    events.LastWordGiven: Right.CALL,
    events.Demoted: Right.DEMOTE,
    events.TurnLengthSet: Right.RUN_CLOCK,
    events.AutoEndSet: Right.RUN_CLOCK,
    events.AutoCallSet: Right.RUN_CLOCK,
    events.TurnExtended: Right.RUN_CLOCK,
    events.RecordingStarted: Right.RECORD,
    events.RecordingPaused: Right.RECORD,
    events.RecordingResumed: Right.RECORD,
    events.RecordingStopped: Right.RECORD,
    events.TranscriptStarted: Right.RECORD,
    events.TranscriptStopped: Right.RECORD,
    events.CaptionsStarted: Right.RECORD,
    events.CaptionsStopped: Right.RECORD,
    events.SpokenLanguageSet: Right.RECORD,
    events.TopicSet: Right.SET_TOPIC,
    events.TopicRecalled: Right.SET_TOPIC,
    events.TopicParked: Right.SET_TOPIC,
    events.AgendaItemAdded: Right.SET_TOPIC,
    events.AgendaItemStarted: Right.SET_TOPIC,
    events.AgendaItemSkipped: Right.SET_TOPIC,
    events.LinkPinned: Right.SET_TOPIC,
    events.LinkUnpinned: Right.SET_TOPIC,
    events.QuestionApproved: Right.RUN_QUESTIONS,
    events.QuestionShown: Right.RUN_QUESTIONS,
    events.QuestionAnswered: Right.RUN_QUESTIONS,
    events.QuestionDismissed: Right.RUN_QUESTIONS,
    events.QuestionsMerged: Right.RUN_QUESTIONS,
    events.MemberWarned: Right.WARN,
    events.MemberMuted: Right.MUTE,
    events.MemberUnmuted: Right.MUTE,
    events.MemberRemoved: Right.REMOVE,
    events.MemberBanned: Right.BAN,
    events.MemberUnbanned: Right.BAN,
    events.MemberNoted: Right.NOTE,
    events.CaseUndone: Right.UNDO_CASE,
    events.NudgeAnswered: Right.ANSWER_NUDGE,
}

OwnUse = events.CohostRemoved | events.TurnExtended | events.SpokenLanguageSet
"""What anybody may do to themself, whatever their rights."""

OnPerson = (
    events.Demoted
    | events.Swapped
    | events.CohostRemoved
    | events.MemberWarned
    | events.MemberMuted
    | events.MemberUnmuted
    | events.MemberRemoved
    | events.MemberBanned
)
"""What nobody may do to somebody above them, nor to themself."""


OF_CASE: dict[Action, Right] = {
    Action.WARN: Right.WARN,
    Action.MUTE: Right.MUTE,
    Action.REMOVE: Right.REMOVE,
    Action.BAN: Right.BAN,
    Action.NOTE: Right.NOTE,
}
"""What undoing a case needs besides: the right to open it."""


def require_right(state: State, event: ByStaff) -> None:
    """Refuse what the actor may not do, or not to this member."""
    if isinstance(event, OwnUse) and event.by == event.user_id:
        return
    who = state.standing_of(event.by)
    right = NEEDS[type(event)]
    if not has_right(who, right):
        raise Refused("right.missing", right_key=f"right.{right.value}")
    if isinstance(event, events.CaseUndone):
        _require_undoing(state, event)
    if isinstance(event, OnPerson):
        whom = state.standing_of(event.user_id)
        if event.by == event.user_id or not may_act_on(who, whom):
            raise Refused("right.not_on", user_id=event.user_id)


def _require_undoing(state: State, event: events.CaseUndone) -> None:
    """Refuse to let somebody off whom the actor may not deal with, or themself."""
    case = state.cases.find(event.number)
    if case is None:
        return  # which the book says itself
    who, whom = state.standing_of(event.by), state.standing_of(case.user_id)
    right = OF_CASE.get(case.action, Right.UNDO_CASE)
    if not has_right(who, right):
        raise Refused("right.missing", right_key=f"right.{right.value}")
    own = case.by == event.by
    if event.by == case.user_id or not (own or may_act_on(who, whom)):
        raise Refused("right.not_on", user_id=case.user_id)
