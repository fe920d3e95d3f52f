"""What anybody may see of a Space: the values that panel, terminal and page show.

Everything is a frozen copy; nothing here decides anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from media.consent import Consent
from moderation.requests import QueueMode, RequestKind
from moderation.roles import Role
from moderation.settings import RoomKind, SpaceSettings


class Phase(Enum):
    """How far a Space is."""

    LIVE = "live"
    PAUSED = "paused"
    ENDED = "ended"


class Keeping(Enum):
    """What a recording does at the moment."""

    OFF = "off"
    ON = "on"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class SeatView:
    """Somebody on the floor."""

    user_id: int
    role: Role

    since: float
    """Unix seconds when they got the floor."""

    ends_at: float | None
    """Unix seconds when the turn's time is up; None without a clock or while paused."""

    over_time: bool
    """The time is up and the turn goes on."""

    present: bool
    """In the room; a seat is kept for a while after leaving."""

    may_speak: bool
    """False while hushed, paused or muted by a case."""

    speaking: bool
    """Heard right now."""

    seconds: float
    """Speech in this Space so far."""

    hand: RequestKind | None = None
    """A speaker's own hand: they want to say something next."""


@dataclass(frozen=True, slots=True)
class HandView:
    """Somebody waiting for the floor."""

    user_id: int
    kind: RequestKind
    note: str

    since: float
    """Unix seconds when the hand went up."""

    position: int
    """1 is next."""

    wait_s: float
    """Estimated seconds until called."""

    reason_key: str
    """Text key of why they stand here, for ``reason_params``."""

    reason_params: Mapping[str, str | int | float | None]
    present: bool


@dataclass(frozen=True, slots=True)
class InvitationView:
    """Somebody asked to come to the floor, who has not answered."""

    user_id: int

    until: float
    """Unix seconds."""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A written question that everybody may see and vote for."""

    number: int
    text: str
    votes: int

    user_id: int | None
    """Who asked; None for an anonymous question."""

    shown: bool
    """It is the one being answered."""


@dataclass(frozen=True, slots=True)
class SpaceView:
    """A Space at one moment."""

    space_id: int
    guild_id: int
    channel_id: int
    kind: RoomKind
    phase: Phase
    topic: str
    agenda: tuple[str, ...]

    agenda_number: int
    """Item of the agenda that is the subject now, 1 for the first; 0 for none."""

    parked: tuple[str, ...]
    links: Mapping[str, str]
    """Links on the shelf: label by URL."""

    opened_at: float
    """Unix seconds."""

    host_id: int
    """Who hosts now: the acting host while the host is away."""

    host_away: bool
    """Whoever hosts now is not in the room."""

    cohost_ids: tuple[int, ...]
    stage: tuple[SeatView, ...]
    invited: tuple[InvitationView, ...]
    queue: tuple[HandView, ...]
    queue_open: bool
    queue_mode: QueueMode
    hushed: bool
    locked: bool
    settings: SpaceSettings

    present: int
    """Members in the room, other bots not counted."""

    recording: Keeping
    transcript: bool
    captions: bool
    consents: Mapping[Consent, int]
    """Members present by what they allow; who has not answered is not counted."""

    muted_ids: tuple[int, ...]
    """Members whom a case keeps off the floor."""

    last_key: str
    """Text key of the last change, with ``last_params``."""

    last_params: Mapping[str, str | int | float | None]

    questions: tuple[QuestionView, ...] = ()
    """Most wanted first."""

    unrecorded: tuple[int, ...] = ()
    """Members whose track failed; the others' tracks go on."""

    reported_next: frozenset[int] = frozenset()
    """On the floor, and the hosts are told if they take up more of the room."""
