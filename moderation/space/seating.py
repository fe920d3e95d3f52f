"""Getting on and off the floor: the steps that many rules share.

Each function checks everything first and raises ``Refused`` before it changes anything.
"""

from dataclasses import replace

from moderation.effects import (
    DropInvitation,
    Effect,
    Explained,
    Param,
    PromptInvitation,
    Reconcile,
    Tell,
    UpdatePanel,
)
from moderation.floor import Invitation, Seat
from moderation.queue import Hand
from moderation.refused import Refused
from moderation.roles import Role
from moderation.space.state import State
from moderation.view import Phase

MISSES = 2
"""Invitations that nobody answered before the hand is lowered."""


def explain(
    state: State,
    key: str,
    user_id: int | None = None,
    by: int | None = None,
    **params: Param,
) -> Explained:
    """Note and return why the floor changed."""
    about = {} if user_id is None else {"user_id": user_id}
    who = {} if by is None else {"by_id": by}
    state.last = Explained(
        key, params={**about, **who, **params}, user_id=user_id, by=by
    )
    return state.last


def require_invitable(state: State, user_id: int) -> None:
    """Refuse an invitation that makes no sense now."""
    state.require_guest(user_id)
    if user_id in state.floor.seats:
        raise Refused("floor.already", user_id=user_id)
    if user_id in state.floor.invitations:
        raise Refused("floor.already_invited", user_id=user_id)


def invite(
    state: State, user_id: int, by: int | None, now: float, note: str = ""
) -> list[Effect]:
    """Keep a seat for a member and ask them."""
    require_invitable(state, user_id)
    state.floor.require_free()
    hand = state.queue.take(user_id)
    until = now + state.settings.invitation_s
    state.floor.invite(Invitation(user_id, until, by, hand, now, note))
    key = "floor.invited" if by is not None else "floor.called_by_queue"
    return [
        PromptInvitation(user_id, by, until, note),
        explain(state, key, user_id, by, until_at=until),
        Reconcile((user_id,)),
        UpdatePanel(),
    ]


def seat(state: State, user_id: int, now: float) -> Seat:
    """Give a member the seat kept for them, or a free one. Staff have no clock."""
    staff = state.role_of(user_id) in (Role.HOST, Role.COHOST)
    held = state.floor.seats.get(user_id)
    if held is None:
        held = state.floor.grant(user_id, now, None if staff else state.settings.turn_s)
        hand = state.queue.take(user_id)
        held.hand = held.hand or hand
        state.people.get(user_id).turns += 1
    if staff:
        held.clock = None
    return held


def note_silenced(state: State, user_id: int) -> None:
    """Note that the Space itself has somebody on stage silenced.

    Otherwise the suppression that follows would look like their own stepping down.
    """
    member = state.people.get(user_id)
    if member.suppressed is False:
        member.silenced = True


def unseat(state: State, user_id: int, now: float) -> Seat | None:
    """Take a member off the floor and count their turn."""
    held = state.floor.release(user_id)
    if held is not None:
        note_silenced(state, user_id)
        state.turns_ended += 1
        state.turns_s += max(0.0, now - held.since)
        if state.last_word_id == user_id:
            state.last_word_id = None
    return held


def unseat_unheard(state: State, user_id: int, now: float) -> None:
    """Take a member off the floor; a hand that led to no real speech is up again."""
    held = unseat(state, user_id, now)
    if held is not None and held.hand is not None:
        state.queue.put_back(held.hand)


def requeue(state: State, hand: Hand, now: float) -> bool:
    """Put the hand of a missed invitation last; after two misses it is lowered."""
    rest_until = now + state.settings.invitation_s
    missed = replace(hand, missed=hand.missed + 1, rest_until=rest_until)
    if missed.missed >= MISSES:
        return False
    state.queue.put_last(missed)
    return True


def clear_out(state: State, user_id: int, now: float) -> list[Effect]:
    """Take seat, hand and invitation away from somebody who may have none of them."""
    effects: list[Effect] = []
    unseat(state, user_id, now)
    state.queue.drop(user_id)
    if state.floor.uninvite(user_id) is not None:
        effects.append(DropInvitation(user_id))
    return effects


def advance(state: State, now: float) -> list[Effect]:
    """Offer free seats to the next in the queue, where the room runs by itself."""
    if not state.settings.auto_call or state.phase is not Phase.LIVE or state.hushed:
        return []
    effects: list[Effect] = []
    while state.floor.free > 0:
        hand = next_callable(state, rested_at=now)
        if hand is None:
            break
        effects += invite(state, hand.user_id, None, now)
    return effects


def require_uncalled(state: State, seen_id: int | None) -> None:
    """Refuse to call a second one where two press at once for the same one."""
    if seen_id in state.floor.invitations:
        raise Refused("floor.already_invited", user_id=seen_id)


def next_callable(state: State, rested_at: float | None = None) -> Hand | None:
    """Return the next hand of somebody who can be invited now.

    With ``rested_at``, who has just let an invitation pass is left in peace.
    """
    if not len(state.queue):
        return None
    for hand in state.hands():
        if rested_at is not None and rested_at < hand.rest_until:
            continue
        try:
            require_invitable(state, hand.user_id)
        except Refused:
            continue
        return hand
    return None


def until_key(key: str, until: float | None) -> tuple[str, dict[str, float]]:
    """Return the key and parameters of a text that may or may not name a time."""
    return (key, {}) if until is None else (f"{key}_until", {"until_at": until})


def answer(user_id: int, key: str, /, **params: Param) -> Tell:
    """Tell somebody, in private, what became of what they did."""
    return Tell(key, params=params, user_id=user_id)
