"""What can go wrong on the way to Discord, for loops that have to go on afterwards.

Rule: a room outlives a network that is gone for a moment. discord.py raises what
aiohttp and the system raise; only what Discord answered is its own exception.
"""

from typing import Final

import aiohttp
import discord

FAULTS: Final = (discord.HTTPException, aiohttp.ClientError, OSError)
"""Refused by Discord, or never there; ``TimeoutError`` is an ``OSError``."""

BUSY: Final = 429


def passes(error: BaseException) -> bool:
    """Say whether the same call may succeed later; what Discord refused will not."""
    if not isinstance(error, discord.HTTPException):
        return True
    return error.status == BUSY or error.status >= 500


def named(error: BaseException) -> str:
    """Return a fault as it is logged: status and code, or its type; never its text."""
    if isinstance(error, discord.HTTPException):
        return f"{error.status} (code {error.code})"
    return type(error).__name__
