"""Invitations: asking somebody to the floor, and what they answer."""

from dataclasses import replace

from moderation.effects import (
    Announce,
    DropInvitation,
    Effect,
    Reconcile,
    TellHosts,
    UpdatePanel,
)
from moderation.events import (
    Answer,
    InvitationAnswered,
    InvitationExpired,
    InvitationWithdrawn,
    Invited,
    LastWordGiven,
    NextCalled,
)
from moderation.floor import Invitation
from moderation.refused import Refused
from moderation.requests import RequestKind, Via
from moderation.space.seating import (
    answer,
    explain,
    invite,
    next_callable,
    requeue,
    require_uncalled,
    seat,
    until_key,
)
from moderation.space.state import State, Takes


def next_called(state: State, event: NextCalled, now: float) -> list[Effect]:
    """Invite the next in the queue."""
    require_uncalled(state, event.seen_id)
    hand = next_callable(state)
    if hand is None:
        raise Refused("queue.empty")
    invited = invite(state, hand.user_id, event.by, now)
    return [answer(event.by, "floor.invited_told", user_id=hand.user_id), *invited]


def invited(state: State, event: Invited, now: float) -> list[Effect]:
    """Invite a member, with or without a hand up."""
    effects = invite(state, event.user_id, event.by, now, event.note)
    return [answer(event.by, "floor.invited_told", user_id=event.user_id), *effects]


def invitation_answered(
    state: State, event: InvitationAnswered, now: float
) -> list[Effect]:
    """Give the floor to who accepted; keep the hand of who comes later."""
    user_id = event.user_id
    invitation = state.floor.invitations.get(user_id)
    if invitation is None:
        key = "floor.already" if user_id in state.floor.seats else "floor.not_invited"
        raise Refused(key, user_id=user_id)
    if event.answer is Answer.ACCEPTED:
        return _accepted(state, user_id, now)
    state.floor.uninvite(user_id)
    if event.answer is Answer.LATER:
        _later(state, invitation, now)
    key = f"invitation.{event.answer.value}"
    return [
        Reconcile((user_id,)),
        DropInvitation(user_id),
        explain(state, key, user_id),
        answer(user_id, f"{key}_told"),
        TellHosts(key, params={"user_id": user_id}),
        UpdatePanel(),
    ]


def _accepted(state: State, user_id: int, now: float) -> list[Effect]:
    state.require_guest(user_id)
    held = seat(state, user_id, now)
    ends_at = held.clock.ends_at if held.clock else None
    granted, until = until_key("floor.granted", ends_at)
    yours, _ = until_key("floor.yours", ends_at)
    return [
        Reconcile((user_id,)),
        DropInvitation(user_id),
        explain(state, granted, user_id, None, **until),
        answer(user_id, yours, **until),
        UpdatePanel(),
    ]


def _later(state: State, invitation: Invitation, now: float) -> None:
    hand = invitation.hand
    if hand is None:
        hand = state.queue.raise_hand(
            invitation.user_id, RequestKind.NEW_TOPIC, "", Via.BUTTON, now
        )
    rest_until = now + state.settings.invitation_s
    state.queue.put_last(replace(hand, rest_until=rest_until))


def invitation_withdrawn(
    state: State, event: InvitationWithdrawn, now: float
) -> list[Effect]:
    """Take an invitation back; the hand that led to it is up again."""
    invitation = state.floor.uninvite(event.user_id)
    if invitation is None:
        raise Refused("floor.not_invited", user_id=event.user_id)
    if invitation.hand is not None:
        state.queue.put_back(invitation.hand)
    return [
        Reconcile((event.user_id,)),
        DropInvitation(event.user_id),
        explain(state, "invitation.withdrawn", event.user_id, event.by),
        answer(event.user_id, "invitation.withdrawn_told"),
        UpdatePanel(),
    ]


def invitation_expired(
    state: State, event: InvitationExpired, now: float
) -> list[Effect]:
    """Give up a seat kept for somebody who did not answer."""
    user_id = event.user_id
    invitation = state.floor.invitations.get(user_id)
    if invitation is None or now < invitation.until:
        return []
    state.floor.uninvite(user_id)
    kept = invitation.hand is not None and requeue(state, invitation.hand, now)
    key = "invitation.expired_kept" if kept else "invitation.expired"
    return [
        Reconcile((user_id,)),
        DropInvitation(user_id),
        explain(state, key, user_id),
        answer(user_id, f"{key}_told"),
        TellHosts(key, params={"user_id": user_id}),
        UpdatePanel(),
    ]


def last_word_given(state: State, event: LastWordGiven, now: float) -> list[Effect]:
    """Close the queue and give one member the last word."""
    if event.user_id in state.floor.seats or event.user_id in state.floor.invitations:
        effects: list[Effect] = []
    else:
        effects = invite(state, event.user_id, event.by, now)
    state.queue_open = False
    state.last_word_id = event.user_id
    return [
        explain(state, "floor.last_word", event.user_id, event.by),
        Announce("room.last_word", params={"user_id": event.user_id}),
        *effects,
        UpdatePanel(),
    ]


TAKES: Takes = {
    NextCalled: next_called,
    Invited: invited,
    InvitationAnswered: invitation_answered,
    InvitationWithdrawn: invitation_withdrawn,
    InvitationExpired: invitation_expired,
    LastWordGiven: last_word_given,
}
