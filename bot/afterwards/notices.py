"""Tells hosts in time that the sound of their Space is going to be deleted.

Rules:

- Once for each Space: it is claimed in the record before the message goes out, and what
  a crash left open is looked for where it may have got to before it is sent again.
- In private; whoever takes no private messages is told where the Space was announced or
  held, with the words that anybody may read.
- What Discord cannot take for the moment is tried again until the sound is gone.
- The button is the way to the files (``downloads``), and what a message is found by.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import discord
from sqlite_utils import Database

from bot.afterwards.doubts import Doubts
from bot.afterwards.downloads import KEPT, host_of
from bot.client import Press
from bot.clock import Clock
from bot.faults import FAULTS, named, passes
from bot.house import House
from bot.panel import buttons
from bot.panel.buttons import SpaceButton
from bot.planning import lookback
from bot.planning.deliveries import CLOSED, NEVER
from bot.planning.presence import require_available
from bot.texts.language import language_of
from bot.texts.wording import Params
from moderation.store import expiry_notices, spaces, tracks
from moderation.store.database import StoreError
from moderation.store.expiry_notices import ExpiryNoticeRow
from moderation.store.spaces import SpaceRow
from scheduler import retention
from scheduler.clockwork import records
from scheduler.clockwork.deliveries import UndeliverableError, nonce
from scheduler.clockwork.outbound import LaterError
from scheduler.errands import Patience

log = logging.getLogger(__name__)

LOOK_S: Final = 600.0
"""Seconds between two looks."""

PATIENCE: Final = Patience(first_s=60.0, longest_s=3600.0)


@dataclass(frozen=True, slots=True)
class _Told:
    """One notice with what it is about."""

    row: ExpiryNoticeRow
    space: SpaceRow
    host_id: int
    channel_ids: Sequence[int]
    """Where it goes instead of in private, the best place first."""


class ExpiryNotices:
    """Tells the hosts."""

    def __init__(
        self,
        house: House,
        wall: Clock,
        is_busy: Callable[[int], bool],
        doubts: Doubts,
    ) -> None:
        """``is_busy`` says of a Space whether its files are still being made."""
        self._house = house
        self._wall = wall
        self._is_busy = is_busy
        self._doubts = doubts
        self._settings = house.config.recording

    async def run(self) -> None:
        """Look at once, and again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except StoreError as error:
                log.error("hosts are told later: %s", error)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Tell every host whose time it is; go on with what is open first."""
        store, now = self._house.store, self._wall.now()
        for told in await store.read(_open):
            # A pause longer than the longest: the wall clock was set back.
            wait_s = (told.row.retry_at or 0.0) - now
            if not 0 < wait_s <= PATIENCE.longest_s:
                await self._bring(told, look_first=True)
        if await self._doubts.any(now):
            return  # they are told once, and would not be when it is true
        for row in await store.read(lambda db: self._due(db, now)):
            if not self._is_busy(row.space_id):
                await self._begin(row)

    async def _begin(self, row: ExpiryNoticeRow) -> None:
        store = self._house.store
        if await store.write(lambda db: expiry_notices.claim(db, row)):
            told = await store.read(lambda db: _about(db, row))
            await self._bring(told, look_first=False)

    def _due(self, db: Database, now: float) -> list[ExpiryNoticeRow]:
        """Return the notices that are due and that nobody has claimed."""
        ends: dict[int, float] = {}
        for one in tracks.there(db):
            if one.expires_at is not None and one.deleting_at is None:
                at = ends.get(one.space_id, one.expires_at)
                ends[one.space_id] = min(at, one.expires_at)
        known = {row.space_id for row in expiry_notices.read(db)}
        days = self._settings.remind_days
        return [
            ExpiryNoticeRow(
                space_id=space.id,
                state="claimed",
                expires_at=ends[space.id],
                nonce=nonce(f"expiry/{space.id}"),
                claimed_at=now,
            )
            for space in spaces.ended(db)
            if space.id in ends and space.id not in known
            if retention.wants_notice(ends[space.id], days, now)
        ]

    async def _bring(self, told: _Told, *, look_first: bool) -> None:
        row = told.row
        try:
            require_available(self._house.client, told.space.guild_id)
            message_id = await self._find(told) if look_first else None
            if message_id is None:
                if self._wall.now() >= row.expires_at:
                    await self._settle(row, "dropped", reason="too late")
                    return
                message_id = await self._deliver(told)
        except UndeliverableError as error:
            await self._settle(row, "failed", reason=str(error))
        except LaterError as error:
            await self._later(row, str(error))
        except FAULTS as error:
            if passes(error):
                await self._later(row, named(error))
            else:
                await self._settle(row, "failed", reason=named(error))
        else:
            await self._settle(row, "sent", message_id=message_id)

    async def _find(self, told: _Told) -> int | None:
        """Return the message of an earlier attempt, wherever it got to."""
        for place in [await self._private(told), *self._public(told)]:
            if place is None:
                continue
            try:
                found = await lookback.find(place, told.row.nonce, told.row.claimed_at)
            except NEVER:
                continue
            if found is not None:
                return found.id
        return None

    async def _deliver(self, told: _Told) -> int:
        """Send it to the host, or where they read it; return the message's id."""
        private = await self._private(told)
        if private is not None:
            try:
                return await self._send(private, told)
            except discord.Forbidden as error:
                if error.code != CLOSED:
                    raise
        for place in self._public(told):
            try:
                return await self._send(place, told, instead=private is not None)
            except NEVER as error:
                log.info("space %s: not told there: %s", told.space.id, named(error))
        raise UndeliverableError("no place takes it")

    async def _private(self, told: _Told) -> discord.User | None:
        """Return the host; None of an account that is gone or was erased here."""
        if told.host_id < 0:  # a stand-in
            return None
        try:
            return await self._house.client.fetch_user(told.host_id)
        except discord.NotFound:
            return None

    def _public(self, told: _Told) -> list[discord.abc.Messageable]:
        client = self._house.client
        found = (client.get_channel(one) for one in told.channel_ids)
        return [one for one in found if isinstance(one, discord.abc.Messageable)]

    async def _send(
        self, place: discord.abc.Messageable, told: _Told, *, instead: bool = False
    ) -> int:
        """Send it; ``instead`` names the host, who takes no private messages."""
        space, words = told.space, self._house.wording
        reader = language_of(space.language, "en")
        params: Params = {
            "topic": space.topic,
            "day": told.row.expires_at,
            "gone_at": told.row.expires_at,
            "host_id": told.host_id,
        }
        text = words.say(reader, "retention.notice", params)
        if not self._house.config.transcript.keep_days:
            text = f"{text} {words.say(reader, 'retention.words')}"
        if instead:
            text = f"{text}\n{words.say(reader, 'retention.closed', params)}"
        button = SpaceButton(
            Press(KEPT, space.id, told.row.nonce), words.say(reader, "button.kept")
        )
        message = await place.send(
            text,
            view=buttons.row(button),
            nonce=told.row.nonce,
            allowed_mentions=discord.AllowedMentions(
                users=[discord.Object(told.host_id)] if instead else []
            ),
        )
        return message.id

    async def _later(self, row: ExpiryNoticeRow, why: str) -> None:
        attempts = row.attempts + 1
        at = self._wall.now() + PATIENCE.wait_s(attempts)
        log.info("space %s: its host is told later: %s", row.space_id, why)
        await self._house.store.write(
            lambda db: expiry_notices.retry(db, row.space_id, attempts, at)
        )

    async def _settle(
        self,
        row: ExpiryNoticeRow,
        state: str,
        *,
        message_id: int | None = None,
        reason: str = "",
    ) -> None:
        now = self._wall.now()
        if state == "failed":
            log.warning("space %s: its host cannot be told: %s", row.space_id, reason)
        await self._house.store.write(
            lambda db: expiry_notices.settle(
                db, row.space_id, state, now, message_id=message_id, reason=reason
            )
        )


def _open(db: Database) -> list[_Told]:
    return [_about(db, row) for row in expiry_notices.unsettled(db)]


def _about(db: Database, row: ExpiryNoticeRow) -> _Told:
    space = spaces.get(db, row.space_id)
    if space is None:
        raise LookupError(f"there is no Space {row.space_id}")
    plan = None if space.plan_id is None else records.get(db, space.plan_id)
    posted = [] if plan is None else [plan.post_channel_id]
    channels = [one for one in (*posted, space.channel_id) if one is not None]
    return _Told(row, space, host_of(db, space), channels)
