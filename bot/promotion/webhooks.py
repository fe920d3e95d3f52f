"""Calls of outside tools: signed, bounded, never to where they should not go.

Rules:

- https only and public addresses only, unless the configuration allows others. Names
  are checked as they are resolved, so that one cannot change in between.
- A redirect is not followed: the signature was for the address that was given.
- Neither secret nor address is ever shown or logged; what is logged is the number.

What a tool receives is in README.md, "Webhooks".
"""

import hashlib
import hmac
import ipaddress
import json
import logging
import socket
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

from bot.promotion import wording as texts
from bot.promotion.gathered import Gathered
from bot.texts.language import LANGUAGES, language_of
from bot.texts.wording import Wording
from moderation.store import webhooks as rows
from moderation.store.database import Store
from moderation.store.webhooks import WebhookRow
from scheduler.campaigns.calls import event_of
from scheduler.campaigns.settings import WebhookSettings
from scheduler.clockwork.deliveries import UndeliverableError
from scheduler.clockwork.outbound import Done, Going, LaterError

log = logging.getLogger(__name__)

SECRET_LENGTH: Final = 16
"""Characters that a secret has at least."""

GONE: Final = 410
LATER: Final = frozenset({408, 409, 425, 429})
"""Answers below 500 after which it is tried again."""


class PrivateAddressError(OSError):
    """The name leads to an address that is not public."""


class PublicResolver(AbstractResolver):
    """Resolves names to public addresses only."""

    def __init__(self) -> None:
        self._inner = aiohttp.ThreadedResolver()

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name. Raises PrivateAddressError."""
        found = await self._inner.resolve(host, port, family)
        if not found or not all(is_public(one["host"]) for one in found):
            raise PrivateAddressError("the name leads to a private address")
        return found

    @override
    async def close(self) -> None:
        await self._inner.close()


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet."""
    parsed = ipaddress.ip_address(address.split("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return parsed.is_global and not parsed.is_multicast


def refuse(url: str, settings: WebhookSettings) -> str | None:
    """Return the key of why a URL may not be called; None where it may."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "hook.bad_url"
    if not host or parts.scheme not in ("http", "https"):
        return "hook.bad_url"
    if parts.username or parts.password:
        return "hook.userinfo"
    if settings.allow_private:
        return None
    if parts.scheme != "https":
        return "hook.not_https"
    try:
        return None if is_public(host) else "hook.private"
    except ValueError:
        local = host == "localhost" or host.endswith((".localhost", ".local"))
        return "hook.private" if local else None  # a name: checked when resolved


def signature(secret: str, body: bytes, at: float) -> str:
    """Return the header's value: time, and HMAC-SHA256 of time and body."""
    stamp = f"{at:.0f}"
    signed = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    return f"t={stamp},v1={signed.hexdigest()}"


class Webhooks:
    """Calls the outside tools of every guild."""

    def __init__(
        self,
        store: Store,
        words: Wording,
        now: Callable[[], float],
        settings: WebhookSettings,
    ) -> None:
        """``now`` is the wall clock in Unix seconds."""
        self._store = store
        self._words = words
        self._now = now
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def deliver(self, going: Going, gathered: Gathered) -> Done:
        """Call one tool. Raises UndeliverableError, or LaterError."""
        hook_id = going.errand.target
        hook = await self._store.read(lambda db: rows.get(db, hook_id))
        if hook is None or hook.state != "on":
            raise UndeliverableError("the webhook is off")
        if refuse(hook.url, self._settings) is not None:
            raise UndeliverableError("the address may not be called")
        payload = self._payload(going, gathered)
        body = json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()
        status, after_s = await self._post(hook, going, body)
        log.info("> webhook %s: %s, attempt %s", hook.id, status, going.attempt)
        if 200 <= status < 300:
            return Done()
        if status == GONE:
            await self._store.write(
                lambda db: rows.switch(db, hook_id, "off", "answered 410 Gone")
            )
            raise UndeliverableError("answered 410: the webhook is off now")
        if status >= 500 or status in LATER:
            raise LaterError(f"answered {status}", after_s)
        if 300 <= status < 400:
            raise UndeliverableError(f"answered {status}: redirects are not followed")
        raise UndeliverableError(f"answered {status}")

    async def _post(
        self, hook: WebhookRow, going: Going, body: bytes
    ) -> tuple[int, float | None]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Tertulia",
            "Idempotency-Key": going.nonce,
            "Tertulia-Event": event_of(going.errand.step),
            "Tertulia-Signature": signature(hook.secret, body, self._now()),
        }
        timeout = aiohttp.ClientTimeout(total=self._settings.timeout_s)
        try:
            async with self._open().post(
                hook.url,
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as answer:
                return answer.status, _after(answer.headers.get("Retry-After"))
        except TimeoutError:
            raise LaterError("no answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            cause = error.__cause__ or error.__context__
            if isinstance(error, PrivateAddressError) or isinstance(
                cause, PrivateAddressError
            ):
                raise UndeliverableError("leads to a private address") from None
            # The text of the error may hold the address: its class says enough.
            raise LaterError(type(error).__name__) from None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = None if self._settings.allow_private else PublicResolver()
            connector = aiohttp.TCPConnector(resolver=resolver, limit=16)
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    def _payload(self, going: Going, gathered: Gathered) -> dict[str, Any]:
        plan, step = gathered.plan, going.errand.step
        url = f"https://discord.com/channels/{plan.guild_id}/{plan.channel_id}"
        return {
            "id": going.nonce,
            "event": event_of(step),
            "step": step,
            "space": {
                "plan": plan.id,
                "topic": plan.topic,
                "starts_at": round(plan.starts_at),
                "ends_at": round(plan.ends_at),
                "time_zone": plan.zone,
                "language": language_of(plan.language, "en"),
                "guild_id": str(plan.guild_id),
                "channel_id": str(plan.channel_id),
                "url": url,
                "agenda": [str(item) for item in plan.agenda],
            },
            "reason": plan.reason,
            "texts": {
                language: texts.for_tools(self._words, language, step, gathered, url)
                for language in LANGUAGES
            },
        }


def _after(header: str | None) -> float | None:
    """Return the seconds of a ``Retry-After``; its dates are not worth the parsing."""
    return float(header) if header and header.isdecimal() else None
