"""What Discord's clock shows: every answer of its API carries the date.

It is remembered with the monotonic clock of that moment, so that it goes on whatever
happens to this machine's.
"""

import email.utils
import time
from types import SimpleNamespace

import aiohttp


class Timekeeper:
    """Hears the time from answers as they come."""

    def __init__(self) -> None:
        self._heard: tuple[float, float] | None = None
        """Unix seconds, and the monotonic clock then."""

    def now(self) -> float | None:
        """Return Unix seconds by Discord's clock; None where it was never heard."""
        if self._heard is None:
            return None
        theirs, at = self._heard
        return theirs + time.monotonic() - at

    def hear(self, date: str | None) -> None:
        """Take the date of an answer, as RFC 9110 writes it; one that is none is not.

        https://www.rfc-editor.org/rfc/rfc9110#name-date
        """
        try:
            theirs = email.utils.parsedate_to_datetime(date or "").timestamp()
        except ValueError:
            return
        self._heard = theirs, time.monotonic()

    def trace(self) -> aiohttp.TraceConfig:
        """Return what lets a client tell of its answers."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._answered)
        return config

    async def _answered(
        self,
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        answered: aiohttp.TraceRequestEndParams,
    ) -> None:
        self.hear(answered.response.headers.get("Date"))
