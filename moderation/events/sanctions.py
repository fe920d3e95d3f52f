"""Facts about keeping order: what was done to whom, why, and until when."""

from dataclasses import dataclass

from moderation.events.event import ByStaff, Event
from moderation.sanction import Sanction


@dataclass(frozen=True, slots=True)
class MemberWarned(ByStaff):
    """A member was warned in private."""

    user_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MemberMuted(ByStaff):
    """A member may not have the floor for a time."""

    user_id: int

    until: float | None = None
    """Unix seconds; None for the rest of the Space."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class MemberUnmuted(ByStaff):
    """A member may have the floor again."""

    user_id: int


@dataclass(frozen=True, slots=True)
class MemberRemoved(ByStaff):
    """A member was put out of this Space until it ends."""

    user_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MemberBanned(ByStaff):
    """A member may not enter the guild's Spaces. They need not be present."""

    user_id: int

    until: float | None = None
    """Unix seconds; None for ever."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class MemberUnbanned(ByStaff):
    """A member may enter the guild's Spaces again."""

    user_id: int


@dataclass(frozen=True, slots=True)
class MemberNoted(ByStaff):
    """A note about a member was written down, for staff only."""

    user_id: int
    text: str


@dataclass(frozen=True, slots=True)
class CaseUndone(ByStaff):
    """A case of this Space was undone, with what it did."""

    number: int
    """Of the case, as ``OpenCase`` gave it."""


@dataclass(frozen=True, slots=True)
class SanctionsRecalled(Event):
    """What stands in the guild: at opening, and when another of its Spaces bans."""

    sanctions: tuple[Sanction, ...]


@dataclass(frozen=True, slots=True)
class SanctionLapsed(Event):
    """Timer: the time of a mute or ban is over."""

    user_id: int


@dataclass(frozen=True, slots=True)
class BanLifted(Event):
    """A ban of the guild was lifted elsewhere: in another Space, or in none."""

    user_id: int


@dataclass(frozen=True, slots=True)
class ReportFiled(Event):
    """A member reported another one."""

    user_id: int
    """Who reports."""

    about_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConductNudged(Event):
    """A member goes on with what they were nudged about: the ladder's next rung.

    ``by`` is None when the bot found it, else the user id of who asked for it.
    """

    user_id: int

    cause: str
    """What it is about, e.g. ``dominance`` or ``monologue``."""

    by: int | None = None

    talk_s: float = 0.0
    """Seconds of talk that the bot measured; 0 where somebody asked for it."""

    share: float = 0.0
    """Share of the recent talk that the bot measured, 0 to 1."""
