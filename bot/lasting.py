"""Loops that last as long as the bot: whatever breaks one, it begins again.

A full disk or a mistake of ours would otherwise end it without a word, and plans,
cards or announcements would stand still until the next restart.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

log = logging.getLogger(__name__)

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
"""Seconds before a loop begins again: doubled each time, up to the longest."""

Run = Callable[[], Awaitable[None]]
Pause = Callable[[float], Awaitable[None]]


async def lasting(name: str, run: Run, pause: Pause = asyncio.sleep) -> None:
    """Run a loop until it is cancelled or returns; log what breaks it."""
    wait_s = FIRST_PAUSE_S
    while True:
        try:
            return await run()
        except Exception:  # whatever it is, the loop has to go on; logged here
            log.exception("= %s broke off and begins again in %.0f s", name, wait_s)
        await pause(wait_s)
        wait_s = min(wait_s * 2, LONGEST_PAUSE_S)
