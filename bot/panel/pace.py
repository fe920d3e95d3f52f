"""How fast a channel is written to: one edit after another, never closer than that.

A turn lasts until Discord has answered: an edit that it made wait (429) would arrive
side by side with the next one otherwise.

Posts that share a channel share its pace, so that they do not use up the same bucket
of Discord's (about 5 messages per 5 s and channel) that answers need.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

EVERY_S = 2.0
"""Seconds from one edit to the next in one channel."""


class Pace:
    """The pace of one channel: turns are given in the order in which they are asked."""

    def __init__(self, every_s: float | None = None) -> None:
        self._every_s = EVERY_S if every_s is None else every_s
        self._free_at = float("-inf")
        self._line = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the next turn and keep it for as long as the block runs."""
        async with self._line:
            loop = asyncio.get_running_loop()
            wait = self._free_at - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                self._free_at = loop.time() + self._every_s
