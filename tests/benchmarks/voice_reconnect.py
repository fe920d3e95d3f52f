"""How long nothing is heard when a voice session is lost (close code 4009).

Beside it discord.py's own client with a listener on its socket, on the same voice
server: its reader thread holds the reconnect up until a timeout of 30 s.
"""

import asyncio
import contextlib
import logging
import statistics
import time
from collections.abc import Iterator

from bot.rehearsal.sfu.server import VoiceServer
from tests.bot.rehearsal.sfu.discord_client import connected
from tests.bot.voice.room import ANA, BOT, QUIET, frames, opened
from tests.bot.waiting import until
from tests.figures import Figure

TIMES = 5
PATIENCE_S = 40.0
TALK_FRAMES = round(50 * 2 * PATIENCE_S)
"""Longer than anything that is waited for: it is hushed when it was heard."""


async def ours() -> list[float]:
    """Return seconds from the close to the first frame heard again, some times.

    Each in a room of its own: whoever is thrown out again at once waits on purpose.
    """
    return [await once(number) for number in range(TIMES)]


async def once(number: int) -> float:
    """Return it of one room."""
    async with opened(dave=True, present=[ANA]) as room:
        speech = asyncio.create_task(
            room.server.speak(ANA, frames(TALK_FRAMES, seed=number))
        )
        await until(lambda: room.link.snapshot().connects > 0, PATIENCE_S)
        started = time.monotonic()
        await room.server.kick(BOT, 4009)
        await until(lambda: room.link.snapshot().connects > 1, PATIENCE_S)
        before = len(room.hearing.packets)
        await until(lambda: len(room.hearing.packets) > before, PATIENCE_S)
        took = time.monotonic() - started
        room.server.hush(ANA)
        await speech
    return took


async def discord_py() -> float:
    """Return seconds until discord.py is connected again, or what we waited for it."""
    server = VoiceServer(1, dave=True, faults=QUIET, on_received=lambda *_: None)
    await server.start()
    await server.add_member(ANA)
    async with connected(server) as client:
        await server.settle()
        started = time.monotonic()
        key = client.secret_key
        await server.kick(BOT, 4009)
        with contextlib.suppress(TimeoutError):  # now and then it gives up instead
            await until(lambda: client.secret_key is not key, PATIENCE_S)
        return time.monotonic() - started


def figures() -> Iterator[Figure]:
    """Measure both."""
    logging.disable(logging.CRITICAL)
    try:
        took = asyncio.run(ours())
        baseline = asyncio.run(discord_py())
    finally:
        logging.disable(logging.NOTSET)
    yield Figure(
        "voice.reconnect_s",
        statistics.median(took),
        "s",
        "lower",
        2.0,
        {"discord.py": baseline, "slowest": max(took)},
        len(took),
    )
