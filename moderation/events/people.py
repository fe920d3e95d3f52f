"""Facts about who is in the room and what they are in it."""

from dataclasses import dataclass

from moderation.events.event import ByStaff, Event


@dataclass(frozen=True, slots=True)
class MemberJoined(Event):
    """A member came into the room's channel. Told again it updates what is known."""

    user_id: int

    moderator: bool = False
    """Moderates the guild."""

    bot: bool = False
    """Is another bot: it may not raise a hand."""

    account_created_at: float | None = None
    """Unix seconds; None if unknown, which passes the gate."""

    joined_guild_at: float | None = None
    """Unix seconds; None if unknown, which passes the gate."""


@dataclass(frozen=True, slots=True)
class MemberLeft(Event):
    """A member left the room's channel, whatever the reason."""

    user_id: int


@dataclass(frozen=True, slots=True)
class ModeratorSeen(Event):
    """A member was seen to moderate the guild, or no longer to. Need not be present."""

    user_id: int
    moderator: bool


@dataclass(frozen=True, slots=True)
class RulesAccepted(Event):
    """A member accepted the rules of participation."""

    user_id: int
    version: str


@dataclass(frozen=True, slots=True)
class CohostAdded(ByStaff):
    """A member became co-host. Host only."""

    user_id: int


@dataclass(frozen=True, slots=True)
class CohostRemoved(ByStaff):
    """A co-host became a speaker again. Host only, or the co-host themself."""

    user_id: int


@dataclass(frozen=True, slots=True)
class HandedOver(ByStaff):
    """The host made somebody else host and is co-host from now on."""

    user_id: int


@dataclass(frozen=True, slots=True)
class HostClaimed(Event):
    """Somebody took a room whose host is gone."""

    user_id: int


@dataclass(frozen=True, slots=True)
class HostGraceEnded(Event):
    """Timer: the host did not come back in time; somebody acts for them if possible."""


@dataclass(frozen=True, slots=True)
class SeatGraceEnded(Event):
    """Timer: a member who left did not come back; seat and hand are given up."""

    user_id: int
