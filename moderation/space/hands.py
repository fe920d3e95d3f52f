"""Hands and the queue."""

from dataclasses import replace

from moderation.effects import (
    Effect,
    Explained,
    Params,
    Reconcile,
    TellHosts,
    UpdatePanel,
)
from moderation.events import (
    HandDeferred,
    HandLowered,
    HandMoved,
    HandRaised,
    HandsCleared,
    HandWithdrawn,
    QueueClosed,
    QueueModeSet,
    QueueOpened,
    QueueSlowed,
    SideTaken,
)
from moderation.people import Member
from moderation.queue import Hand
from moderation.refused import Refused
from moderation.requests import NOTE_LIMIT, QueueMode, RequestKind
from moderation.space.seating import answer, explain
from moderation.space.state import State, Takes
from moderation.space.waits import place_of


def hand_raised(state: State, event: HandRaised, now: float) -> list[Effect]:
    """Put a hand up: in the queue, or beside the seat of somebody on the floor."""
    user_id = event.user_id
    whole = " ".join(event.note.split())
    note = whole[:NOTE_LIMIT]
    seated = state.floor.seats.get(user_id)
    held = state.queue.get(user_id) or (seated.hand if seated else None)
    _require_raisable(state, event, held, now)
    if held is not None and (held.kind, held.note) == (event.kind, note):
        return [place_told(state, user_id, now)]
    member = state.people.get(user_id)
    if held is None:
        member.hand_at = now
    if event.kind is RequestKind.POINT_OF_ORDER:
        member.points_of_order += held is None or held.kind is not event.kind
    if seated is not None:
        number = held.number if held else state.queue.next_number()
        since = held.since if held else now
        seated.hand = Hand(user_id, since, number, event.kind, note, event.via)
        seated.spoken_s = 0.0
    else:
        state.queue.raise_hand(user_id, event.kind, note, event.via, now)
    key = "hand.raised" if held is None else "hand.changed"
    kind_key = f"kind.{event.kind.value}"
    cut = [answer(user_id, "hand.note_cut", n=NOTE_LIMIT)] if note != whole else []
    return [
        place_told(state, user_id, now),
        *cut,
        explain(state, key, user_id, kind_key=kind_key),
        *_hosts_told(state, event, held, note),
        UpdatePanel(),
    ]


def _hosts_told(
    state: State, event: HandRaised, held: Hand | None, note: str
) -> list[Effect]:
    """Tell the hosts that somebody begins to wait; the panel shows the others.

    A point of order cannot wait, so that each is told.
    """
    urgent = event.kind is RequestKind.POINT_OF_ORDER
    first = held is None and state.queue.users() == [event.user_id]
    if not (first or urgent):
        return []
    told: Params = {
        "user_id": event.user_id,
        "kind_key": f"kind.{event.kind.value}",
        "note": note,
    }
    key = "hand.raised_note" if note else "hand.raised"
    target = state.hands()[0].user_id if len(state.queue) else None
    return [TellHosts(key, params=told, urgent=urgent, offers=("next",), target=target)]


def place_told(state: State, user_id: int, now: float) -> Effect:
    """Tell a member where they stand."""
    place = place_of(state, user_id, now)
    if place is None:
        return answer(user_id, "hand.up_on_floor")
    position, wait_s = place
    if wait_s < 1.0:
        return answer(user_id, "hand.place", n=position)
    return answer(user_id, "hand.position", n=position, wait_s=wait_s)


def _require_raisable(
    state: State, event: HandRaised, held: Hand | None, now: float
) -> None:
    user_id = event.user_id
    state.require_guest(user_id)
    member = state.people.get(user_id)
    if user_id in state.floor.invitations:
        raise Refused("hand.answer_invitation")
    if state.hosting.is_staff(user_id):
        raise Refused("hand.staff")
    if (
        event.kind is RequestKind.POINT_OF_ORDER
        and (held is None or held.kind is not event.kind)
        and member.points_of_order >= state.settings.points_of_order
    ):
        raise Refused("hand.points_used", n=state.settings.points_of_order)
    if held is not None:
        return
    if not state.queue_open:
        raise Refused("queue.closed")
    slow = state.settings.slow_queue_s
    if member.hand_at is not None and now < member.hand_at + slow:
        raise Refused("queue.slow", until_at=member.hand_at + slow)
    _require_eligible(state, member, now)


def _require_eligible(state: State, member: Member, now: float) -> None:
    gate = state.settings.gate
    if gate.rules_version and member.rules_version != gate.rules_version:
        raise Refused("gate.rules")
    for since, least, key in (
        (member.account_created_at, gate.account_age_s, "gate.account"),
        (member.joined_guild_at, gate.membership_age_s, "gate.membership"),
    ):
        if since is not None and now < since + least:
            raise Refused(key, until_at=since + least)


