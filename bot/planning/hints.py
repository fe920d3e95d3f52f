"""Plans to be shown anew, one after the other, by a task of their own.

Whoever changes a plan does not wait until Discord has taken an edit: neither the
clockwork, whose next reminder may be due, nor somebody who pressed a button.

Rules:

- A plan that is hinted at again before its turn is looked at once.
- One plan's trouble ends nothing but the look at that plan.
- After ``close`` nothing is begun any more; what is under way is given up, as at the
  next start everything is looked at.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class Hints:
    """What is still to be looked at."""

    def __init__(self, look: Callable[[int], Awaitable[None]]) -> None:
        """``look`` is given the id of a plan and shows it as it is then."""
        self._look = look
        self._waiting: dict[int, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    async def changed(self, plan_id: int) -> None:
        """Hear that a plan may have changed; returns at once."""
        if self._closed:
            return
        self._waiting[plan_id] = None
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name="hints")

    async def settled(self) -> None:
        """Wait until there is nothing left to look at."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """End it."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        while self._waiting:
            plan_id = next(iter(self._waiting))
            del self._waiting[plan_id]
            try:
                await self._look(plan_id)
            except Exception:  # one plan's trouble may not end the look at all others
                log.exception("! what is shown of plan %d", plan_id)
