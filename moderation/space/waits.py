"""How long everybody in the queue will wait, as far as anybody can tell.

An estimate: turns last as long as the clock allows, or as the turns of this Space have
lasted so far, and every free seat is filled at once.
"""

import heapq
from collections.abc import Iterator

from moderation.queue import Hand
from moderation.space.state import State

TURN_S = 120.0
"""What a turn is taken to last before any has ended, in seconds."""


def waits(state: State, now: float) -> Iterator[tuple[Hand, int, float]]:
    """Yield each hand with its position, 1 for next, and the seconds to wait."""
    turn_s = mean_turn(state)
    staff = state.hosting.is_staff
    ends = [0.0] * max(0, state.floor.free)
    for seat in state.floor.seats.values():
        if not staff(seat.user_id):
            ends_at = seat.clock.ends_at if seat.clock else seat.since + turn_s
            ends.append(max(0.0, ends_at - now))
    ends += [turn_s] * len(state.floor.invitations)
    ends = ends or [turn_s]
    heapq.heapify(ends)
    for position, hand in enumerate(state.hands(), start=1):
        wait_s = heapq.heappop(ends)
        heapq.heappush(ends, wait_s + turn_s)
        yield hand, position, wait_s


def mean_turn(state: State) -> float:
    """Return how long a turn lasts, in seconds."""
    if state.settings.turn_s is not None:
        return state.settings.turn_s
    if state.turns_ended and state.turns_s > 0:
        return state.turns_s / state.turns_ended
    return TURN_S


def place_of(state: State, user_id: int, now: float) -> tuple[int, float] | None:
    """Return a member's position and seconds to wait; None without a hand up."""
    if user_id not in state.queue:
        return None
    for hand, position, wait_s in waits(state, now):
        if hand.user_id == user_id:
            return position, wait_s
    return None
