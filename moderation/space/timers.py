"""What is due when, as events.

Rule 1: a timer decides nothing by itself: it names an event, which is journalled and
taken like any other, so that a replay needs no clock.
Rule 2: taking the event makes the timer go away, or moves it on.
"""

from collections.abc import Iterator

from moderation.events import (
    EndReason,
    Event,
    HostGraceEnded,
    InvitationExpired,
    SanctionLapsed,
    SeatGraceEnded,
    SpaceClosed,
    TurnRanOut,
    TurnWarned,
)
from moderation.space.state import State
from moderation.view import Phase

Due = tuple[float, Event]
"""Unix seconds when an event is due, and the event."""


def timers(state: State) -> Iterator[Due]:
    """Yield everything that is due at some time, in no order."""
    if state.phase is Phase.ENDED:
        return
    yield from _room(state)
    yield from _away(state)
    for invitation in state.floor.invitations.values():
        if state.still_since is None:
            yield invitation.until, InvitationExpired(invitation.user_id)
    for sanction in state.cases.lapsing():
        if sanction.until is not None:
            yield sanction.until, SanctionLapsed(sanction.user_id)
    if state.still_since is None:
        yield from _clocks(state)


def _room(state: State) -> Iterator[Due]:
    settings, hosting = state.settings, state.hosting
    if settings.hard_end_s is not None:
        ends_at = state.opened_at + settings.hard_end_s
        yield ends_at, SpaceClosed(EndReason.TIME_UP)
    if hosting.lost_at is not None:
        yield hosting.lost_at + settings.host_grace_s, HostGraceEnded()
    if hosting.orphan_at is not None:
        ends_at = hosting.orphan_at + settings.orphan_s
        yield ends_at, SpaceClosed(EndReason.NO_HOST)


def _away(state: State) -> Iterator[Due]:
    """Yield whose seat or hand is given up because they left."""
    for user_id in state.floor.seats:
        if not state.hosting.is_staff(user_id):
            yield from _grace(state, user_id)
    for user_id in state.queue.users():
        yield from _grace(state, user_id)


def _grace(state: State, user_id: int) -> Iterator[Due]:
    left_at = state.people.get(user_id).left_at
    if left_at is not None:
        yield left_at + state.settings.seat_grace_s, SeatGraceEnded(user_id)


def _clocks(state: State) -> Iterator[Due]:
    for seat in state.floor.seats.values():
        due = seat.clock.due() if seat.clock else None
        if due is not None:
            at, left_s = due
            user_id = seat.user_id
            yield at, TurnWarned(user_id, left_s) if left_s else TurnRanOut(user_id)
