"""The room as a whole: opening, pausing, hushing, locking, ending."""

from dataclasses import replace

from moderation.agenda import Agenda
from moderation.effects import (
    Announce,
    DropInvitation,
    Effect,
    EndRoom,
    PauseRecording,
    Reconcile,
    ShowTopic,
    StartRecording,
    StopRecording,
    StopTranscript,
    TellHosts,
    UpdatePanel,
)
from moderation.events import (
    BotReturned,
    CapSet,
    EndReason,
    ReminderFired,
    RoomHushed,
    RoomLocked,
    RoomUnhushed,
    RoomUnlocked,
    SpaceClosed,
    SpaceEnded,
    SpaceOpened,
    SpacePaused,
    SpaceResumed,
)
from moderation.floor import Floor
from moderation.hosting import Hosting
from moderation.ladder import Ladder
from moderation.questions import Questions
from moderation.refused import Refused
from moderation.settings import CAP_HIGHEST, CAP_LOWEST
from moderation.space.seating import explain, note_silenced
from moderation.space.state import State, Takes
from moderation.view import Keeping, Phase


def space_opened(event: SpaceOpened, now: float) -> tuple[State, list[Effect]]:
    """Open the room with the host on the floor."""
    settings = event.settings
    if not CAP_LOWEST <= settings.cap <= CAP_HIGHEST:
        raise Refused("floor.bad_cap", least=CAP_LOWEST, most=CAP_HIGHEST)
    agenda = Agenda("")
    agenda.set_topic(event.topic)
    state = State(
        space_id=event.space_id,
        guild_id=event.guild_id,
        channel_id=event.channel_id,
        kind=event.kind,
        opened_at=now,
        settings=settings,
        hosting=Hosting(event.host_id, lost_at=now),
        floor=Floor(settings.cap),
        agenda=agenda,
        questions=Questions(settings.approve_questions),
        ladder=Ladder(settings.ladder),
    )
    state.floor.grant(event.host_id, now)
    topic = agenda.topic
    return state, [
        Reconcile(),
        explain(state, "space.opened", event.host_id, event.host_id, topic=topic),
        ShowTopic(topic),
        Announce("room.opened", params={"host_id": event.host_id, "topic": topic}),
        UpdatePanel(),
    ]


def space_paused(state: State, event: SpacePaused, now: float) -> list[Effect]:
    """Begin an intermission."""
    if state.phase is Phase.PAUSED:
        raise Refused("space.already_paused")
    state.phase = Phase.PAUSED
    _stand_still(state, now)
    _note_all_silenced(state)
    effects: list[Effect] = [
        Reconcile(),
        explain(state, "space.paused", by=event.by),
        Announce("room.paused"),
    ]
    if state.consents.recording is Keeping.ON:
        effects.append(PauseRecording())
    return [*effects, UpdatePanel()]


def space_resumed(state: State, event: SpaceResumed, now: float) -> list[Effect]:
    """End an intermission; the clocks go on where they stood."""
    if state.phase is not Phase.PAUSED:
        raise Refused("space.not_paused")
    state.phase = Phase.LIVE
    _go_on(state, now)
    effects: list[Effect] = [
        Reconcile(),
        explain(state, "space.resumed", by=event.by),
        Announce("room.resumed"),
    ]
    if state.consents.recording is Keeping.ON:
        state.consents.record(Keeping.ON)
        effects.append(StartRecording())
    return [*effects, UpdatePanel()]


def _stand_still(state: State, now: float) -> None:
    if state.still_since is None:
        state.still_since = now


def _go_on(state: State, now: float) -> None:
    """Let the clocks run, unless the room is paused or hushed still."""
    since = state.still_since
    if since is None or state.hushed or state.phase is Phase.PAUSED:
        return
    state.floor.stood_still(since, now)
    state.still_since = None


def _note_all_silenced(state: State) -> None:
    for user_id in state.floor.seats:
        if not state.hosting.is_staff(user_id):
            note_silenced(state, user_id)


def room_hushed(state: State, event: RoomHushed, now: float) -> list[Effect]:
    """Silence everybody but staff; the clocks stand still."""
    if state.hushed:
        raise Refused("room.already_hushed")
    state.hushed = True
    _stand_still(state, now)
    _note_all_silenced(state)
    return [
        Reconcile(),
        explain(state, "room.hushed_by", by=event.by),
        Announce("room.hushed"),
        UpdatePanel(),
    ]


