"""A Space as others see it: ``SpaceView``, made from the state."""

from dataclasses import replace

from moderation.questions import QuestionStatus
from moderation.queue import of_sides, reason
from moderation.requests import QueueMode
from moderation.roles import Role
from moderation.sanction import Action
from moderation.space.state import State
from moderation.space.waits import waits
from moderation.view import (
    HandView,
    InvitationView,
    QuestionView,
    SeatView,
    SpaceView,
)


def view(state: State, now: float) -> SpaceView:
    """Return what panel, terminal and page show at ``now``."""
    hosting, agenda, consents = state.hosting, state.agenda, state.consents
    present = [member.user_id for member in state.people.present()]
    invited = state.floor.invitations.values()
    return SpaceView(
        space_id=state.space_id,
        guild_id=state.guild_id,
        channel_id=state.channel_id,
        kind=state.kind,
        phase=state.phase,
        topic=agenda.topic,
        agenda=tuple(item.text for item in agenda.items),
        agenda_number=agenda.current,
        parked=tuple(agenda.parked),
        links=dict(agenda.links),
        opened_at=state.opened_at,
        host_id=hosting.chair_id,
        host_away=hosting.chair_id not in present,
        cohost_ids=tuple(user for user in hosting.cohosts),
        stage=tuple(_seat(state, user_id, now) for user_id in _by_role(state)),
        invited=tuple(InvitationView(one.user_id, one.until) for one in invited),
        queue=_queue(state, now),
        questions=_questions(state),
        queue_open=state.queue_open,
        queue_mode=state.settings.queue_mode,
        hushed=state.hushed,
        locked=state.locked,
        settings=state.settings,
        present=len(present),
        recording=consents.recording,
        transcript=consents.transcript,
        captions=consents.captions,
        consents=consents.counts(present),
        muted_ids=tuple(
            user
            for user, stands in state.cases.standing.items()
            if Action.MUTE in stands
        ),
        last_key=state.last.key if state.last else "",
        last_params=dict(state.last.params) if state.last else {},
        unrecorded=tuple(sorted(consents.unrecorded)),
        reported_next=frozenset(
            user for user in state.floor.seats if state.ladder.reports_next(user, now)
        ),
    )


def _questions(state: State) -> tuple[QuestionView, ...]:
    return tuple(
        QuestionView(
            number=one.number,
            text=one.text,
            votes=len(one.votes),
            user_id=None if one.anonymous else one.user_id,
            shown=one.status is QuestionStatus.SHOWN,
        )
        for one in state.questions.ranked()
    )


_ORDER = list(Role)


def _by_role(state: State) -> list[int]:
    """Return who is on the floor: host, co-hosts, speakers by how long they are."""
    return sorted(state.floor.seats, key=lambda u: _ORDER.index(state.role_of(u)))


def _seat(state: State, user_id: int, now: float) -> SeatView:
    seat, member = state.floor.seats[user_id], state.people.get(user_id)
    running = seat.clock is not None and state.still_since is None
    since = member.speaking_since
    return SeatView(
        user_id=user_id,
        role=state.role_of(user_id),
        since=seat.since,
        ends_at=seat.clock.ends_at if seat.clock and running else None,
        over_time=seat.clock is not None and seat.clock.over,
        present=member.present,
        may_speak=state.may_speak(user_id),
        speaking=since is not None,
        seconds=member.seconds + (max(0.0, now - since) if since is not None else 0.0),
        hand=seat.hand.kind if seat.hand else None,
    )


def _queue(state: State, now: float) -> tuple[HandView, ...]:
    order, views = state.order(), []
    sides = of_sides(state.spoken()) if order.mode is QueueMode.SIDES else {}
    for hand, position, wait_s in waits(state, now):
        spoken = state.people.spoken(hand.user_id)
        if sides:
            spoken = replace(spoken, seconds=sides.get(spoken.side, 0.0))
        key, params = reason(hand, order, spoken)
        views.append(
            HandView(
                user_id=hand.user_id,
                kind=hand.kind,
                note=hand.note,
                since=hand.since,
                position=position,
                wait_s=wait_s,
                reason_key=key,
                reason_params=params,
                present=state.people.is_present(hand.user_id),
            )
        )
    return tuple(views)
