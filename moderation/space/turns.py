"""Invitations, turns and their clocks."""

from dataclasses import replace

from moderation.effects import (
    Announce,
    DropInvitation,
    Effect,
    PlayTone,
    Reconcile,
    TellHosts,
    Tone,
    UpdatePanel,
)
from moderation.events import (
    Answer,
    AutoCallSet,
    AutoEndSet,
    Demoted,
    InvitationAnswered,
    InvitationExpired,
    InvitationWithdrawn,
    Invited,
    LastWordGiven,
    NextCalled,
    SpeakersRotated,
    SteppedDown,
    Swapped,
    TurnExtended,
    TurnLengthSet,
    TurnRanOut,
    TurnWarned,
)
from moderation.floor import Invitation
from moderation.refused import Refused
from moderation.requests import RequestKind, Via
from moderation.roles import Role
from moderation.space.people import drop_cohost
from moderation.space.seating import (
    answer,
    explain,
    invite,
    next_callable,
    requeue,
    require_invitable,
    seat,
    unseat,
    unseat_unheard,
    until_key,
)
from moderation.space.state import State, Takes
from moderation.turns import TurnClock

OWN_EXTENSION_S = 60.0
"""What speakers may give themselves at a time, in seconds."""

LONGEST_TURN_S = 3600.0
"""Longest turn that can be set, in seconds."""


def next_called(state: State, event: NextCalled, now: float) -> list[Effect]:
    """Invite the next in the queue."""
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
    granted, until = until_key("floor.granted", held.clock and held.clock.ends_at)
    yours, _ = until_key("floor.yours", held.clock and held.clock.ends_at)
    return [
        Reconcile((user_id,)),
        DropInvitation(user_id),
        explain(state, granted, user_id, **until),
        answer(user_id, yours, **until),
        UpdatePanel(),
    ]


def _later(state: State, invitation: Invitation, now: float) -> None:
    hand = invitation.hand
    if hand is None:
        hand = state.queue.raise_hand(
            invitation.user_id, RequestKind.NEW_TOPIC, "", Via.BUTTON, now
        )
    state.queue.put_last(hand)


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
    kept = invitation.hand is not None and requeue(state, invitation.hand)
    key = "invitation.expired_kept" if kept else "invitation.expired"
    return [
        Reconcile((user_id,)),
        DropInvitation(user_id),
        explain(state, key, user_id),
        answer(user_id, f"{key}_told"),
        TellHosts(key, params={"user_id": user_id}),
        UpdatePanel(),
    ]


def stepped_down(state: State, event: SteppedDown, now: float) -> list[Effect]:
    """Give up the floor."""
    user_id = event.user_id
    if user_id == state.hosting.host_id:
        raise Refused("host.hand_over_first")
    if user_id not in state.floor.seats:
        raise Refused("floor.not_on", user_id=user_id)
    unseat(state, user_id, now)
    return [
        Reconcile((user_id,)),
        explain(state, "floor.stepped_down", user_id),
        *drop_cohost(state, user_id, now),
        answer(user_id, "floor.stepped_down_told"),
        UpdatePanel(),
    ]


def demoted(state: State, event: Demoted, now: float) -> list[Effect]:
    """Send a speaker back to the audience."""
    _require_off(state, event.user_id)
    unseat(state, event.user_id, now)
    return [
        Reconcile((event.user_id,)),
        explain(state, "floor.demoted", event.user_id, event.by),
        *drop_cohost(state, event.user_id, now),
        answer(event.user_id, "floor.demoted_told", by_id=event.by),
        UpdatePanel(),
    ]


def _require_off(state: State, user_id: int) -> None:
    if user_id not in state.floor.seats:
        raise Refused("floor.not_on", user_id=user_id)
    if state.role_of(user_id) is Role.HOST:
        raise Refused("host.hand_over_first")


def swapped(state: State, event: Swapped, now: float) -> list[Effect]:
    """Take one off the floor and invite another one in their place."""
    _require_off(state, event.user_id)
    if state.role_of(event.user_id) is not Role.SPEAKER:
        raise Refused("floor.is_cohost", user_id=event.user_id)
    require_invitable(state, event.other_id)
    unseat_unheard(state, event.user_id, now)
    return [
        Reconcile((event.user_id,)),
        explain(
            state, "floor.swapped", event.user_id, event.by, other_id=event.other_id
        ),
        answer(event.user_id, "floor.swapped_told", other_id=event.other_id),
        *invite(state, event.other_id, event.by, now),
    ]


def speakers_rotated(state: State, event: SpeakersRotated, now: float) -> list[Effect]:
    """Let the longest speaker make room for the next in the queue."""
    speakers = [u for u in state.floor.seats if state.role_of(u) is Role.SPEAKER]
    if not speakers:
        raise Refused("floor.no_speaker")
    hand = next_callable(state)
    if hand is None:
        raise Refused("queue.empty")
    swap = Swapped(by=event.by, user_id=speakers[0], other_id=hand.user_id)
    return swapped(state, swap, now)


