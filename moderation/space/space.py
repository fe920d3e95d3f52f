"""A Space: everything that happens to one room, from its opening to its end.

Rule 1: facts in, effects out. ``handle`` either returns what is to be done or raises
``Refused``, and then nothing has changed.
Rule 2: the journal is the truth. Whatever changed a Space is an event that ``handle``
took; replaying the same events at the same times gives the same Space.
Rule 3: no clock, no I/O. ``deadline`` says when to ask ``on_deadline``; what the timers
decided comes back as events, to be journalled and handled like those from outside.

The rules themselves stand in this package, one module per subject.
"""

from collections.abc import Iterable
from contextlib import suppress

from moderation.effects import Effect, Tell
from moderation.events import (
    BanLifted,
    ByStaff,
    Event,
    HostGraceEnded,
    InvitationExpired,
    MemberJoined,
    MemberLeft,
    ModeratorSeen,
    NudgeSent,
    RecordingFailed,
    ReminderFired,
    SanctionLapsed,
    SeatGraceEnded,
    SpaceClosed,
    SpaceOpened,
    SpeechEnded,
    SpeechStarted,
    TrackFailed,
    TurnRanOut,
    TurnWarned,
    VoiceStateSeen,
    from_row,
)
from moderation.queue import Hand
from moderation.refused import Refused
from moderation.roles import Role
from moderation.space import (
    agenda,
    captions,
    conduct,
    departures,
    hands,
    invitations,
    nudges,
    people,
    questions,
    recording,
    room,
    sanctions,
    turns,
    voice,
)
from moderation.space.rights import require_right
from moderation.space.seating import advance
from moderation.space.showing import view
from moderation.space.state import State, Takes
from moderation.space.timers import timers
from moderation.space.waits import place_of
from moderation.view import Phase, SpaceView

TAKES: Takes = {
    **room.TAKES,
    **people.TAKES,
    **hands.TAKES,
    **invitations.TAKES,
    **departures.TAKES,
    **turns.TAKES,
    **voice.TAKES,
    **recording.TAKES,
    **captions.TAKES,
    **agenda.TAKES,
    **sanctions.TAKES,
    **conduct.TAKES,
    **questions.TAKES,
    **nudges.TAKES,
}
"""What takes each class of event but ``SpaceOpened``."""

NEVER_REFUSED = (
    MemberJoined,
    MemberLeft,
    ModeratorSeen,
    VoiceStateSeen,
    SpeechStarted,
    SpeechEnded,
    NudgeSent,
    RecordingFailed,
    TrackFailed,
    ReminderFired,
    HostGraceEnded,
    InvitationExpired,
    SanctionLapsed,
    BanLifted,
    SeatGraceEnded,
    SpaceClosed,
    TurnWarned,
    TurnRanOut,
)
"""Facts that simply are so; after the end they change nothing."""


def _confirmed(by: int, effects: list[Effect]) -> list[Effect]:
    """Return a plain confirmation for who acted, unless they are told something."""
    told = any(isinstance(one, Tell) and one.user_id == by for one in effects)
    return [] if told else [Tell("done", user_id=by)]


class Space:
    """One Space. Its first event is ``SpaceOpened``."""

    def __init__(self) -> None:
        """Start with nothing; ``handle`` the opening or ``replay`` a journal."""
        self._state: State | None = None

    @classmethod
    def replay(cls, rows: Iterable[tuple[float, str, str]]) -> "Space":
        """Return the Space that a journal tells of; no effects are run.

        ``rows`` are (Unix seconds, name, body) in the order of the journal. Raises
        ``UnreadableEventError`` for a row that is no event.
        """
        space = cls()
        for at, name, body in rows:
            space.follow(from_row(name, body), at)
        return space

    def follow(self, event: Event, at: float) -> None:
        """Take a fact of a journal that is read again.

        One that an earlier version allowed and this one does not changes nothing.
        """
        with suppress(Refused):
            self.handle(event, at)

    @property
    def state(self) -> State:
        """Everything the Space knows, to be read only. Refused before the opening."""
        if self._state is None:
            raise Refused("space.not_open")
        return self._state

    @property
    def is_live(self) -> bool:
        """Say whether the Space is open and has not ended."""
        return self._state is not None and self._state.phase is not Phase.ENDED

    def handle(self, event: Event, now: float) -> list[Effect]:
        """Take one fact at ``now`` (Unix seconds) and return what is to be done.

        Raises ``Refused`` if it is not allowed; nothing has changed then, and the
        event does not belong in the journal.
        """
        if isinstance(event, SpaceOpened):
            if self._state is not None:
                raise Refused("space.already_open")
            self._state, effects = room.space_opened(event, now)
            return effects
        state = self.state
        if state.phase is Phase.ENDED:
            if isinstance(event, NEVER_REFUSED):
                return []
            raise Refused("space.ended")
        if isinstance(event, ByStaff):
            require_right(state, event)
        effects = TAKES[type(event)](state, event, now)
        if isinstance(event, ByStaff):
            effects += _confirmed(event.by, effects)
        return effects + advance(state, now)

    def deadline(self) -> float | None:
        """Return when to call ``on_deadline``, in Unix seconds; None for never."""
        if self._state is None:
            return None
        return min((at for at, _ in timers(self._state)), default=None)

    def on_deadline(self, now: float) -> list[Event]:
        """Return what the timers decide at ``now``, oldest first; changes nothing.

        Handle each like any other event and journal it; then ask ``deadline`` again,
        which may already be past.
        """
        if self._state is None:
            return []
        due = [(at, event) for at, event in timers(self._state) if at <= now]
        return [event for _, event in sorted(due, key=lambda pair: pair[0])]

    def view(self, now: float) -> SpaceView:
        """Return what panel, terminal and page show."""
        return view(self.state, now)

    def may_speak(self, user_id: int) -> bool:
        """Say whether a member may be heard now."""
        return self._state is not None and self._state.may_speak(user_id)

    def is_called(self, user_id: int) -> bool:
        """Say whether a member is invited and could speak as soon as they accept."""
        state = self._state
        if state is None or user_id not in state.floor.invitations:
            return False
        return state.phase is Phase.LIVE and not state.hushed

    def is_speaking(self, user_id: int) -> bool:
        """Say whether a member is heard right now."""
        if self._state is None:
            return False
        member = self._state.people.members.get(user_id)
        return member is not None and member.speaking_since is not None

    def is_present(self, user_id: int) -> bool:
        """Say whether a member is in the room."""
        return self._state is not None and self._state.people.is_present(user_id)

    def is_moderator(self, user_id: int) -> bool:
        """Say whether a member moderates the guild, as far as was seen."""
        return self._state is not None and self._state.people.is_moderator(user_id)

    def is_invited(self, user_id: int) -> bool:
        """Say whether a member has an invitation to answer."""
        return self._state is not None and user_id in self._state.floor.invitations

    def has_hand_up(self, user_id: int) -> bool:
        """Say whether a member waits in the queue."""
        return self._state is not None and user_id in self._state.queue

    def hand_of(self, user_id: int) -> Hand | None:
        """Return a member's hand, in the queue or beside their seat, if it is up."""
        seat = self.state.floor.seats.get(user_id)
        return self.state.queue.get(user_id) or (seat.hand if seat else None)

    def role_of(self, user_id: int) -> Role:
        """Return a member's role; the acting host counts as host."""
        return self.state.role_of(user_id)

    def place_of(self, user_id: int, now: float) -> tuple[int, float] | None:
        """Return a member's position (1 is next) and seconds to wait, or None."""
        return place_of(self.state, user_id, now)
