"""The ladder: what is done about somebody who goes on, one step at a time.

How fast it is climbed, and which steps there are, is ``moderation.ladder``'s.
"""

from moderation.effects import (
    Announce,
    Audience,
    Effect,
    Nudge,
    Params,
    PlayTone,
    Reconcile,
    TellHosts,
    Tone,
    UpdatePanel,
)
from moderation.events import ConductNudged
from moderation.ladder import Rung
from moderation.refused import Refused
from moderation.requests import RequestKind, Via
from moderation.roles import Right, has_right
from moderation.space.seating import answer, explain, unseat
from moderation.space.state import State, Takes

MEASURED = {"monologue": ("give_floor", "not_helpful"), "dominance": ("not_helpful",)}
"""What the bot itself finds about somebody's talk, and the answers that it offers."""


def conduct_nudged(state: State, event: ConductNudged, now: float) -> list[Effect]:
    """Do what the next rung of the ladder says, unless it is too soon."""
    user_id = event.user_id
    if event.by is not None and not has_right(state.standing_of(event.by), Right.WARN):
        raise Refused("right.missing", right_key=f"right.{Right.WARN.value}")
    rung = state.ladder.climb(user_id, now)
    if rung is None:
        return [answer(event.by, "ladder.too_soon")] if event.by is not None else []
    mild = rung in (Rung.END_TURN, Rung.AUDIENCE) and (
        state.hosting.is_staff(user_id) or user_id not in state.floor.seats
    )
    step = Rung.PUBLIC if mild else rung
    done: list[Effect] = []
    if event.by is not None:
        done = [answer(event.by, "ladder.step", rung_key=f"rung.{step.value}")]
    return [*done, *_rung(state, step, event, now)]


def _rung(state: State, rung: Rung, event: ConductNudged, now: float) -> list[Effect]:
    user_id = event.user_id
    cause_key = f"cause.{event.cause}"
    measured = event.by is None and event.cause in MEASURED
    params: Params = {"user_id": user_id, "cause_key": cause_key}
    match rung:
        case Rung.PRIVATE if measured:
            return [_figures(event, Audience.MEMBER)]
        case Rung.HOST if measured:
            return [_figures(event, Audience.HOSTS)]
        case Rung.PUBLIC if measured:
            return [_figures(event, Audience.ROOM)]
        case Rung.PRIVATE:
            return [answer(user_id, "ladder.private", cause_key=cause_key)]
        case Rung.HOST:
            return [TellHosts("ladder.host", params=params)]
        case Rung.PUBLIC:
            return [Announce("ladder.public", params=params, ping=user_id)]
        case Rung.TONE:
            return [
                PlayTone(Tone.NUDGE),
                answer(user_id, "ladder.tone", cause_key=cause_key),
            ]
        case Rung.END_TURN | Rung.AUDIENCE:
            return _taken_off(state, rung, event, now)


def _figures(event: ConductNudged, audience: Audience) -> Nudge:
    """Say what was measured, with the answers that the bot learns from."""
    user_id = event.user_id
    figures = {"user_id": user_id, "talk_s": event.talk_s, "share": event.share}
    return Nudge(
        f"nudge.{event.cause}.{audience.value}",
        params=figures,
        rule=event.cause,
        audience=audience,
        user_id=user_id,
        choices=MEASURED[event.cause],
    )


def _taken_off(
    state: State, rung: Rung, event: ConductNudged, now: float
) -> list[Effect]:
    user_id = event.user_id
    unseat(state, user_id, now)
    if rung is Rung.END_TURN:
        kind, via = RequestKind.NEW_TOPIC, Via.BUTTON
        state.queue.put_last(state.queue.raise_hand(user_id, kind, "", via, now))
    key, cause_key = f"ladder.{rung.value}", f"cause.{event.cause}"
    return [
        Reconcile((user_id,)),
        explain(state, key, user_id, event.by, cause_key=cause_key),
        answer(user_id, f"{key}_told", cause_key=cause_key),
        UpdatePanel(),
    ]


TAKES: Takes = {ConductNudged: conduct_nudged}
