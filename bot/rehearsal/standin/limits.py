"""Rate limits: buckets per route and top-level resource, and one for everything.

The sizes Discord does not document are those bots have measured: 10 member changes
in 10 s per guild, 5 messages in 5 s per channel. No header shows the limits on two
channel renames in 10 minutes (discord-api-docs #1900) and on three edits in 6 s of
messages that are more than an hour old (Discord Userdoccers, "Edit Message").
"""

import hashlib
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from bot.rehearsal.standin.wire import Json


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many seconds."""

    requests: int
    window_s: float
    hidden: bool = False
    """Whether no header tells of it before it is reached."""


UNLIMITED = "unlimited"
"""The kind of the one route without any bucket: answers to interactions."""

SIZES: Final = MappingProxyType(
    {
        "route": Limit(50, 5.0),
        "message": Limit(5, 5.0),
        "edit": Limit(5, 5.0),
        "old edit": Limit(3, 6.0, hidden=True),
        "reaction": Limit(4, 1.0),
        "member": Limit(10, 10.0),
        "followup": Limit(5, 2.0),
        "event": Limit(5, 10.0),
        "rename": Limit(2, 600.0, hidden=True),
        "global": Limit(50, 1.0, hidden=True),
    }
)
"""Bucket → its size."""


OLD_S = 3600.0
"""How old a message is whose edits are rarer, in seconds."""

CODES: Final = MappingProxyType({"old edit": 30046})
"""Bucket → JSON error code of its 429, if it has one."""


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """Which limits hold."""

    on: bool = True
    sizes: Mapping[str, Limit] = field(default_factory=lambda: SIZES)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a request's bucket says about it."""

    allowed: bool
    headers: dict[str, str]
    retry_after_s: float = 0.0
    whole: bool = False
    """Whether it is the limit on everything that was reached."""
    code: int = 0

    def to_json(self) -> Json:
        """Return the body of a 429."""
        return {
            "message": "You are being rate limited.",
            "retry_after": round(self.retry_after_s, 3),
            "global": self.whole,
            "code": self.code,
        }


@dataclass(slots=True)
class Bucket:
    """The requests of the current window."""

    limit: Limit
    spent: deque[float] = field(default_factory=deque)
    """When, in Unix seconds, the window's requests came."""

    def wait(self, now: float) -> float:
        """Return the seconds until there is room; 0 when there is."""
        if self.spent and now >= self.spent[0] + self.limit.window_s:
            self.spent.clear()
        if len(self.spent) < self.limit.requests:
            return 0.0
        return self.spent[0] + self.limit.window_s - now

    def reset_at(self, now: float) -> float:
        """Return when the window ends."""
        return (self.spent[0] if self.spent else now) + self.limit.window_s


class Buckets:
    """Every bucket of one application."""

    def __init__(self, settings: LimitSettings) -> None:
        self._settings = settings
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def spend(self, kind: str, resource: str, now: float, *, free: bool) -> Verdict:
        """Count a request; ``free`` ones do not count towards the global limit."""
        if not self._settings.on or kind == UNLIMITED:
            return Verdict(True, {})
        whole = self._bucket("global", "")
        bucket = self._bucket(kind, resource)
        if not free and (wait := whole.wait(now)) > 0:
            headers = {
                "X-RateLimit-Global": "true",
                "X-RateLimit-Scope": "global",
                "Retry-After": str(math.ceil(wait)),
            }
            return Verdict(False, headers, wait, whole=True)
        if (wait := bucket.wait(now)) > 0:
            headers = self._headers(kind, resource, bucket, now) | {
                "X-RateLimit-Scope": "user",
                "Retry-After": str(math.ceil(wait)),
            }
            return Verdict(False, headers, wait, code=CODES.get(kind, 0))
        bucket.spent.append(now)
        if not free:
            whole.spent.append(now)
        return Verdict(True, self._headers(kind, resource, bucket, now))

    def _bucket(self, kind: str, resource: str) -> Bucket:
        fresh = Bucket(self._settings.sizes[kind])
        return self._buckets.setdefault((kind, resource), fresh)

    @staticmethod
    def _headers(
        kind: str, resource: str, bucket: Bucket, now: float
    ) -> dict[str, str]:
        if bucket.limit.hidden:
            return {}
        # The hash names the kind of bucket; the resource is the client's to add.
        name = kind if kind != "route" else resource.partition(" ")[0] + kind
        reset = bucket.reset_at(now)
        return {
            "X-RateLimit-Limit": str(bucket.limit.requests),
            "X-RateLimit-Remaining": str(bucket.limit.requests - len(bucket.spent)),
            "X-RateLimit-Reset": f"{reset:.3f}",
            "X-RateLimit-Reset-After": f"{max(0.0, reset - now):.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(name.encode()).hexdigest()[:32],
        }
