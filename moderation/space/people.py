"""Coming, going, and who hosts."""

from moderation.effects import (
    Announce,
    AskConsent,
    Disconnect,
    DropInvitation,
    Effect,
    Reconcile,
    TellHosts,
    UpdatePanel,
)
from moderation.events import (
    CohostAdded,
    CohostRemoved,
    HandedOver,
    HostClaimed,
    HostGraceEnded,
    MemberJoined,
    MemberLeft,
    ModeratorSeen,
    RulesAccepted,
    SeatGraceEnded,
)
from moderation.people import Member
from moderation.refused import Refused
from moderation.roles import Role
from moderation.space.seating import (
    answer,
    explain,
    invite,
    seat,
    unseat,
    until_key,
)
from moderation.space.state import State, Takes
from moderation.turns import TurnClock


def member_joined(state: State, event: MemberJoined, now: float) -> list[Effect]:
    """Let a member in, or put them out again."""
    member = state.people.get(event.user_id)
    member.moderator, member.bot = event.moderator, event.bot
    member.account_created_at = event.account_created_at
    member.joined_guild_at = event.joined_guild_at
    out = _kept_out(state, member)
    if out:
        return out
    if not member.present:
        member.suppressed, member.hand_shown = None, False
    member.present, member.left_at = True, None
    effects: list[Effect] = [Reconcile((member.user_id,))]
    effects += _host_found(state, member.user_id, now)
    effects += _invited_again(state, member, now)
    if not member.bot and (asked := state.consents.unanswered([member.user_id])):
        effects.append(AskConsent(asked))
    return [*effects, UpdatePanel()]


def _kept_out(state: State, member: Member) -> list[Effect]:
    user_id = member.user_id
    bar = state.cases.bars_entry(user_id)
    if bar is not None:
        key, params = until_key(f"member.barred_{bar.action.value}", bar.until)
    elif state.locked and not (
        member.present
        or member.moderator
        or member.left_at is not None
        or state.hosting.is_staff(user_id)
    ):
        key, params = until_key("room.locked_out", None)
    else:
        return []
    return [Disconnect(user_id), answer(user_id, key, **params)]


def _invited_again(state: State, member: Member, now: float) -> list[Effect]:
    """Renew the invitation of who was gone for a moment, where a seat is free still."""
    before, member.invited = member.invited, None
    if before is None or now >= before.until:
        return []
    if before.hand is not None and member.user_id not in state.queue:
        return []  # the hand that led to it was lowered meanwhile
    try:
        return invite(state, member.user_id, before.by, now, before.note)
    except Refused:
        return []  # the seat is another's by now


def _host_found(state: State, user_id: int, now: float) -> list[Effect]:
    hosting = state.hosting
    if user_id == hosting.host_id:
        away = hosting.acting_id is not None or hosting.orphan_at is not None
        acted = hosting.acting_id
        hosting.returned()
        _give_clock(state, acted, now)
        return [explain(state, "host.returned", user_id)] if away else []
    if hosting.orphan_at is not None and user_id in hosting.cohosts:
        hosting.act(user_id)
        return _acting(state, user_id)
    return []


def member_left(state: State, event: MemberLeft, now: float) -> list[Effect]:
    """Note that somebody left; their seat and hand are kept for a while."""
    member = state.people.members.get(event.user_id)
    if member is None or not member.present:
        return []
    member.present, member.left_at, member.speaking_since = False, now, None
    member.suppressed, member.hand_shown = None, False
    effects: list[Effect] = [Reconcile((event.user_id,))]
    invitation = state.floor.uninvite(event.user_id)
    member.invited = invitation
    if invitation is not None:
        if invitation.hand is not None:
            state.queue.put_back(invitation.hand)
        effects.append(DropInvitation(event.user_id))
        effects.append(explain(state, "invitation.left", event.user_id))
    effects += _host_lost(state, event.user_id, now)
    return [*effects, UpdatePanel()]


def _host_lost(state: State, user_id: int, now: float) -> list[Effect]:
    hosting = state.hosting
    if user_id == hosting.host_id and hosting.acting_id is None:
        hosting.lost_at = now
        until = now + state.settings.host_grace_s
        params = {"until_at": until}
        return [TellHosts("host.left", params=params, urgent=True, hidden_from=user_id)]
    if user_id == hosting.acting_id:
        return _replace_acting(state, now)
    return []


def _replace_acting(state: State, now: float) -> list[Effect]:
    """Find somebody to act for the host, or start the time of a room without one."""
    hosting = state.hosting
    successor = hosting.successor(state.people.is_present)
    if successor is not None:
        hosting.act(successor)
        return _acting(state, successor)
    hosting.acting_id, hosting.lost_at, hosting.orphan_at = None, None, now
    until = now + state.settings.orphan_s
    return [
        explain(state, "host.nobody", until_at=until),
        Announce("room.no_host", params={"until_at": until}, offers=("claim",)),
    ]


def _acting(state: State, user_id: int) -> list[Effect]:
    return [
        explain(state, "host.acting", user_id),
        answer(user_id, "host.you_act"),
        Announce("room.acting_host", params={"user_id": user_id}),
    ]


def host_grace_ended(state: State, event: HostGraceEnded, now: float) -> list[Effect]:
    """Let somebody act for a host who did not come back."""
    if state.hosting.lost_at is None:
        return []
    return [*_replace_acting(state, now), UpdatePanel()]


