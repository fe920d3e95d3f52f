"""What is asked of the outside to do errands: to deliver, and to look for.

The edges that know Discord and webhooks implement ``Outbound``.
"""

from dataclasses import dataclass
from typing import Protocol

from scheduler.errands import Errand
from scheduler.errors import SchedulerError


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an errand."""

    message_id: int | None = None
    words: int = 0
    promotion: int = 0
    """Of the words, those of promotional sentences."""


@dataclass(frozen=True, slots=True)
class Going:
    """An errand that is on its way."""

    errand: Errand
    nonce: str
    """At most 25 characters (Discord, Create Message)."""

    role_id: int | None
    """The role that it pings, after the caps."""

    attempt: int
    """From 1."""


class LaterError(SchedulerError):
    """It did not get there and may later; ``after_s`` is when the other side said."""

    def __init__(self, why: str, after_s: float | None = None) -> None:
        super().__init__(why)
        self.after_s = after_s


class Outbound(Protocol):
    """Whoever can reach Discord and outside tools."""

    async def deliver(self, going: Going) -> Done:
        """Do the errand.

        Raise UndeliverableError when it can never be done; any other error means that
        it is tried again.
        """

    async def find(self, going: Going, claimed_at: float) -> Done | None:
        """Return what came of the errand if it got there after ``claimed_at``."""