def room_unhushed(state: State, event: RoomUnhushed, now: float) -> list[Effect]:
    """Let those with the floor speak again; their clocks go on."""
    if not state.hushed:
        raise Refused("room.not_hushed")
    state.hushed = False
    _go_on(state, now)
    return [
        Reconcile(),
        explain(state, "room.unhushed_by", by=event.by),
        Announce("room.unhushed"),
        UpdatePanel(),
    ]


def room_locked(state: State, event: RoomLocked, now: float) -> list[Effect]:
    """Let nobody new in."""
    if state.locked:
        raise Refused("room.already_locked")
    state.locked = True
    explained = explain(state, "room.locked_by", by=event.by)
    return [explained, UpdatePanel()]


def room_unlocked(state: State, event: RoomUnlocked, now: float) -> list[Effect]:
    """Let people in again."""
    if not state.locked:
        raise Refused("room.not_locked")
    state.locked = False
    explained = explain(state, "room.unlocked_by", by=event.by)
    return [explained, UpdatePanel()]


def cap_set(state: State, event: CapSet, now: float) -> list[Effect]:
    """Set how many may be on the floor; never fewer than there are."""
    if not CAP_LOWEST <= event.cap <= CAP_HIGHEST:
        raise Refused("floor.bad_cap", least=CAP_LOWEST, most=CAP_HIGHEST)
    taken = state.floor.cap - state.floor.free
    if event.cap < taken:
        raise Refused("floor.cap_taken", n=taken)
    state.floor.cap = event.cap
    state.settings = replace(state.settings, cap=event.cap)
    explained = explain(state, "floor.cap_set", by=event.by, n=event.cap)
    return [explained, UpdatePanel()]


def space_ended(state: State, event: SpaceEnded, now: float) -> list[Effect]:
    """End the Space because somebody with the right wants it."""
    return _end(state, EndReason.BY_STAFF, event.by)


def space_closed(state: State, event: SpaceClosed, now: float) -> list[Effect]:
    """End the Space because of a rule or a fault."""
    return _end(state, event.reason, None)


def _end(state: State, reason: EndReason, by: int | None) -> list[Effect]:
    effects: list[Effect] = [
        explain(state, f"space.ended_{reason.value}", by=by),
        *(DropInvitation(user_id) for user_id in state.floor.invitations),
    ]
    if state.consents.recording is not Keeping.OFF:
        state.consents.record(Keeping.OFF)
        effects.append(StopRecording())
    state.consents.captions = False  # the room shows the last lines, then stops
    if state.consents.transcript:
        state.consents.transcript = False
        effects.append(StopTranscript())
    state.phase, state.still_since = Phase.ENDED, None
    state.floor.invitations.clear()
    state.floor.seats.clear()
    state.queue.clear()
    return [
        *effects,
        Announce(f"room.ended_{reason.value}"),
        Reconcile(),
        UpdatePanel(),
        EndRoom(reason),
    ]


def bot_returned(state: State, event: BotReturned, now: float) -> list[Effect]:
    """Go on after the bot was away: the clocks stood still meanwhile."""
    away_s = max(0.0, event.away_s)
    state.floor.stood_still(now - away_s, now)
    state.consents.record(state.consents.recording)
    for member in state.people.members.values():
        member.speaking_since = None
        if member.left_at is not None:
            member.left_at = min(now, member.left_at + away_s)
    if state.still_since is not None:
        state.still_since = min(now, state.still_since + away_s)
    if state.hosting.lost_at is not None:
        state.hosting.lost_at = min(now, state.hosting.lost_at + away_s)
    if state.hosting.orphan_at is not None:
        state.hosting.orphan_at = min(now, state.hosting.orphan_at + away_s)
    return [
        Reconcile(),
        explain(state, "bot.returned", away_s=away_s),
        TellHosts("bot.returned", params={"away_s": away_s}),
        UpdatePanel(),
    ]


def reminder_fired(state: State, event: ReminderFired, now: float) -> list[Effect]:
    """Say a planned reminder to the room."""
    return [Announce(event.key, params={"text": event.text})]


TAKES: Takes = {
    SpacePaused: space_paused,
    SpaceResumed: space_resumed,
    RoomHushed: room_hushed,
    RoomUnhushed: room_unhushed,
    RoomLocked: room_locked,
    RoomUnlocked: room_unlocked,
    CapSet: cap_set,
    SpaceEnded: space_ended,
    SpaceClosed: space_closed,
    BotReturned: bot_returned,
    ReminderFired: reminder_fired,
}
