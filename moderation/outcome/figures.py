"""The figures of one Space, from its journal and its talk.

Words are those of the survey of what hosts are asked for: *peak listeners*, *average
stay*, *participation* (hands and written questions), *listening time* (present and not
deafened). Pure: rows in, figures out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from media.intervals import Intervals, seconds
from moderation.events import (
    Event,
    HandLowered,
    HandsCleared,
    HandWithdrawn,
    MemberJoined,
    MemberLeft,
    QuestionAnswered,
    QuestionAsked,
    SpaceClosed,
    SpaceEnded,
)
from moderation.events.rows import from_row
from moderation.outcome.attendance import Attendance
from moderation.retrace import HEARD
from moderation.space import Space
from moderation.space.state import State
from moderation.talktime.figures import TalkFigures
from moderation.view import Phase

NEW_S = 7 * 86400.0
"""Who joined the server less than this before they came is new in it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened in a Space, in numbers. Durations are seconds."""

    length_s: float

    stays: Mapping[int, Intervals]
    """Who was in the room, host included, and when: seconds of the Space."""

    staff: frozenset[int]
    """Host and co-hosts at the end."""

    peak_listeners: int
    stay_s: float
    """Average stay of the people."""

    listening_s: float
    """Average time present and not deafened, of those who ever were."""

    new: int
    """People who had been in the server for less than a week."""

    raised: Mapping[int, int]
    """Floor requests by member."""

    served: int
    """Of the floor requests, those that led to the floor."""

    uncalled: int
    """Of the floor requests, those that were up when the Space ended, or still are."""

    wait_s: float | None
    """Average time from a hand to the floor; None where no hand led there."""

    brought: int
    """Times that somebody but the hosts got the floor or was asked to it."""

    questions: int
    answered: int

    speakers: tuple[int, ...]
    """Who spoke, who talked most first."""

    talk_s: float
    """Everybody's talk together."""

    top_share: float
    """Share of the talk of who talked most, 0 to 1."""

    has_agenda: bool
    has_rules: bool

    @property
    def people(self) -> frozenset[int]:
        """Return who was in the room at any time."""
        return frozenset(self.stays)

    @property
    def hands(self) -> int:
        """Return how many floor requests there were."""
        return sum(self.raised.values())


@dataclass(slots=True)
class _Walk:
    """What is gathered on the way through a journal."""

    opened_at: float
    attendance: Attendance = field(default_factory=Attendance)
    new: set[int] = field(default_factory=set)
    up: dict[int, float] = field(default_factory=dict)
    """Whose hand went up when and has not come down unanswered."""

    waits: list[float] = field(default_factory=list)
    raised: Counter[int] = field(default_factory=Counter)
    brought: int = 0
    questions: int = 0
    answered: int = 0
    uncalled: int | None = None
    """Hands that were up when the Space ended; None while it goes on."""

    queued: set[int] = field(default_factory=set)
    seats: set[int] = field(default_factory=set)
    guests: set[int] = field(default_factory=set)

    def note(self, event: Event, at: float) -> None:
        """Take what a fact says by itself."""
        since = at - self.opened_at
        match event:
            case MemberJoined(user_id, bot=False, joined_guild_at=joined):
                self.attendance.came(user_id, since)
                if joined is not None and at - joined < NEW_S:
                    self.new.add(user_id)
            case MemberLeft(user_id):
                self.attendance.went(user_id, since)
            case HandWithdrawn(user_id) | HandLowered(user_id=user_id):
                self.up.pop(user_id, None)
            case HandsCleared():
                self.up.clear()
            case QuestionAsked():
                self.questions += 1
            case QuestionAnswered():
                self.answered += 1
            case SpaceEnded() | SpaceClosed():
                self.uncalled = len(self.queued)
            case _:
                pass

    def look(self, state: State, at: float) -> None:
        """Take what has changed on the floor and in the queue."""
        queued, seats = set(state.queue.users()), set(state.floor.seats)
        for user_id in queued - self.queued - self.up.keys():
            self.raised[user_id] += 1
            self.up[user_id] = at
        for user_id in seats - self.seats:
            raised = self.up.pop(user_id, None)
            if raised is not None:
                self.waits.append(at - raised)
        asked = seats | state.floor.invitations.keys()
        guests = {user for user in asked if not state.hosting.is_staff(user)}
        self.brought += len(guests - self.guests)
        self.queued, self.seats, self.guests = queued, seats, guests
        self.attendance.seated(seats)


def reckon(
    rows: Iterable[tuple[float, str, str]],
    opened_at: float,
    until: float,
    talk: TalkFigures,
) -> Figures:
    """Count a Space from (Unix seconds, name, body) in the order of its journal.

    ``opened_at`` and ``until``, its end or now, are Unix seconds. Raises
    ``UnreadableEventError``, and ``Refused`` where the journal contradicts itself.
    """
    walk, space = _Walk(opened_at), Space()
    for at, name, body in rows:
        event = from_row(name, body)
        space.handle(event, at)
        walk.note(event, at)
        # An end takes the floor from everybody: nobody listens or is seated by it.
        if not isinstance(event, HEARD) and space.state.phase is not Phase.ENDED:
            walk.look(space.state, at)
    state, came = space.state, walk.attendance
    came.over(until - opened_at)
    heard = [seconds(times) for times in talk.listening.values()]
    spoke = [one for one in talk.speakers if one.seconds > 0]
    return Figures(
        length_s=until - opened_at,
        stays={user: tuple(visits) for user, visits in came.stays.items()},
        staff=frozenset(u for u in came.stays if state.hosting.is_staff(u)),
        peak_listeners=came.peak_listeners,
        stay_s=came.average_s,
        listening_s=sum(heard) / len(heard) if heard else 0.0,
        new=len(walk.new),
        raised=dict(walk.raised),
        served=len(walk.waits),
        uncalled=len(walk.queued) if walk.uncalled is None else walk.uncalled,
        wait_s=sum(walk.waits) / len(walk.waits) if walk.waits else None,
        brought=walk.brought,
        questions=walk.questions,
        answered=walk.answered,
        speakers=tuple(one.user_id for one in spoke),
        talk_s=sum(one.seconds for one in spoke),
        top_share=spoke[0].share if spoke else 0.0,
        has_agenda=bool(state.agenda.items),
        has_rules=bool(state.settings.gate.rules_version),
    )
