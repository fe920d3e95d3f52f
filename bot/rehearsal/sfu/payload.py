"""Fields of JSON that a client sent: read, or refused with the right close code."""

from __future__ import annotations

from collections.abc import Mapping

from bot.rehearsal.sfu.errors import SessionClosedError
from bot.rehearsal.sfu.opcodes import Close

Json = Mapping[str, object]


def object_of(value: object) -> Json:
    """Read a JSON object."""
    if not isinstance(value, dict):
        raise SessionClosedError(Close.UNREADABLE, "Failed to decode payload.")
    return value


def text_of(body: Json, key: str) -> str:
    """Read a string."""
    value = body.get(key)
    if not isinstance(value, str):
        raise SessionClosedError(Close.BAD_REQUEST, f"{key} must be a string.")
    return value


def integer_of(body: Json, key: str, default: int | None = None) -> int:
    """Read an integer; absent or null stands for ``default`` if there is one."""
    value = body.get(key, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, int):
        raise SessionClosedError(Close.BAD_REQUEST, f"{key} must be an integer.")
    return value


def snowflake_of(body: Json, key: str) -> int:
    """Read a Discord id, a string of digits or a number."""
    value = body.get(key)
    if isinstance(value, str | int) and str(value).isascii() and str(value).isdigit():
        return int(value)
    raise SessionClosedError(Close.BAD_REQUEST, f"{key} must be a snowflake.")
