"""The log: ids, counts and durations, never what was said.

Rule: libraries that write what they send and receive (Discord's messages hold captions,
nudges and names) never log below INFO, whatever level is asked of us.
"""

import logging

LINE = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

CHATTY = ("discord", "aiohttp", "faster_whisper", "asyncio")
"""Libraries that show content or noise at DEBUG."""


def begin(level: str) -> None:
    """Log to standard error from now on."""
    logging.basicConfig(level=level, format=LINE)
    hush()


def hush() -> None:
    """Keep libraries from logging what goes over the wire; quieter stays quieter."""
    level = max(logging.INFO, logging.getLogger().level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(level)
