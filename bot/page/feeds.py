"""Calendar feeds over HTTP: the one thing that is served without a session.

Who has the address may read: it is unguessable and can be taken back. What is there
holds only what everybody in the guild was told. A wrong secret, a guild without a
feed and one that was taken back get the same answer; secrets are compared in constant
time and stand in no log.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final, Protocol

from aiohttp import web

from bot.clock import Clock

NO_ID: Final = 2**63
"""More than any id is, and than the record can look for."""

ROUTE: Final = "/calendar/{guild}/{secret}.ics"

KEEP_S: Final = 300
"""Seconds for which a reader need not ask again."""

BURST: Final = 30
"""Requests that one feed, or one address that guesses, has at once."""

PER_S: Final = 0.5
"""Requests that it gets back in a second."""

REMEMBERED: Final = 10_000
"""Feeds and addresses whose requests are counted; the longest quiet are forgotten."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a feed says."""

    body: bytes
    digest: str
    """Of the body."""

    changed_at: float
    """Since when, Unix seconds."""


class FeedsNotReadyError(Exception):
    """What may be shown is not known yet: the bot has only just started."""


class FeedPort(Protocol):
    """Where feeds come from."""

    async def read(self, guild_id: int, secret: str) -> Document | None:
        """Return a guild's feed, or None where the secret is not its own.

        Raises FeedsNotReadyError.
        """


class Allowance:
    """So many at once, then so many a second, for each of many askers."""

    def __init__(self, burst: int = BURST, per_s: float = PER_S) -> None:
        self._burst, self._per_s = burst, per_s
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend(self, who: str, now: float) -> bool:
        """Take one of ``who``'s requests; say whether there was one left."""
        left, at = self._left.pop(who, (float(self._burst), now))
        left = min(float(self._burst), left + max(0.0, now - at) * self._per_s)
        allowed = left >= 1
        self._left[who] = (left - 1 if allowed else left, now)
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return allowed


class Feeds:
    """The route of calendar feeds."""

    def __init__(self, port: FeedPort, clock: Clock) -> None:
        self._port = port
        self._clock = clock
        self._allowance = Allowance()

    def routes(self) -> list[web.RouteDef]:
        """Return what is to be served."""
        return [web.get(ROUTE, self.get)]

    async def get(self, request: web.Request) -> web.Response:
        """GET and HEAD of one feed."""
        guild, secret = request.match_info["guild"], request.match_info["secret"]
        found = await self._read(guild, secret)
        # Guesses are counted by address, so that nobody can use up a feed they do
        # not know; a feed by itself, as everybody behind a proxy has one address.
        who = f"feed {guild}" if found is not None else f"from {request.remote}"
        if not self._allowance.spend(who, self._clock.now()):
            raise web.HTTPTooManyRequests(headers={"Retry-After": "60"})
        if found is None:
            raise web.HTTPNotFound
        headers = {
            "ETag": f'"{found.digest}"',
            "Last-Modified": _http_date(found.changed_at),
            "Cache-Control": f"private, max-age={KEEP_S}",
            "X-Robots-Tag": "noindex",
        }
        if _is_current(request, found):
            return web.Response(status=304, headers=headers)
        return web.Response(
            body=found.body,
            content_type="text/calendar",
            charset="utf-8",
            headers=headers
            | {"Content-Disposition": 'inline; filename="tertulia.ics"'},
        )

    async def _read(self, guild: str, secret: str) -> Document | None:
        if not (guild.isascii() and guild.isdigit() and len(guild) <= 19):
            return None
        if int(guild) >= NO_ID:
            return None
        try:
            return await self._port.read(int(guild), secret)
        except FeedsNotReadyError:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "30"}) from None


def _is_current(request: web.Request, found: Document) -> bool:
    tags = request.headers.get("If-None-Match")
    if tags is not None:  # it alone counts where both are sent (RFC 9110 §13.1.3)
        known = {one.strip().removeprefix("W/") for one in tags.split(",")}
        return "*" in known or f'"{found.digest}"' in known
    since = request.headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        at = parsedate_to_datetime(since)
    except (ValueError, OverflowError):
        return False  # nonsense: as if nothing was asked
    return int(found.changed_at) <= at.replace(tzinfo=at.tzinfo or UTC).timestamp()


def _http_date(at: float) -> str:
    return format_datetime(datetime.fromtimestamp(int(at), UTC), usegmt=True)
