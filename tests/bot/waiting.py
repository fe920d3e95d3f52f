"""Waiting for what comes from elsewhere: a socket, a process, Discord's events."""

import asyncio
from collections.abc import Callable


async def until(met: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something has happened; TimeoutError after ``seconds`` without it."""
    async with asyncio.timeout(seconds):
        while not met():  # noqa: ASYNC110 (nothing tells when it has)
            await asyncio.sleep(0.005)