def hand_withdrawn(state: State, event: HandWithdrawn, now: float) -> list[Effect]:
    """Lower one's own hand."""
    return _lowered(state, event.user_id, explain_key="hand.withdrawn", by=None)


def hand_lowered(state: State, event: HandLowered, now: float) -> list[Effect]:
    """Lower somebody's hand."""
    return _lowered(state, event.user_id, explain_key="hand.lowered", by=event.by)


def _lowered(
    state: State, user_id: int, explain_key: str, by: int | None
) -> list[Effect]:
    seated = state.floor.seats.get(user_id)
    if seated is not None and seated.hand is not None:
        seated.hand = None
    elif not state.queue.drop(user_id):
        raise Refused("hand.not_up", user_id=user_id)
    return [
        Reconcile((user_id,)),
        explain(state, explain_key, user_id, by),
        answer(user_id, f"{explain_key}_told", by_id=by),
        UpdatePanel(),
    ]


def hand_deferred(state: State, event: HandDeferred, now: float) -> list[Effect]:
    """Go to the end of the queue."""
    hand = state.queue.get(event.user_id)
    if hand is None:
        raise Refused("hand.not_up", user_id=event.user_id)
    state.queue.put_last(hand)
    return [
        explain(state, "hand.deferred", event.user_id),
        place_told(state, event.user_id, now),
        UpdatePanel(),
    ]


def hands_cleared(state: State, event: HandsCleared, now: float) -> list[Effect]:
    """Lower all hands."""
    users = state.queue.clear()
    if not users:
        raise Refused("queue.empty")
    return [
        Reconcile(tuple(users)),
        explain(state, "queue.cleared", by=event.by, n=len(users)),
        *(answer(user, "hand.lowered_told", by_id=event.by) for user in users),
        UpdatePanel(),
    ]


def hand_moved(state: State, event: HandMoved, now: float) -> list[Effect]:
    """Put a hand at a place by hand."""
    if event.user_id not in state.queue:
        raise Refused("hand.not_up", user_id=event.user_id)
    if event.position < 1:
        raise Refused("queue.bad_position")
    state.queue.move(event.user_id, event.position, state.hands())
    place = min(event.position, len(state.queue))
    return [
        explain(state, "hand.moved", event.user_id, event.by, n=place),
        place_told(state, event.user_id, now),
        UpdatePanel(),
    ]


def queue_closed(state: State, event: QueueClosed, now: float) -> list[Effect]:
    """Refuse new hands."""
    if not state.queue_open:
        raise Refused("queue.already_closed")
    state.queue_open = False
    return _queue_changed(explain(state, "queue.closed_by", by=event.by))


def queue_opened(state: State, event: QueueOpened, now: float) -> list[Effect]:
    """Take hands again."""
    if state.queue_open:
        raise Refused("queue.already_open")
    state.queue_open = True
    return _queue_changed(explain(state, "queue.opened_by", by=event.by))


def queue_mode_set(state: State, event: QueueModeSet, now: float) -> list[Effect]:
    """Order the queue differently."""
    if event.mode is QueueMode.SIDES and len(state.settings.sides) < 2:
        raise Refused("queue.no_sides")
    state.settings = replace(state.settings, queue_mode=event.mode)
    mode_key = f"mode.{event.mode.value}"
    return _queue_changed(
        explain(state, "queue.mode_set", by=event.by, mode_key=mode_key)
    )


def queue_slowed(state: State, event: QueueSlowed, now: float) -> list[Effect]:
    """Set the least time between two hands of one member."""
    if event.seconds < 0:
        raise Refused("value.negative")
    state.settings = replace(state.settings, slow_queue_s=event.seconds)
    return _queue_changed(
        explain(state, "queue.slowed", by=event.by, pause_s=event.seconds)
    )


def side_taken(state: State, event: SideTaken, now: float) -> list[Effect]:
    """Note which side of the debate a member is on."""
    if event.side not in state.settings.sides:
        raise Refused("side.unknown")
    state.people.get(event.user_id).side = event.side
    return [
        explain(state, "side.taken", event.user_id, side=event.side),
        answer(event.user_id, "side.yours", side=event.side),
        UpdatePanel(),
    ]


def _queue_changed(explained: Explained) -> list[Effect]:
    return [explained, UpdatePanel()]


TAKES: Takes = {
    HandRaised: hand_raised,
    HandWithdrawn: hand_withdrawn,
    HandLowered: hand_lowered,
    HandDeferred: hand_deferred,
    HandsCleared: hands_cleared,
    HandMoved: hand_moved,
    QueueClosed: queue_closed,
    QueueOpened: queue_opened,
    QueueModeSet: queue_mode_set,
    QueueSlowed: queue_slowed,
    SideTaken: side_taken,
}
