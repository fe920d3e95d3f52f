"""What comes with a plan: who is invited to speak in it, and how it is announced.

Rule: of a series only the next Space has its extras. The following one gets them when
that is over, so that nobody is asked for many evenings at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.guests.guest import Slot


@dataclass(frozen=True, slots=True)
class Speaker:
    """A guest who is invited each time."""

    user_id: int
    slot: Slot
    language: str


@dataclass(frozen=True, slots=True)
class Words:
    """What is said when it is announced."""

    hooks: Mapping[str, str] = field(default_factory=dict)
    """Why people should come, by language."""

    teasers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extras:
    """What a plan gets besides itself; nothing by default."""

    guests: tuple[Speaker, ...] = ()
    campaign: Words | None = None
    """None where it is not announced."""

    def __bool__(self) -> bool:
        """Say whether there is anything."""
        return bool(self.guests) or self.campaign is not None


NOTHING = Extras()
