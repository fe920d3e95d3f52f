"""What the clockwork has delivered: reminders in channels and in private.

A message carries its nonce twice: as Discord's own, which makes Discord refuse a
second one for some minutes, and in the ids of its buttons, by which it is found again
after a crash. Whoever takes no private messages is reminded in public instead, is told
so once, and from then on is reminded there.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
import discord

from bot.client import Client
from bot.planning import lookback, reminder
from bot.planning.posting import PostPlaces
from bot.planning.presence import require_available
from bot.planning.reminder import PRIVATE
from bot.texts.language import language_of
from bot.texts.wording import Wording
from scheduler.clockwork.deliveries import Notice, UndeliverableError
from scheduler.plans import is_news
from scheduler.reminders import Kind

log = logging.getLogger(__name__)

NEVER: Final = (discord.NotFound, discord.Forbidden)
"""Answers of Discord that a second try would not change."""

CLOSED: Final = 50007
"""Discord's code for a member who takes no private messages of the bot."""

Redirect = Callable[[int, int, float], Awaitable[None]]
"""Lets the later reminders of a plan to a member go out in public: plan, member, and
the offset of the one that could not be private, in seconds."""


class Deliveries:
    """Brings what is due about a plan to Discord."""

    def __init__(
        self,
        client: Client,
        words: Wording,
        places: PostPlaces,
        now: Callable[[], float],
    ) -> None:
        self._client = client
        self._words = words
        self._places = places
        self._now = now
        self._on_closed: Redirect | None = None
        self._told: set[tuple[int, int]] = set()
        """Plans and members who know why they are not reminded in private."""

    def on_closed(self, redirect: Redirect) -> None:
        """Call ``redirect`` when a member turns out to take no private messages."""
        self._on_closed = redirect

    async def deliver(self, notice: Notice) -> int | None:
        """Send one reminder and return the message's id; None where it is old news.

        Raises UndeliverableError where there is no place left that takes it, and
        LaterError while Discord cannot say what there is.
        """
        require_available(self._client, notice.plan.guild_id)
        missed = notice.send.kind == Kind.MISSED
        if missed and not is_news(notice.plan, self._now()):
            return None
        if notice.send.kind not in PRIVATE:
            return await self._publicly(notice)
        try:
            return await self._send(await self._private(notice), notice, public=False)
        except discord.Forbidden as error:
            if error.code != CLOSED:
                raise UndeliverableError(_why(error)) from None
        except discord.NotFound as error:
            raise UndeliverableError(_why(error)) from None
        return await self._instead(notice)

    async def find(self, notice: Notice, claimed_at: float) -> int | None:
        """Return the id of the reminder if it got there after ``claimed_at``."""
        for place in await self._where(notice):
            try:
                found = await lookback.find(place, notice.nonce, claimed_at)
            except NEVER:
                continue
            if found is not None:
                return int(found.id)
        return None

    async def _where(self, notice: Notice) -> list[discord.abc.Messageable]:
        """Return every place where a message may have got to."""
        members = notice.send.kind in (Kind.MEMBERS, Kind.DIRECT)
        public = await self._places.of(notice.plan, reminder=members, make=False)
        if notice.send.kind not in PRIVATE:
            return public
        try:
            return [await self._private(notice), *public]
        except discord.NotFound:
            return public

    async def _instead(self, notice: Notice) -> int:
        """Remind in public who cannot be reminded in private.

        Raises UndeliverableError for who left the server: they read nothing there.
        """
        plan, send = notice.plan, notice.send
        (user_id,) = reminder.named(notice)
        await self._require_member(plan.guild_id, user_id)
        who = (plan.id, user_id)
        note = "" if who in self._told else "plan.remind.closed"
        message_id = await self._publicly(notice, note)
        self._told.add(who)
        if send.kind == Kind.DIRECT and self._on_closed is not None:
            await self._on_closed(plan.id, user_id, plan.starts_at - send.due_at)
        return message_id

    async def _require_member(self, guild_id: int, user_id: int) -> None:
        guild = self._client.get_guild(guild_id)
        if guild is None:
            return
        try:
            await guild.fetch_member(user_id)
        except discord.NotFound:
            raise UndeliverableError("left the guild") from None

    async def _publicly(self, notice: Notice, note: str = "") -> int:
        """Send it to the first place that takes it."""
        members = notice.send.kind in (Kind.MEMBERS, Kind.DIRECT)
        why = f"channel {notice.plan.channel_id} is gone"
        for place in await self._places.of(notice.plan, reminder=members):
            try:
                return await self._send(place, notice, public=True, note=note)
            except discord.HTTPException as error:
                if error.status >= 500:
                    raise
                why = _why(error)
        raise UndeliverableError(why)

    async def _send(
        self,
        place: discord.abc.Messageable,
        notice: Notice,
        *,
        public: bool,
        note: str = "",
    ) -> int:
        language = language_of(notice.plan.language, "en")
        said = [
            reminder.text(self._words, language, notice, self._now(), public=public)
        ]
        said += [self._words.say(language, note)] if note else []
        users = [discord.Object(user) for user in reminder.named(notice)]
        message = await place.send(
            "\n".join(said),
            view=reminder.buttons(self._words, language, notice),
            nonce=notice.nonce,
            allowed_mentions=discord.AllowedMentions(users=users),
        )
        return int(message.id)

    async def _private(self, notice: Notice) -> Any:
        (user_id,) = reminder.named(notice)
        return await self._client.fetch_user(user_id)


def _why(error: discord.HTTPException) -> str:
    return f"Discord: {error.text} ({error.code})"


async def whisper(client: Client, user_id: int, text: str) -> None:
    """Write to a member in private, once; nothing hangs on whether it got there."""
    try:
        user = await client.fetch_user(user_id)
        await user.send(text)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.info("! no private message: %s", type(error).__name__)
