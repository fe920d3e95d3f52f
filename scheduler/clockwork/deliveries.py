"""What the clockwork asks of the outside: what is to come, and to bring it.

A ``Source`` is one kind of thing that plans call for: reminders, the turn of a plan
itself, announcements, questions to guests. To add one, implement the port and hand it
to the clockwork; nothing else knows of it. A message carries its ``nonce``, so that
Discord refuses a second one within minutes and ``find`` can recognise it later.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlite_utils import Database

from scheduler.errors import SchedulerError
from scheduler.plans import Plan
from scheduler.sends import Send, Timing


class UndeliverableError(SchedulerError):
    """The message will never get there: channel gone, private messages closed."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One send to deliver."""

    plan: Plan
    send: Send
    timing: Timing
    """``ON_TIME``, or ``LATE``: then the text says how things stand now."""

    nonce: str
    """At most 25 characters (Discord, Create Message)."""


class Courier(Protocol):
    """Whoever can reach Discord."""

    async def deliver(self, notice: Notice) -> int | None:
        """Send the message and return its id; None where there is no message.

        Raise UndeliverableError when it can never arrive; any other error means that
        it is tried again, and ``find`` is asked first.
        """

    async def find(self, notice: Notice, claimed_at: float) -> int | None:
        """Return the id of the message if it got there after ``claimed_at`` (Unix)."""


class Source(Courier, Protocol):
    """One kind of things that plans call for, and who brings them."""

    kinds: frozenset[str]
    """Kinds of the sends that it makes; no other source has them."""

    def sends(self, db: Database, plans: Sequence[Plan]) -> Iterable[Send]:
        """Return everything that these plans call for, done already or not.

        ``plans`` are of any state, some over for days: a source leaves out what a
        plan no longer calls for, and what is left out is not sent. It runs on a
        reading connection and reads its rows of all plans in one query.
        """


def nonce(key: str) -> str:
    """Return Discord's nonce for a message, always the same for the same key."""
    return hashlib.blake2s(key.encode(), digest_size=12).hexdigest()
