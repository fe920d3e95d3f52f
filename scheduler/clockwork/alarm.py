"""The alarm: rings when the next thing is due, and now and then in any case.

Rules:

- One timer of APScheduler is set for the next thing, by the clock on the wall.
- The look now and then is because that clock may jump (suspend, NTP). It goes by the
  monotonic clock: an interval of APScheduler would stand still for as long as the wall
  was set back.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

JOBS: Final = {"misfire_grace_time": None, "coalesce": True, "max_instances": 3}
"""A late timer still runs, once; the next one may be set before the last has ended."""

NEXT: Final = "next"
"""Name of the timer."""


class Alarm:
    """Calls ``ring`` between ``start()`` and ``stop()``."""

    def __init__(self, ring: Callable[[], Awaitable[object]], look_s: float) -> None:
        """Ring every ``look_s`` seconds at least."""
        self._ring = ring
        self._look_s = look_s
        self._timers: AsyncIOScheduler | None = None
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look at the clock."""
        self._timers = AsyncIOScheduler(timezone=UTC, job_defaults=JOBS)
        self._timers.start()
        self._looking = asyncio.create_task(self._look(), name="clockwork-look")

    def stop(self) -> None:
        """Ring no more."""
        if self._timers is not None:
            self._timers.shutdown(wait=False)
            self._timers = None
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def set(self, at: float | None) -> None:
        """Ring at ``at`` (Unix seconds); what was set before no longer counts."""
        if self._timers is None or at is None:
            return
        self._timers.add_job(
            self._ring,
            "date",
            run_date=datetime.fromtimestamp(at, UTC),
            id=NEXT,
            replace_existing=True,
        )

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self._look_s)
            try:
                await self._ring()
            except Exception:  # a full disk may have room again at the next look
                log.exception("what is due could not be looked at")
