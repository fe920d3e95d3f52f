"""What the clockwork asks of the outside: to deliver, to look for, to open.

The edge that knows Discord implements ``Courier``. A message carries its ``nonce``, so
that Discord refuses a second one within minutes and ``find`` can recognise it later.
"""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from scheduler.errors import SchedulerError
from scheduler.plans import Plan
from scheduler.reminders import Send, Timing


class UndeliverableError(SchedulerError):
    """The message will never get there: channel gone, private messages closed."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to deliver."""

    plan: Plan
    send: Send
    timing: Timing
    """``ON_TIME``, or ``LATE``: then the text says how things stand now."""

    nonce: str
    """At most 25 characters (Discord, Create Message)."""


class Courier(Protocol):
    """Whoever can reach Discord."""

    async def deliver(self, notice: Notice) -> int | None:
        """Send the message and return its id.

        Raise UndeliverableError when it can never arrive; any other error means that
        it is tried again.
        """

    async def find(self, notice: Notice, claimed_at: float) -> int | None:
        """Return the id of the message if it got there after ``claimed_at`` (Unix)."""

    async def start(self, plan: Plan) -> None:
        """Open the Space, or ask the host to: its time has come."""

    async def missed(self, plan: Plan) -> None:
        """Say that nobody opened the Space and that the plan is over."""


def nonce(key: str) -> str:
    """Return Discord's nonce for a message, always the same for the same key."""
    return hashlib.blake2s(key.encode(), digest_size=12).hexdigest()
