"""Calendars of a guild: one Space as a file, everything as a feed.

Rules:

- The feed goes to whoever has its address, so it holds nothing but Spaces in channels
  that everybody in the guild sees: their event in Discord says the same to all.
- A file holds what the member who asks for it may see.
- The address has a secret that the organisers can renew; the old one is then dead.
"""

import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, Protocol

from sqlite_utils import Database

from bot.clock import Clock
from bot.page.feeds import Document
from moderation.store import calendars as rows
from moderation.store import plans as plan_rows
from moderation.store.database import Store
from scheduler.calendars.feed import feed
from scheduler.clockwork import records, series
from scheduler.plans import Plan
from scheduler.repeated import PlannedSeries

KEPT_S: Final = 30 * 86400.0
"""Seconds after its start that a Space stays in the feed."""

SECRET_BYTES: Final = 32


class Places(Protocol):
    """What Discord shows of a guild's channels."""

    def guild_name(self, guild_id: int) -> str | None:
        """Return its name; None for a guild that the bot is not in.

        Raises FeedsNotReadyError while the guilds are not known yet.
        """

    def is_public(self, guild_id: int, channel_id: int) -> bool:
        """Say whether everybody in the guild sees the channel."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a calendar can be made of."""

    plans: Sequence[Plan]
    """Of no series."""

    series: Sequence[tuple[PlannedSeries, Sequence[Plan]]]

    def channels(self) -> set[int]:
        """Return every channel that something is in."""
        own = {plan.channel_id for _, plans in self.series for plan in plans}
        models = {planned.model.channel_id for planned, _ in self.series}
        return {plan.channel_id for plan in self.plans} | own | models


class Calendars:
    """The calendars of every guild."""

    def __init__(self, store: Store, clock: Clock, places: Places) -> None:
        self._store = store
        self._clock = clock
        self._places = places
        self._none = secrets.token_urlsafe(SECRET_BYTES)
        """Compared with where there is no feed, so that it takes as long."""

    async def secret(self, guild_id: int) -> str:
        """Return the secret of the guild's feed, made at the first call."""
        fresh, now = secrets.token_urlsafe(SECRET_BYTES), self._clock.now()
        row = await self._store.write(
            lambda db: rows.open_once(db, guild_id, fresh, now)
        )
        return row.secret

    async def renew(self, guild_id: int) -> str:
        """Give the feed another secret and return it."""
        fresh, now = secrets.token_urlsafe(SECRET_BYTES), self._clock.now()
        await self._store.write(lambda db: rows.renew(db, guild_id, fresh, now))
        return fresh

    async def read(self, guild_id: int, secret: str) -> Document | None:
        """Return the guild's feed, or None where the secret is not its own.

        Raises FeedsNotReadyError.
        """
        row = await self._store.read(lambda db: rows.get(db, guild_id))
        known = (row.secret if row else self._none).encode()
        if not hmac.compare_digest(known, secret.encode("utf-8", "replace")):
            return None
        name = self._places.guild_name(guild_id)
        if row is None or name is None:
            return None
        now = self._clock.now()
        found = await self._store.read(lambda db: _of_guild(db, guild_id, now))
        hidden = self._hidden(guild_id, found)
        digest = sha256(self._made(name, found, hidden, 0.0)).hexdigest()
        changed_at = row.changed_at
        if digest != row.digest:
            changed_at = await self._store.write(
                lambda db: rows.note(db, guild_id, digest, float(int(now)))
            )
        body = self._made(name, found, hidden, changed_at)
        return Document(body, sha256(body).hexdigest()[:32], changed_at)

    async def of_guild(self, guild_id: int) -> bytes:
        """Return everything that is in the feed, as a file."""
        now = self._clock.now()
        name = self._places.guild_name(guild_id) or ""
        found = await self._store.read(lambda db: _of_guild(db, guild_id, now))
        return self._made(name, found, self._hidden(guild_id, found), now)

    async def of_plan(self, plan: Plan, seen: frozenset[int], *, whole: bool) -> bytes:
        """Return one plan, or the whole of its series, as a file.

        ``seen`` are the channels that who asks may see.
        """
        found = await self._store.read(lambda db: _of_plan(db, plan, whole=whole))
        hidden = frozenset(found.channels() - seen)
        return self._made(plan.topic, found, hidden, self._clock.now())

    def _hidden(self, guild_id: int, found: Contents) -> frozenset[int]:
        public = self._places.is_public
        return frozenset(one for one in found.channels() if not public(guild_id, one))

    def _made(
        self, name: str, found: Contents, hidden: frozenset[int], stamp: float
    ) -> bytes:
        year = datetime.fromtimestamp(self._clock.now(), UTC).year
        return feed(name, found.plans, stamp, found.series, hidden, year)


def _of_guild(db: Database, guild_id: int, now: float) -> Contents:
    since = now - KEPT_S
    alone = plan_rows.alone_since(db, guild_id, since)
    repeated = []
    for planned in series.of_guild(db, guild_id):
        plans = series.plans_of(db, planned.id)
        if not planned.over or _recent(plans, since):
            repeated.append((planned, plans))
    return Contents([records.from_row(row) for row in alone], repeated)


def _of_plan(db: Database, plan: Plan, *, whole: bool) -> Contents:
    planned = series.get(db, plan.series_id) if plan.series_id is not None else None
    if planned is None or not whole:
        return Contents([plan], [])
    return Contents([], [(planned, series.plans_of(db, planned.id))])


def _recent(plans: Iterable[Plan], since: float) -> bool:
    return any(plan.starts_at > since for plan in plans)
