"""The state of one Space, and the questions that every rule asks of it.

Only the modules of this package change it, and only after everything that could be
refused was checked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moderation.agenda import Agenda
from moderation.cases import CaseBook
from moderation.consent import Consents
from moderation.effects import Effect, Explained
from moderation.events import Event
from moderation.floor import Floor, Seat
from moderation.hosting import Hosting
from moderation.ladder import Ladder
from moderation.people import Member, People
from moderation.questions import Questions
from moderation.queue import Hand, Order, Queue, Spoken
from moderation.refused import Refused
from moderation.requests import QueueMode
from moderation.roles import Role, Standing
from moderation.sanction import Action
from moderation.settings import RoomKind, SpaceSettings
from moderation.view import Phase


@dataclass(slots=True)
class State:
    """Everything that one Space knows."""

    space_id: int
    guild_id: int
    channel_id: int
    kind: RoomKind
    opened_at: float
    settings: SpaceSettings
    hosting: Hosting
    floor: Floor
    agenda: Agenda
    questions: Questions
    ladder: Ladder
    people: People = field(default_factory=People)
    queue: Queue = field(default_factory=Queue)
    cases: CaseBook = field(default_factory=CaseBook)
    consents: Consents = field(default_factory=Consents)
    languages: dict[int, str] = field(default_factory=dict)
    """Who speaks another language than the Space: ISO 639-1 by user."""

    phase: Phase = Phase.LIVE
    hushed: bool = False
    still_since: float | None = None
    """Unix seconds since when paused or hushed, and clocks stand still; else None."""

    locked: bool = False
    queue_open: bool = True
    last_word_id: int | None = None
    """Who has the last word."""

    turns_ended: int = 0
    turns_s: float = 0.0
    """Seconds that the ended turns took together."""

    last: Explained | None = None
    """The last change of the floor."""

    def role_of(self, user_id: int) -> Role:
        """Return a member's role; the acting host counts as host."""
        if self.hosting.is_host(user_id):
            return Role.HOST
        if user_id in self.hosting.cohosts:
            return Role.COHOST
        return Role.SPEAKER if user_id in self.floor.seats else Role.LISTENER

    def standing_of(self, user_id: int) -> Standing:
        """Return who somebody is when they act or are acted on."""
        return Standing(self.role_of(user_id), self.people.is_moderator(user_id))

    def may_speak(self, user_id: int) -> bool:
        """Say whether a member may be heard now."""
        if self.phase is Phase.ENDED or user_id not in self.floor.seats:
            return False
        if self.cases.stands(user_id, Action.MUTE):
            return False
        if self.hosting.is_staff(user_id):
            return True
        return not self.hushed and self.phase is Phase.LIVE

    def clock_from(self, seat: Seat, now: float) -> float:
        """Return when a clock that is set now begins: ``now``, or where all stand."""
        if self.still_since is None:
            return now
        return max(self.still_since, seat.since)

    def order(self) -> Order:
        """Return how hands are ordered now."""
        settings = self.settings
        seed = settings.seed + self.space_id
        return Order(settings.queue_mode, settings.request_kinds, seed)

    def spoken(self) -> dict[int, Spoken]:
        """Return what the order depends on: of those who wait, and of whole sides."""
        everybody = self.settings.queue_mode is QueueMode.SIDES
        users = self.people.members if everybody else self.queue.users()
        return {user: self.people.spoken(user) for user in users}

    def hands(self) -> list[Hand]:
        """Return the queue, next first."""
        return self.queue.ordered(self.order(), self.spoken())

    def require_present(self, user_id: int) -> Member:
        """Return a member who is in the room; refuse anybody else."""
        member = self.people.members.get(user_id)
        if member is None or not member.present:
            raise Refused("member.not_in_room", user_id=user_id)
        return member

    def require_guest(self, user_id: int) -> None:
        """Refuse somebody who may not be given the floor."""
        member = self.require_present(user_id)
        if member.bot:
            raise Refused("member.is_bot", user_id=user_id)
        mute = self.cases.stands(user_id, Action.MUTE)
        if mute is not None:
            key = "member.muted" if mute.until is None else "member.muted_until"
            raise Refused(key, user_id=user_id, until_at=mute.until)


Takes = dict[type[Event], Callable[[State, Any, float], list[Effect]]]
"""What takes each class of event. ``Any``: the key says which class."""
