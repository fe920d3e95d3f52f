"""Leaving the floor: of one's own will, by the host, or to make room for another."""

from moderation.effects import Effect, Reconcile, UpdatePanel
from moderation.events import Demoted, SpeakersRotated, SteppedDown, Swapped
from moderation.refused import Refused
from moderation.roles import Role
from moderation.space.people import drop_cohost
from moderation.space.seating import (
    answer,
    explain,
    invite,
    next_callable,
    require_invitable,
    require_uncalled,
    unseat,
    unseat_unheard,
)
from moderation.space.state import State, Takes


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
    require_uncalled(state, event.seen_id)
    speakers = [u for u in state.floor.seats if state.role_of(u) is Role.SPEAKER]
    if not speakers:
        raise Refused("floor.no_speaker")
    hand = next_callable(state)
    if hand is None:
        raise Refused("queue.empty")
    swap = Swapped(by=event.by, user_id=speakers[0], other_id=hand.user_id)
    return swapped(state, swap, now)


TAKES: Takes = {
    SteppedDown: stepped_down,
    Demoted: demoted,
    Swapped: swapped,
    SpeakersRotated: speakers_rotated,
}
