"""The post that says that a host is waited for, and how it ended; edited in place.

It stands where the plan's card is, names the host once, and carries its nonce in its
button, by which it is found after a crash.
"""

from typing import Protocol

import discord

from bot.client import Client, Press
from bot.panel.buttons import SpaceButton, row
from bot.planning.card import OPEN_NOW
from bot.planning.deliveries import NEVER
from bot.planning.lookback import find
from bot.texts.language import language_of
from bot.texts.wording import Wording
from scheduler.clockwork.deliveries import UndeliverableError
from scheduler.plans import Plan


class Post(Protocol):
    """Where a plan's post is sent and edited."""

    async def send(self, plan: Plan, text: str, nonce: str, *, waits: bool) -> int:
        """Send it and return its id; raises UndeliverableError where that is vain.

        ``waits`` says that the host is to be told, and somebody may still open it.
        """

    async def edit(
        self, plan: Plan, where: tuple[int, int], text: str, nonce: str = ""
    ) -> None:
        """Let it say something else; ``where`` is its channel and its id.

        With a ``nonce`` it keeps its button. Raises UndeliverableError.
        """

    async def find(self, plan: Plan, nonce: str, claimed_at: float) -> int | None:
        """Return the id of a post that got there after ``claimed_at`` (Unix)."""


class ChannelPost:
    """Posts in Discord."""

    def __init__(self, client: Client, words: Wording) -> None:
        self._client = client
        self._words = words

    async def send(self, plan: Plan, text: str, nonce: str, *, waits: bool) -> int:
        """Send the post and return its id. Raises UndeliverableError."""
        named = [discord.Object(plan.host_id)] if waits else []
        try:
            message = await self._place(plan).send(
                text,
                view=self._buttons(plan, nonce, waits=waits),
                nonce=nonce,
                allowed_mentions=discord.AllowedMentions(
                    everyone=False, roles=False, users=named
                ),
            )
        except NEVER as error:
            raise UndeliverableError(f"Discord: {error.text} ({error.code})") from None
        return message.id

    async def edit(
        self, plan: Plan, where: tuple[int, int], text: str, nonce: str = ""
    ) -> None:
        """Let the post say something else. Raises UndeliverableError."""
        channel_id, message_id = where
        channel = self._client.get_channel(channel_id) or self._place(plan)
        view = self._buttons(plan, nonce, waits=True) if nonce else None
        try:
            await _partial(channel, message_id).edit(
                content=text,
                view=view,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except NEVER as error:
            raise UndeliverableError(f"Discord: {error.text} ({error.code})") from None

    async def find(self, plan: Plan, nonce: str, claimed_at: float) -> int | None:
        """Return the id of a post that got there after ``claimed_at`` (Unix)."""
        try:
            message = await find(self._place(plan), nonce, claimed_at)
        except (*NEVER, UndeliverableError):
            return None
        return None if message is None else message.id

    def _place(self, plan: Plan) -> discord.abc.Messageable:
        # Where the card's channel is gone, the chat of the Space's own is left.
        for wanted in (plan.post_channel_id, plan.channel_id):
            channel = self._client.get_channel(wanted) if wanted else None
            if isinstance(channel, discord.abc.Messageable):
                return channel
        raise UndeliverableError(f"channel {plan.channel_id} is gone")

    def _buttons(self, plan: Plan, nonce: str, *, waits: bool) -> discord.ui.View:
        label = self._words.say(language_of(plan.language, "en"), "button.auto_open")
        press = Press(OPEN_NOW, plan.id, nonce)
        return row(SpaceButton(press, label, disabled=not waits))


def _partial(channel: object, message_id: int) -> discord.PartialMessage:
    if not isinstance(channel, discord.abc.Messageable):
        raise UndeliverableError("the post's channel is gone")
    get = getattr(channel, "get_partial_message", None)
    if get is None:
        raise UndeliverableError("the post's channel has no messages")
    partial: discord.PartialMessage = get(message_id)
    return partial
