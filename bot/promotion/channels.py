"""Announcements in channels: sent, found after a crash, crossposted, edited.

The nonce of a post is in the ids of its buttons, as with reminders.
"""

import logging
from typing import Final

import discord

from bot.client import Client, Press
from bot.panel.buttons import SpaceButton, row
from bot.planning import lookback
from bot.planning.card import REMIND
from bot.planning.presence import require_available
from bot.promotion import wording as texts
from bot.promotion.gathered import Gathered
from bot.texts.language import language_of
from bot.texts.wording import Wording
from scheduler.campaigns.gauge import measure
from scheduler.campaigns.posts import ENDED, LIVE
from scheduler.campaigns.settings import CampaignSettings
from scheduler.clockwork.deliveries import UndeliverableError
from scheduler.clockwork.outbound import Done, Going
from scheduler.errands import ErrandKind

log = logging.getLogger(__name__)

NEVER: Final = (discord.NotFound, discord.Forbidden)
"""Answers of Discord that a second try would not change."""

TOO_MANY: Final = 429

REPLAY: Final = "promo_replay"


class ChannelPosts:
    """Announces in text and announcement channels."""

    def __init__(
        self, client: Client, words: Wording, settings: CampaignSettings
    ) -> None:
        self._client = client
        self._words = words
        self._settings = settings

    async def deliver(self, going: Going, gathered: Gathered) -> Done:
        """Send or edit one post. Raises UndeliverableError, or LaterError."""
        require_available(self._client, gathered.plan.guild_id)
        try:
            if going.errand.kind is ErrandKind.EDIT:
                return await self._edit(going, gathered)
            return await self._send(going, gathered)
        except discord.HTTPException as error:
            if error.status >= 500 or error.status == TOO_MANY:
                raise
            # A word that the server's AutoMod forbids is forbidden in an hour, too.
            raise UndeliverableError(f"Discord: {error.text} ({error.code})") from None

    async def find(self, going: Going, claimed_at: float) -> Done | None:
        """Return the post if it got there; an edit is simply made again."""
        if going.errand.kind is ErrandKind.EDIT:
            return None
        try:
            message = await lookback.find(
                self._channel(going.errand.target), going.nonce, claimed_at
            )
        except (*NEVER, UndeliverableError):
            return None
        if message is None:
            return None
        await publish(message)
        gauge = measure(message.content)
        return Done(message.id, gauge.words, gauge.promotion)

    async def _send(self, going: Going, gathered: Gathered) -> Done:
        channel = self._channel(going.errand.target)
        role = self._role(going.role_id, gathered.plan.guild_id)
        target = texts.target_of(gathered.campaign, gathered.plan, channel.id)
        text = texts.announcement(
            self._words,
            going.errand.step,
            target,
            gathered,
            self._settings,
            None if role is None else role.id,
        )
        message = await channel.send(
            text,
            view=self._buttons(going, gathered, target.language) or row(),
            nonce=going.nonce,
            allowed_mentions=discord.AllowedMentions(
                everyone=False, users=False, roles=[role] if role else False
            ),
        )
        await publish(message)
        gauge = measure(text)
        return Done(message.id, gauge.words, gauge.promotion)

    async def _edit(self, going: Going, gathered: Gathered) -> Done:
        channel = self._channel(going.errand.target)
        target = texts.target_of(gathered.campaign, gathered.plan, channel.id)
        text = texts.announcement(
            self._words, going.errand.step, target, gathered, self._settings
        )
        await channel.get_partial_message(going.errand.message_id or 0).edit(
            content=text,
            view=self._buttons(going, gathered, target.language),
            allowed_mentions=discord.AllowedMentions.none(),
        )
        return Done()

    def _buttons(
        self, going: Going, gathered: Gathered, language: str
    ) -> discord.ui.View | None:
        step, plan = going.errand.step, gathered.plan
        reader = language_of(language, "en")
        if step in (ENDED, LIVE):
            # Before the end the button says that there is nothing to hear yet; it is
            # there for its id, by which the post is found after a crash.
            if step == ENDED and not gathered.recorded:
                return None
            label = self._words.say(reader, f"button.promo_{step}")
            return row(SpaceButton(Press(REPLAY, plan.id, going.nonce), label))
        if step in texts.OVER:
            return None
        label = self._words.say(reader, "button.plan_remind")
        return row(SpaceButton(Press(REMIND, plan.id, going.nonce), label))

    def _channel(self, channel_id: int) -> discord.TextChannel:
        channel = self._client.get_channel(channel_id)
        if not isinstance(channel, discord.TextChannel):
            raise UndeliverableError(f"channel {channel_id} is gone")
        return channel

    def _role(self, role_id: int | None, guild_id: int) -> discord.Role | None:
        guild = self._client.get_guild(guild_id)
        return guild.get_role(role_id) if guild and role_id else None


async def publish(message: discord.Message) -> None:
    """Let the followers of an announcement channel have the post as well.

    Discord allows ten an hour in a channel; one that it refuses is there all the same.
    """
    channel = message.channel
    if not (isinstance(channel, discord.TextChannel) and channel.is_news()):
        return
    if message.flags.crossposted:
        return
    try:
        await message.publish()
    except discord.HTTPException as error:
        log.warning("message %s is not crossposted: %s", message.id, error.code)
