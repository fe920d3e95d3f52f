"""Turns: how long they last, what is said when time runs out, and more time."""

from dataclasses import replace

from moderation.effects import (
    Effect,
    PlayTone,
    Reconcile,
    Tell,
    TellHosts,
    Tone,
    UpdatePanel,
)
from moderation.events import (
    AutoCallSet,
    AutoEndSet,
    TurnExtended,
    TurnLengthSet,
    TurnRanOut,
    TurnWarned,
)
from moderation.floor import Seat
from moderation.refused import Refused
from moderation.roles import Role
from moderation.space.seating import answer, explain, requeue, unseat
from moderation.space.state import State, Takes
from moderation.turns import TurnClock

OWN_EXTENSION_S = 60.0
"""What speakers may give themselves at a time, in seconds."""

LONGEST_TURN_S = 3600.0
"""Longest turn that can be set, in seconds."""


def turn_length_set(state: State, event: TurnLengthSet, now: float) -> list[Effect]:
    """Set how long turns last, and start the clocks of the running ones afresh."""
    seconds = event.seconds
    if seconds is not None and not 0 < seconds <= LONGEST_TURN_S:
        raise Refused("turn.bad_length", longest_s=LONGEST_TURN_S)
    state.settings = replace(state.settings, turn_s=seconds)
    for held in state.floor.seats.values():
        if state.role_of(held.user_id) is Role.SPEAKER:
            start = state.clock_from(held, now)
            held.clock = None if seconds is None else TurnClock.start(start, seconds)
    explained = (
        explain(state, "turn.unlimited", by=event.by)
        if seconds is None
        else explain(state, "turn.length_set", by=event.by, turn_s=seconds)
    )
    return [
        explained,
        UpdatePanel(),
    ]


def auto_end_set(state: State, event: AutoEndSet, now: float) -> list[Effect]:
    """Choose whether turns end by themselves."""
    state.settings = replace(state.settings, auto_end=event.on)
    key = "turn.auto_end_on" if event.on else "turn.auto_end_off"
    return [explain(state, key, by=event.by), UpdatePanel()]


def auto_call_set(state: State, event: AutoCallSet, now: float) -> list[Effect]:
    """Choose whether the queue moves on by itself."""
    state.settings = replace(state.settings, auto_call=event.on)
    key = "queue.auto_call_on" if event.on else "queue.auto_call_off"
    return [explain(state, key, by=event.by), UpdatePanel()]


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
        if not allowed:
            raise Refused("turn.not_yours")
        if held.extensions >= allowed or event.seconds > OWN_EXTENSION_S:
            raise Refused("turn.no_more", n=allowed)
        held.extensions += 1
    held.clock = held.clock.extended(state.clock_from(held, now), event.seconds)
    return [
        explain(state, "turn.extended", event.user_id, event.by, more_s=event.seconds),
        answer(event.user_id, "turn.extended_told", until_at=held.clock.ends_at),
        UpdatePanel(),
    ]


def turn_warned(state: State, event: TurnWarned, now: float) -> list[Effect]:
    """Tell a speaker how much time is left."""
    held = state.floor.seats.get(event.user_id)
    if held is None or held.clock is None:
        return []
    held.clock = held.clock.told(event.left_s)
    return [
        Tell(
            "turn.left",
            params={"left_s": event.left_s},
            user_id=event.user_id,
            offers=_own_offers(state, held),
        ),
        UpdatePanel(),
    ]


def _own_offers(state: State, held: Seat) -> tuple[str, ...]:
    """Return the buttons of a speaker whose time runs out."""
    more = held.extensions < state.settings.own_extensions
    return ("plus", "step_down") if more else ("step_down",)


def turn_ran_out(state: State, event: TurnRanOut, now: float) -> list[Effect]:
    """End a turn whose time is up, or say so where the host decides."""
    user_id = event.user_id
    held = state.floor.seats.get(user_id)
    if held is None or held.clock is None:
        return []
    held.clock = held.clock.told(0.0)
    if not state.settings.auto_end:
        return [
            Tell("turn.over", user_id=user_id, offers=_own_offers(state, held)),
            TellHosts(
                "turn.over_hosts",
                params={"user_id": user_id},
                offers=("extend", "end_turn"),
                target=user_id,
            ),
            PlayTone(Tone.TIME),
            UpdatePanel(),
        ]
    unseat(state, user_id, now)
    unheard = held.hand is not None and requeue(state, held.hand, now)
    return [
        Reconcile((user_id,)),
        explain(state, "turn.ended_unheard" if unheard else "turn.ended", user_id),
        answer(user_id, "turn.ended_told"),
        PlayTone(Tone.TIME),
        UpdatePanel(),
    ]


TAKES: Takes = {
    TurnLengthSet: turn_length_set,
    AutoEndSet: auto_end_set,
    AutoCallSet: auto_call_set,
    TurnExtended: turn_extended,
    TurnWarned: turn_warned,
    TurnRanOut: turn_ran_out,
}
