"""Guests: one method per thing that host or guest can ask for, and the board.

When the Space opens, and whenever somebody comes in later, confirmed guests are
invited to the floor by the host.
"""

import logging
from collections.abc import Callable
from typing import Final

import aiohttp
import discord
from sqlite_utils import Database

from bot.client import Client
from bot.planning.hints import Hints
from bot.promotion.board import board
from bot.promotion.gathered import Gathered, gather
from bot.rooms.room import Room
from bot.rooms.rooms import Rooms
from bot.texts.language import Language, language_of
from bot.texts.wording import Wording
from moderation.events import Invited
from moderation.refused import Refused
from moderation.store import errands as ledger
from moderation.store import guests as rows
from moderation.store.database import Store
from moderation.store.spaces import SpaceRow
from scheduler.clockwork import errand_records, records
from scheduler.clockwork.dispatch import Dispatch
from scheduler.errands import ErrandKind
from scheduler.guests import guest as rules
from scheduler.guests.guest import Guest, Slot
from scheduler.guests.settings import GuestSettings
from scheduler.plans import Plan, PlanRefused

log = logging.getLogger(__name__)


SHOWN_S: Final = 86400.0
"""Seconds after the start for which a posted board is brought up to date."""


class Guestbook:
    """The guests of every plan."""

    def __init__(
        self,
        store: Store,
        dispatch: Dispatch,
        now: Callable[[], float],
        settings: GuestSettings,
        words: Wording,
        client: Client,
        rooms: Rooms,
    ) -> None:
        """``now`` is the wall clock in Unix seconds."""
        self._store = store
        self._dispatch = dispatch
        self._now = now
        self._settings = settings
        self._words = words
        self._client = client
        self._rooms = rooms
        self._asked: set[tuple[int, int]] = set()
        """Spaces and guests who were invited to the floor there."""

        self.hints = Hints(self.refresh)
        """Plans whose boards are brought up to date without anybody waiting."""

    async def invite(
        self,
        plan_id: int,
        guild_id: int,
        user_id: int,
        by: int,
        language: str,
        slot: Slot,
        instead_of: int | None = None,
    ) -> Guest:
        """Invite a guest, perhaps in place of another. Raises PlanRefused.

        A replacement takes over the slot unless another one is given.
        """
        now = self._now()

        def keep(db: Database) -> Guest:
            plan = _plan(db, plan_id, guild_id)
            known, taken = errand_records.guests(db, plan_id), slot
            if instead_of is not None:
                old = errand_records.guest(db, plan_id, instead_of)
                gone = rules.replaced(plan, old, user_id)
                known = [gone if g.user_id == instead_of else g for g in known]
                taken = slot if slot.kind else gone.slot
                errand_records.keep_guest(db, gone)
            new = Guest(
                plan_id=plan_id,
                user_id=user_id,
                slot=taken,
                language=language,
                invited_by=by,
                invited_at=now,
            )
            most = self._settings.most
            return errand_records.keep_guest(db, rules.invite(plan, known, new, most))

        return await self._changed(plan_id, keep)

    async def answer(self, plan_id: int, user_id: int, *, comes: bool) -> Plan:
        """Take a guest's answer and return the plan. Raises PlanRefused."""
        now = self._now()

        def keep(db: Database) -> Guest:
            guest = errand_records.guest(db, plan_id, user_id)
            plan = _plan(db, plan_id, None)
            answered = rules.answer(plan, guest, comes=comes, now=now)
            return errand_records.keep_guest(db, answered)

        await self._changed(plan_id, keep)
        return await self._store.read(lambda db: _plan(db, plan_id, None))

    async def withdraw(self, plan_id: int, guild_id: int, user_id: int) -> Guest:
        """Take an invitation back. Raises PlanRefused."""

        def keep(db: Database) -> Guest:
            plan = _plan(db, plan_id, guild_id)
            guest = errand_records.guest(db, plan_id, user_id)
            return errand_records.keep_guest(db, rules.withdraw(plan, guest))

        return await self._changed(plan_id, keep)

    async def unconfirmed(self, plan_id: int) -> list[int]:
        """Return the guests who have not answered for the plan as it is now."""
        gathered = await self._store.read(lambda db: gather(db, plan_id))
        if gathered is None:
            return []
        found = rules.unconfirmed(gathered.plan, gathered.guests)
        return [one.user_id for one in found]

    async def board(self, plan_id: int, reader: Language) -> str:
        """Word who comes, who does not, and who is silent. Raises PlanRefused."""

        def read(db: Database) -> tuple[Gathered | None, set[int]]:
            unreached = {
                row.target
                for row in ledger.of_plan(db, plan_id)
                if row.kind == ErrandKind.GUEST.value and row.state == "failed"
            }
            return gather(db, plan_id), unreached

        gathered, unreached = await self._store.read(read)
        if gathered is None:
            raise PlanRefused("plan.unknown")
        return board(self._words, reader, gathered, unreached)

    async def post_board(
        self, plan_id: int, channel: discord.abc.Messageable, reader: Language
    ) -> None:
        """Post the board where it is kept up to date from now on."""
        text = await self.board(plan_id, reader)
        message = await channel.send(
            text, allowed_mentions=discord.AllowedMentions.none()
        )
        at, sent = message.channel.id, message.id
        await self._store.write(lambda db: rows.set_board(db, plan_id, at, sent))

    async def refresh(self, plan_id: int) -> None:
        """Bring the posted board up to date; one that was deleted is forgotten."""
        where = await self._store.read(lambda db: rows.board(db, plan_id))
        plan = await self._store.read(lambda db: records.get(db, plan_id))
        if where is None or plan is None:
            return
        channel = self._client.get_channel(where[0])
        try:
            if not isinstance(channel, discord.TextChannel | discord.Thread):
                raise PlanRefused("plan.unknown")
            text = await self.board(plan_id, language_of(plan.language, "en"))
            await channel.get_partial_message(where[1]).edit(
                content=text, allowed_mentions=discord.AllowedMentions.none()
            )
        except (discord.NotFound, discord.Forbidden, PlanRefused):
            await self._store.write(lambda db: rows.drop_board(db, plan_id))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            name = type(error).__name__
            log.warning("the board of plan %s is not shown: %s", plan_id, name)

    async def catch_up(self) -> None:
        """Bring every board up to date that somebody may still look at."""
        since = self._now() - SHOWN_S
        for plan_id in await self._store.read(lambda db: rows.boards(db, since)):
            await self.hints.changed(plan_id)

    async def opened(self, space: SpaceRow) -> None:
        """Invite the confirmed guests who are there to the floor."""
        room = self._rooms.by_id(space.id)
        if room is None:
            return
        here = set(room.venue.states())
        for user_id in await self._confirmed(room):
            if user_id in here:
                await self._seat(room, user_id)

    async def ended(self, space: SpaceRow) -> None:
        """Forget who was invited to a floor that is gone."""
        live = {room.space_id for room in self._rooms.live()}
        self._asked = {one for one in self._asked if one[0] in live}

    async def entered(self, room: Room, user_id: int) -> None:
        """Invite somebody who came in to the floor, if they are a confirmed guest."""
        if (room.space_id, user_id) in self._asked:
            return
        if user_id in await self._confirmed(room):
            await self._seat(room, user_id)

    async def _confirmed(self, room: Room) -> list[int]:
        plan_id = room.row.plan_id
        if plan_id is None:
            return []

        def read(db: Database) -> list[int]:
            plan = _plan(db, plan_id, room.guild_id)
            guests = errand_records.guests(db, plan.id)
            return [one.user_id for one in rules.confirmed(plan, guests)]

        return await self._store.read(read)

    async def _seat(self, room: Room, user_id: int) -> None:
        self._asked.add((room.space_id, user_id))
        host_id = room.space.view(room.house.clock.now()).host_id
        try:
            await room.tell(Invited(host_id, user_id))
        except Refused as refused:
            log.info("space %s: guest not seated: %s", room.space_id, refused.key)

    async def _changed(self, plan_id: int, keep: Callable[[Database], Guest]) -> Guest:
        kept = await self._store.write(keep)
        await self._dispatch.changed(plan_id)
        await self.hints.changed(plan_id)
        return kept


def _plan(db: Database, plan_id: int, guild_id: int | None) -> Plan:
    plan = records.get(db, plan_id)
    if plan is None or guild_id not in (None, plan.guild_id):
        raise PlanRefused("plan.unknown")
    return plan


def slot_of(minute: int | None, item: int | None) -> Slot:
    """Return the slot that was typed: a minute after the start, or an agenda item."""
    if item is not None:
        return Slot("item", item)
    return Slot() if minute is None else Slot("minute", minute)
