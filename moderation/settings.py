"""How a Space behaves: every number and choice that a host may want different.

Formats (``moderation.formats``) are sets of these. The journal keeps the settings of
each Space in its first event, so that a replay does not depend on today's file.
"""

from dataclasses import dataclass, field
from enum import Enum

from moderation.ladder import LadderSettings
from moderation.requests import QueueMode

CAP_LOWEST, CAP_HIGHEST = 2, 13
"""People on the floor, host and co-hosts included (13: Twitter Spaces)."""


class RoomKind(Enum):
    """Which of Discord's two kinds of room a Space uses."""

    STAGE = "stage"
    VOICE = "voice"


class Format(Enum):
    """Which set of defaults a Space started from."""

    OPEN_TALK = "open_talk"
    INTERVIEW = "interview"
    PANEL = "panel"
    DEBATE = "debate"
    QA = "qa"
    LAUNCH = "launch"
    NETWORKING = "networking"


@dataclass(frozen=True, slots=True)
class Gate:
    """Who may raise a hand."""

    account_age_s: float = 0.0
    """Least age of the Discord account in seconds; 0 for any."""

    membership_age_s: float = 0.0
    """Least time in the guild in seconds; 0 for any."""

    rules_version: str = ""
    """Rules that must have been accepted; empty for none."""


@dataclass(frozen=True, slots=True)
class SpaceSettings:
    """The choices of one Space. Times are seconds."""

    format: Format = Format.OPEN_TALK
    """The defaults that it started from; the rules do not look at it."""

    cap: int = CAP_HIGHEST
    """People on the floor at most, host and co-hosts included: 2 to 13."""

    queue_mode: QueueMode = QueueMode.FIRST_COME
    """How hands are ordered."""

    sides: tuple[str, ...] = ()
    """Names of the sides of a debate."""

    turn_s: float | None = None
    """Length of a speaker's turn; None for no clock."""

    auto_end: bool = False
    """A turn whose time is up ends; otherwise the host and the speaker are told."""

    auto_call: bool = False
    """A free seat is offered to the next in the queue without the host."""

    own_extensions: int = 1
    """Times that a speaker may extend their own turn by a minute."""

    invitation_s: float = 60.0
    """How long an invitation stands."""

    request_kinds: bool = True
    """Points of order and replies go ahead of other hands."""

    points_of_order: int = 2
    """Points of order that one member may raise in one Space."""

    real_speech_s: float = 3.0
    """Speech that lowers a speaker's own hand; less is a cough."""

    seat_grace_s: float = 60.0
    """How long the seat and the place in the queue of somebody who left are kept."""

    host_grace_s: float = 120.0
    """How long the room waits for a host who dropped before somebody acts for them."""

    orphan_s: float = 300.0
    """How long a room without anybody who can host goes on."""

    hard_end_s: float | None = None
    """When the room ends by itself, after its opening; None for never."""

    slow_queue_s: float = 0.0
    """Least time between two hands of one member; 0 for none."""

    seed: int = 0
    """Seed of the lottery; the Space's id is added, so that each draws anew."""

    approve_questions: bool = False
    """Written questions are shown only after somebody with the right approved them."""

    ladder: LadderSettings = field(default_factory=LadderSettings)
    """What is done about somebody who goes on."""

    gate: Gate = field(default_factory=Gate)
    """Who may raise a hand."""