def turn_length_set(state: State, event: TurnLengthSet, now: float) -> list[Effect]:
    """Set how long turns last, and start the clocks of the running ones afresh."""
    seconds = event.seconds
    if seconds is not None and not 0 < seconds <= LONGEST_TURN_S:
        raise Refused("turn.bad_length", longest_s=LONGEST_TURN_S)
    state.settings = replace(state.settings, turn_s=seconds)
    start = state.paused_at if state.paused_at is not None else now
    for held in state.floor.seats.values():
        if state.role_of(held.user_id) is Role.SPEAKER:
            held.clock = None if seconds is None else TurnClock.start(start, seconds)
    key = "turn.unlimited" if seconds is None else "turn.length_set"
    return [
        explain(state, key, by=event.by, **({"turn_s": seconds} if seconds else {})),
        answer(event.by, "done"),
        UpdatePanel(),
    ]


def auto_end_set(state: State, event: AutoEndSet, now: float) -> list[Effect]:
    """Choose whether turns end by themselves."""
    state.settings = replace(state.settings, auto_end=event.on)
    key = "turn.auto_end_on" if event.on else "turn.auto_end_off"
    return [explain(state, key, by=event.by), answer(event.by, "done"), UpdatePanel()]


def auto_call_set(state: State, event: AutoCallSet, now: float) -> list[Effect]:
    """Choose whether the queue moves on by itself."""
    state.settings = replace(state.settings, auto_call=event.on)
    key = "queue.auto_call_on" if event.on else "queue.auto_call_off"
    return [explain(state, key, by=event.by), answer(event.by, "done"), UpdatePanel()]


def turn_extended(state: State, event: TurnExtended, now: float) -> list[Effect]:
    """Give a turn more time; speakers may give themselves a minute so often."""
    held = state.floor.seats.get(event.user_id)
    if held is None:
        raise Refused("floor.not_on", user_id=event.user_id)
    if held.clock is None:
        raise Refused("turn.no_clock", user_id=event.user_id)
    if not 0 < event.seconds <= LONGEST_TURN_S:
        raise Refused("turn.bad_length", longest_s=LONGEST_TURN_S)
    if event.by == event.user_id:
        allowed = state.settings.own_extensions
        if held.extensions >= allowed or event.seconds > OWN_EXTENSION_S:
            raise Refused("turn.no_more", n=allowed)
        held.extensions += 1
    start = state.paused_at if state.paused_at is not None else now
    held.clock = held.clock.extended(start, event.seconds)
    return [
        explain(state, "turn.extended", event.user_id, event.by, more_s=event.seconds),
        answer(event.user_id, "turn.extended_told", until_at=held.clock.ends_at),
        UpdatePanel(),
    ]


def last_word_given(state: State, event: LastWordGiven, now: float) -> list[Effect]:
    """Close the queue and give one member the last word."""
    if event.user_id in state.floor.seats:
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


def turn_warned(state: State, event: TurnWarned, now: float) -> list[Effect]:
    """Tell a speaker how much time is left."""
    held = state.floor.seats.get(event.user_id)
    if held is None or held.clock is None:
        return []
    held.clock = held.clock.told(event.left_s)
    return [answer(event.user_id, "turn.left", left_s=event.left_s), UpdatePanel()]


def turn_ran_out(state: State, event: TurnRanOut, now: float) -> list[Effect]:
    """End a turn whose time is up, or say so where the host decides."""
    user_id = event.user_id
    held = state.floor.seats.get(user_id)
    if held is None or held.clock is None:
        return []
    held.clock = held.clock.told(0.0)
    if not state.settings.auto_end:
        return [
            answer(user_id, "turn.over"),
            TellHosts("turn.over_hosts", params={"user_id": user_id}),
            PlayTone(Tone.TIME),
            UpdatePanel(),
        ]
    unseat(state, user_id, now)
    unheard = held.hand is not None and requeue(state, held.hand)
    return [
        Reconcile((user_id,)),
        explain(state, "turn.ended_unheard" if unheard else "turn.ended", user_id),
        answer(user_id, "turn.ended_told"),
        PlayTone(Tone.TIME),
        UpdatePanel(),
    ]


TAKES: Takes = {
    NextCalled: next_called,
    Invited: invited,
    InvitationAnswered: invitation_answered,
    InvitationWithdrawn: invitation_withdrawn,
    InvitationExpired: invitation_expired,
    SteppedDown: stepped_down,
    Demoted: demoted,
    Swapped: swapped,
    SpeakersRotated: speakers_rotated,
    TurnLengthSet: turn_length_set,
    AutoEndSet: auto_end_set,
    AutoCallSet: auto_call_set,
    TurnExtended: turn_extended,
    LastWordGiven: last_word_given,
    TurnWarned: turn_warned,
    TurnRanOut: turn_ran_out,
}
