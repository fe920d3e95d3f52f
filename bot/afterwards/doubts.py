"""Whether the clock is to be believed, before something is deleted by it.

What is deleted too early is gone. A clock that is years ahead (a battery that died, a
year mistyped) would be obeyed within ten minutes; so what is known besides is asked.
"""

import logging
from collections.abc import Callable

from sqlite_utils import Database

from moderation.store.database import Store
from scheduler import retention

log = logging.getLogger(__name__)


class Doubts:
    """Asked before every look at what is over."""

    def __init__(self, store: Store, theirs: Callable[[], float | None]) -> None:
        """``theirs`` is Discord's clock, Unix seconds; None while it is not known."""
        self._store = store
        self._theirs = theirs
        self._newest: tuple[float | None] | None = None
        self._told = ""

    async def any(self, now: float) -> bool:
        """Say whether nothing is to be deleted by now, and tell the log why, once."""
        if self._newest is None:  # later it has what was written by the same clock
            self._newest = (await self._store.read(_newest),)
        why = retention.doubt(now, *self._newest, self._theirs())
        if why and why != self._told:
            log.error("nothing is deleted yet: %s", why)
        self._told = why
        return bool(why)


def _newest(db: Database) -> float | None:
    """Return when something was written down last, Unix seconds."""
    (at,) = db.execute(
        "SELECT max(at) FROM (SELECT max(at) AS at FROM journal"
        " UNION ALL SELECT max(at) FROM consents UNION ALL SELECT max(at) FROM audit"
        " UNION ALL SELECT max(coalesce(ended_at, opened_at)) FROM spaces)"
    ).fetchone()
    return None if at is None else float(at)
