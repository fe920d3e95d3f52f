"""Facts about the room as a whole."""

from dataclasses import dataclass
from enum import Enum

from moderation.events.event import ByStaff, Event
from moderation.settings import RoomKind, SpaceSettings


class EndReason(Enum):
    """Why a Space ended."""

    BY_STAFF = "by_staff"
    NO_HOST = "no_host"
    TIME_UP = "time_up"
    CHANNEL_GONE = "channel_gone"
    BOT_REMOVED = "bot_removed"


@dataclass(frozen=True, slots=True)
class SpaceOpened(Event):
    """The host opened the Space. Always the first event of a journal."""

    space_id: int
    guild_id: int
    channel_id: int
    kind: RoomKind
    host_id: int
    topic: str
    settings: SpaceSettings


@dataclass(frozen=True, slots=True)
class SpacePaused(ByStaff):
    """An intermission began: clocks stand still and only staff may speak."""


@dataclass(frozen=True, slots=True)
class SpaceResumed(ByStaff):
    """The intermission is over."""


@dataclass(frozen=True, slots=True)
class SpaceEnded(ByStaff):
    """Somebody with the right ended the Space."""


@dataclass(frozen=True, slots=True)
class SpaceClosed(Event):
    """The Space ended without anybody ending it."""

    reason: EndReason


@dataclass(frozen=True, slots=True)
class RoomLocked(ByStaff):
    """Nobody who was not in the Space before may come in, moderators excepted."""


@dataclass(frozen=True, slots=True)
class RoomUnlocked(ByStaff):
    """The lock is off."""


@dataclass(frozen=True, slots=True)
class RoomHushed(ByStaff):
    """Nobody but host and co-hosts may speak; seats are kept, clocks stand still."""


@dataclass(frozen=True, slots=True)
class RoomUnhushed(ByStaff):
    """Everybody with the floor may speak again."""


@dataclass(frozen=True, slots=True)
class CapSet(ByStaff):
    """The number of people on the floor, host and co-hosts included, was set."""

    cap: int
    """2 to 13."""


@dataclass(frozen=True, slots=True)
class BotReturned(Event):
    """The bot is back after ``away_s`` seconds without hearing anything.

    The edge sends it once after replay and after the members present were told by
    ``MemberJoined`` and ``MemberLeft``. Clocks are moved on by that time.
    """

    away_s: float


@dataclass(frozen=True, slots=True)
class ReminderFired(Event):
    """A planned reminder of this Space is due now."""

    key: str
    """Text key of what the room is told."""

    text: str = ""
    """The organiser's own words, given to the text as ``text``."""
