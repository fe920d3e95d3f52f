"""What Discord shows of members' voices, and who was heard.

These are facts that nobody can refuse: what the rules do not allow is put right.
"""

from moderation.effects import Effect, Reconcile, UpdatePanel, WishRefused
from moderation.events import (
    Answer,
    HandRaised,
    HandWithdrawn,
    InvitationAnswered,
    SpeechEnded,
    SpeechStarted,
    SteppedDown,
    VoiceStateSeen,
)
from moderation.refused import Refused
from moderation.requests import RequestKind, Via
from moderation.roles import Role
from moderation.settings import RoomKind
from moderation.space.departures import stepped_down
from moderation.space.hands import hand_raised, hand_withdrawn
from moderation.space.invitations import invitation_answered
from moderation.space.seating import answer, explain
from moderation.space.state import State, Takes

TOLD_EVERY_S = 60.0
"""Least seconds between two times that a member is told they have not the floor."""


def voice_state_seen(state: State, event: VoiceStateSeen, now: float) -> list[Effect]:
    """Follow what a member did in Discord's own interface."""
    member = state.people.members.get(event.user_id)
    if member is None or not member.present:
        return []
    before = (member.suppressed, member.hand_shown)
    member.suppressed, member.hand_shown = event.suppressed, event.hand_up
    check: list[Effect] = [Reconcile((event.user_id,))]
    if state.kind is not RoomKind.STAGE:
        return check
    silenced, member.silenced = (
        member.silenced,
        member.silenced and not (event.suppressed),
    )
    try:
        followed = _followed(state, event, before, silenced and event.suppressed, now)
    except Refused as refused:
        told = answer(event.user_id, refused.key, **refused.params)
        return [*check, told, WishRefused(refused.key, event.user_id)]
    return [*check, *followed]


def _followed(
    state: State,
    event: VoiceStateSeen,
    before: tuple[bool | None, bool],
    silenced: bool,
    now: float,
) -> list[Effect]:
    """Return what follows from a change on a stage (Discord, Stage Channels)."""
    user_id = event.user_id
    was_suppressed, had_hand = before
    if user_id in state.floor.invitations:
        if not event.suppressed and not event.hand_up:
            accepted = InvitationAnswered(user_id, Answer.ACCEPTED)
            return invitation_answered(state, accepted, now)
        if event.suppressed and was_suppressed is False and had_hand:
            declined = InvitationAnswered(user_id, Answer.DECLINED)
            return invitation_answered(state, declined, now)
        return []
    if user_id in state.floor.seats:
        was_up = was_suppressed is False and not had_hand
        if event.suppressed and was_up and not silenced and state.may_speak(user_id):
            return _went_down(state, user_id, now)
        return []
    if not event.suppressed:
        return []
    if event.hand_up and user_id not in state.queue:
        raised = HandRaised(user_id, RequestKind.NEW_TOPIC, via=Via.STAGE)
        return hand_raised(state, raised, now)
    hand = state.queue.get(user_id)
    if hand is not None and hand.via is Via.STAGE and had_hand and not event.hand_up:
        return hand_withdrawn(state, HandWithdrawn(user_id, Via.STAGE), now)
    return []


def _went_down(state: State, user_id: int, now: float) -> list[Effect]:
    """Take a move to the audience in Discord's interface as stepping down."""
    if state.role_of(user_id) is Role.SPEAKER:
        return stepped_down(state, SteppedDown(user_id), now)
    return []


def speech_started(state: State, event: SpeechStarted, now: float) -> list[Effect]:
    """Note who speaks; have those silenced who have not the floor."""
    member = state.people.get(event.user_id)
    member.speaking_since = now
    if state.may_speak(event.user_id):
        return [UpdatePanel()]
    effects: list[Effect] = [Reconcile((event.user_id,))]
    if member.told_at is None or now - member.told_at >= TOLD_EVERY_S:
        member.told_at = now
        effects.append(answer(event.user_id, "floor.not_yours"))
    return effects


def speech_ended(state: State, event: SpeechEnded, now: float) -> list[Effect]:
    """Count the seconds; real speech lowers the speaker's hand, a cough does not."""
    member = state.people.get(event.user_id)
    member.speaking_since = None
    member.seconds += max(0.0, event.seconds)
    held = state.floor.seats.get(event.user_id)
    if held is None:
        return []
    held.spoken_s += max(0.0, event.seconds)
    if held.hand is None or held.spoken_s < state.settings.real_speech_s:
        return [UpdatePanel()]
    held.hand = None
    return [explain(state, "hand.lowered_by_speech", event.user_id), UpdatePanel()]


TAKES: Takes = {
    VoiceStateSeen: voice_state_seen,
    SpeechStarted: speech_started,
    SpeechEnded: speech_ended,
}
