"""A journal read once more, for what the state that it ends in does not say.

When who had which role and who listened, when somebody was last asked to the floor,
when topic and agenda item last changed, and what the ladder was told: all of it is in
the journal, none of it in counters kept on the side.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from media.consent import Consent
from moderation.events import (
    BotReturned,
    ConductNudged,
    Event,
    MemberLeft,
    SpaceResumed,
    SpeechEnded,
    SpeechStarted,
    VoiceStateSeen,
)
from moderation.events.rows import from_row
from moderation.space import Space
from moderation.space.state import State
from moderation.talktime.following import Following
from moderation.talktime.ledger import TalkLedger

HEARD = (SpeechStarted, SpeechEnded, VoiceStateSeen)
"""Facts, most of a journal, that seat nobody and set no topic."""


@dataclass(slots=True)
class Retraced:
    """What was found on the way."""

    ledger: TalkLedger = field(default_factory=TalkLedger)
    """Roles, microphones and ears; the talk itself is not in the journal."""

    following: Following = field(init=False)
    """Goes on with the ledger, knowing who had the floor last."""

    talking: dict[int, float] = field(default_factory=dict)
    """Who began to speak and has not stopped, and since when, seconds of the Space."""

    transcribed: frozenset[int] = frozenset()
    """Of whom what they say is written down at the end."""

    invited_at: float | None = None
    """When somebody was last brought or asked to the floor, Unix seconds."""

    resumed_at: float | None = None
    """When the last intermission ended, Unix seconds."""

    aimed_at: float | None = None
    """When topic or agenda item last became another, Unix seconds."""

    conduct: list[tuple[int, str, float]] = field(default_factory=list)
    """Who was found to take up too much of the room, by which rule, Unix seconds."""

    def __post_init__(self) -> None:
        """Follow the ledger."""
        self.following = Following(self.ledger)


def retrace(rows: Iterable[tuple[float, str, str]], opened_at: float) -> Retraced:
    """Go through (Unix seconds, name, body) in the order of the journal.

    ``opened_at`` is second 0 of the Space. Raises ``UnreadableEventError``.
    """
    found, space = Retraced(), Space()
    following = found.following
    guests: frozenset[int] = frozenset()
    subject: tuple[str, int] | None = None
    for at, name, body in rows:
        event = from_row(name, body)
        space.follow(event, at)
        _note(found, event, at, opened_at)
        if isinstance(event, HEARD):
            continue
        state = space.state
        seats = {user_id: state.role_of(user_id) for user_id in state.floor.seats}
        following.seated(seats, at - opened_at)
        before, guests = guests, _guests(state)
        if guests - before:
            found.invited_at = at
        aimed, subject = subject, (state.agenda.topic, state.agenda.current)
        if aimed not in (None, subject):
            found.aimed_at = at
    consents = space.state.consents
    if consents.transcript:
        agreed = {u for u, level in consents.answers.items() if level > Consent.NOTHING}
        found.transcribed = frozenset(agreed)
    return found


def _note(found: Retraced, event: Event, at: float, opened_at: float) -> None:
    match event:
        case VoiceStateSeen():
            found.following.seen(event, at - opened_at)
        case MemberLeft(user_id):
            found.following.left(user_id, at - opened_at)
        case SpeechStarted(user_id):
            found.talking.setdefault(user_id, at - opened_at)
        case SpeechEnded(user_id):
            found.talking.pop(user_id, None)
        case BotReturned():
            found.talking.clear()  # what was open then has its rows since
        case ConductNudged(user_id, by=None, cause=cause):
            found.conduct.append((user_id, cause, at))
        case SpaceResumed():
            found.resumed_at = at
        case _:
            pass


def _guests(state: State) -> frozenset[int]:
    """Return everybody on the floor or asked to it, the hosts left out."""
    asked = state.floor.seats.keys() | state.floor.invitations.keys()
    return frozenset(user for user in asked if not state.hosting.is_staff(user))