def seat_grace_ended(state: State, event: SeatGraceEnded, now: float) -> list[Effect]:
    """Give up seat and hand of somebody who did not come back."""
    user_id = event.user_id
    if state.people.is_present(user_id):
        return []
    had_hand = state.queue.drop(user_id)
    had_seat = not state.hosting.is_staff(user_id) and user_id in state.floor.seats
    if had_seat:
        unseat(state, user_id, now)
    if not had_hand and not had_seat:
        return []
    return [explain(state, "seat.grace_over", user_id), UpdatePanel()]


def moderator_seen(state: State, event: ModeratorSeen, now: float) -> list[Effect]:
    """Note who moderates the guild."""
    state.people.get(event.user_id).moderator = event.moderator
    return []


def rules_accepted(state: State, event: RulesAccepted, now: float) -> list[Effect]:
    """Note which rules a member accepted."""
    state.people.get(event.user_id).rules_version = event.version
    return [answer(event.user_id, "rules.accepted")]


def cohost_added(state: State, event: CohostAdded, now: float) -> list[Effect]:
    """Make a member co-host, with a seat."""
    state.require_guest(event.user_id)
    _require_seat(state, event.user_id)
    if state.role_of(event.user_id) in (Role.HOST, Role.COHOST):
        raise Refused("host.already_staff", user_id=event.user_id)
    state.hosting.cohosts.append(event.user_id)
    seat(state, event.user_id, now)
    return [
        Reconcile((event.user_id,)),
        DropInvitation(event.user_id),
        explain(state, "cohost.added", event.user_id, event.by),
        answer(event.user_id, "cohost.you_are", by_id=event.by),
        Announce("room.cohost_added", params={"user_id": event.user_id}),
        UpdatePanel(),
    ]


def _require_seat(state: State, user_id: int) -> None:
    if user_id not in state.floor.seats and user_id not in state.floor.invitations:
        state.floor.require_free()


def cohost_removed(state: State, event: CohostRemoved, now: float) -> list[Effect]:
    """Make a co-host a speaker again."""
    if event.user_id not in state.hosting.cohosts:
        raise Refused("cohost.is_none", user_id=event.user_id)
    effects = drop_cohost(state, event.user_id, now)
    _give_clock(state, event.user_id, now)
    return [
        *effects,
        Reconcile((event.user_id,)),
        explain(state, "cohost.removed", event.user_id, event.by),
        answer(event.user_id, "cohost.you_were", by_id=event.by),
        UpdatePanel(),
    ]


def _give_clock(state: State, user_id: int | None, now: float) -> None:
    """Begin the turn of who keeps the floor and is staff no longer."""
    held = None if user_id is None else state.floor.seats.get(user_id)
    if held is None or state.settings.turn_s is None:
        return
    if state.role_of(held.user_id) is Role.SPEAKER:
        start = state.clock_from(held, now)
        held.clock = TurnClock.start(start, state.settings.turn_s)


def drop_cohost(state: State, user_id: int, now: float) -> list[Effect]:
    """Take the role of co-host away; somebody else acts if they acted for the host."""
    if user_id in state.hosting.cohosts:
        state.hosting.cohosts.remove(user_id)
    if state.hosting.acting_id == user_id:
        return _replace_acting(state, now)
    return []


def handed_over(state: State, event: HandedOver, now: float) -> list[Effect]:
    """Make somebody else host."""
    state.require_guest(event.user_id)
    _require_seat(state, event.user_id)
    if event.user_id == state.hosting.host_id:
        raise Refused("host.already_host", user_id=event.user_id)
    acted = state.hosting.acting_id
    before = state.hosting.hand_over(event.user_id)
    _give_clock(state, acted, now)
    seat(state, event.user_id, now)
    return [
        Reconcile((before, event.user_id)),
        DropInvitation(event.user_id),
        explain(state, "host.handed_over", event.user_id, event.by),
        answer(event.user_id, "host.you_are", by_id=event.by),
        Announce("room.new_host", params={"user_id": event.user_id}),
        UpdatePanel(),
    ]


def host_claimed(state: State, event: HostClaimed, now: float) -> list[Effect]:
    """Let a co-host, speaker or moderator act for a host who is gone."""
    user_id, hosting = event.user_id, state.hosting
    state.require_guest(user_id)
    if state.people.is_present(hosting.chair_id):
        raise Refused("host.is_here", host_id=hosting.chair_id)
    standing = state.standing_of(user_id)
    if standing.role is Role.LISTENER and not standing.moderator:
        raise Refused("host.cannot_claim")
    if hosting.lost_at is not None and not (
        standing.moderator or standing.role is Role.COHOST
    ):
        until = hosting.lost_at + state.settings.host_grace_s
        raise Refused("host.wait", until_at=until)
    _require_seat(state, user_id)
    hosting.act(user_id)
    seat(state, user_id, now)
    reconcile = [Reconcile((user_id,)), DropInvitation(user_id)]
    return [*reconcile, *_acting(state, user_id), UpdatePanel()]


TAKES: Takes = {
    MemberJoined: member_joined,
    MemberLeft: member_left,
    HostGraceEnded: host_grace_ended,
    SeatGraceEnded: seat_grace_ended,
    ModeratorSeen: moderator_seen,
    RulesAccepted: rules_accepted,
    CohostAdded: cohost_added,
    CohostRemoved: cohost_removed,
    HandedOver: handed_over,
    HostClaimed: host_claimed,
}
