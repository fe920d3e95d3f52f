"""How fast a channel is written to: one edit after another, never closer than that.

Posts that share a channel share its pace, so that they do not use up the same bucket
of Discord's (about 5 messages per 5 s and channel) that answers need.
"""

import asyncio

EVERY_S = 2.0
"""Seconds between two edits in one channel."""


class Pace:
    """The pace of one channel: turns are given in the order in which they are asked."""

    def __init__(self, every_s: float | None = None) -> None:
        self._every_s = EVERY_S if every_s is None else every_s
        self._free_at = float("-inf")
        self._line = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for the next turn and take it."""
        async with self._line:
            loop = asyncio.get_running_loop()
            wait = self._free_at - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            self._free_at = loop.time() + self._every_s
