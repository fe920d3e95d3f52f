"""What the clockwork has delivered: reminders in channels and in private.

A message carries its nonce twice: as Discord's own, which makes Discord refuse a
second one for some minutes, and in the id of its button, by which it is found again
after a crash.
"""

import logging

import aiohttp
import discord

from bot.client import Client, Press
from bot.panel.buttons import SpaceButton, row
from bot.planning import lookback
from bot.planning.card import FORGET
from bot.texts.language import Language, language_of
from bot.texts.wording import Wording
from scheduler.clockwork.deliveries import Notice, UndeliverableError
from scheduler.plans import Plan
from scheduler.reminders import Kind
from scheduler.sends import Timing

log = logging.getLogger(__name__)

_KEYS: dict[str, str] = {
    Kind.MEMBERS: "plan.remind.members",
    Kind.DIRECT: "plan.remind.members",
    Kind.HOST: "plan.remind.host",
    Kind.START: "plan.start",
    Kind.MISSED: "plan.missed",
}
"""What each kind says."""

NEVER = (discord.NotFound, discord.Forbidden)
"""Answers of Discord that a second try would not change."""


class Deliveries:
    """Brings what is due about a plan to Discord."""

    def __init__(self, client: Client, words: Wording) -> None:
        self._client = client
        self._words = words

    async def deliver(self, notice: Notice) -> int | None:
        """Send one reminder and return the message's id.

        Raises UndeliverableError where the channel is gone or takes no message.
        """
        language = language_of(notice.plan.language, "en")
        turn = notice.send.kind in (Kind.START, Kind.MISSED)
        named = (notice.plan.host_id,) if turn else notice.send.user_ids
        pinged = [discord.Object(user) for user in named]
        try:
            place = await self._place(notice)
            message = await place.send(
                self._text(notice, language),
                view=self._buttons(notice, language),
                nonce=notice.nonce,
                allowed_mentions=discord.AllowedMentions(users=pinged),
            )
        except NEVER as error:
            raise UndeliverableError(f"Discord: {error.text} ({error.code})") from None
        return message.id

    async def find(self, notice: Notice, claimed_at: float) -> int | None:
        """Return the id of the reminder if it got there after ``claimed_at``."""
        try:
            place = await self._place(notice)
            found = await lookback.find(place, notice.nonce, claimed_at)
        except (*NEVER, UndeliverableError):
            return None
        return None if found is None else found.id

    async def _place(self, notice: Notice) -> discord.abc.Messageable:
        if notice.send.kind not in (Kind.DIRECT, Kind.HOST):
            return self._channel(notice.plan)
        (user_id,) = notice.send.user_ids or (notice.plan.host_id,)
        return await self._client.fetch_user(user_id)

    def _channel(self, plan: Plan) -> discord.abc.Messageable:
        # Where the card's channel is gone, the chat of the Space's own is left.
        for wanted in (plan.post_channel_id, plan.channel_id):
            channel = self._client.get_channel(wanted) if wanted else None
            if isinstance(channel, discord.abc.Messageable):
                return channel
        raise UndeliverableError(f"channel {plan.channel_id} is gone")

    def _text(self, notice: Notice, language: Language) -> str:
        plan, late = notice.plan, notice.timing is Timing.LATE
        key = _KEYS[notice.send.kind]
        if plan.auto_start and notice.send.kind == Kind.HOST:
            key = "plan.remind.auto"
        text = self._words.say(
            language,
            f"{key}_late" if late and key.startswith("plan.remind") else key,
            {
                "topic": plan.topic,
                "starts_at": plan.starts_at,
                "space_channel": plan.channel_id,
                "host_id": plan.host_id,
            },
        )
        if notice.send.kind != Kind.MEMBERS:
            return text
        named = " ".join(f"<@{u}>" for u in notice.send.user_ids)
        return f"{text}\n{named}"

    def _buttons(self, notice: Notice, language: Language) -> discord.ui.View:
        label = self._words.say(language, "button.plan_forget")
        return row(SpaceButton(Press(FORGET, notice.plan.id, notice.nonce), label))


async def whisper(client: Client, user_id: int, text: str) -> None:
    """Write to a member in private, once; nothing hangs on whether it got there."""
    try:
        user = await client.fetch_user(user_id)
        await user.send(text)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.info("! no private message: %s", type(error).__name__)
