"""What crosses the wire: JSON objects, snowflakes and timestamps, as Discord has them.

Snowflakes are ``int`` inside and decimal strings outside; moments are Unix seconds
inside and ISO 8601 outside (Discord, "API Reference": Snowflakes, ISO8601).
"""

from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
"""One JSON object. Its shape is checked against Discord's OpenAPI in the tests."""

DISCORD_EPOCH_MS = 1_420_070_400_000
"""The first second of 2015, where snowflakes start to count."""


class Snowflakes:
    """Makes ids that carry their own time of creation and never repeat."""

    def __init__(self) -> None:
        self._last = 0

    def new(self, now: float) -> int:
        """Return a fresh id created at ``now`` (Unix seconds)."""
        milliseconds = int(now * 1000) - DISCORD_EPOCH_MS
        self._last = max(self._last + 1, milliseconds << 22)
        return self._last

    @staticmethod
    def at(moment: float, increment: int = 0) -> int:
        """Return the ``increment``-th id of the millisecond ``moment``."""
        return (int(moment * 1000) - DISCORD_EPOCH_MS) << 22 | increment


def created_at(snowflake: int) -> float:
    """Return when the thing with this id was made, in Unix seconds."""
    return ((snowflake >> 22) + DISCORD_EPOCH_MS) / 1000


def iso(moment: float) -> str:
    """Write Unix seconds as Discord writes timestamps."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds")


def iso_or_none(moment: float | None) -> str | None:
    """Write a moment that may be missing."""
    return None if moment is None else iso(moment)


def moment(text: str) -> float:
    """Read an ISO 8601 timestamp; without an offset it is UTC.

    Raises:
        ValueError: the text is no timestamp.

    """
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def ids(values: list[int]) -> list[str]:
    """Write ids as the strings Discord sends."""
    return [str(value) for value in values]
