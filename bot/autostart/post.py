"""The post that says that a host is waited for, and how it ended; edited in place.

It stands where the plan's card is, pings once who may open it, and carries its nonce
in its button, by which it is found after a crash.
"""

from typing import Final, Protocol

import discord

from bot.client import Client, Press
from bot.panel.buttons import SpaceButton, row
from bot.planning.card import OPEN_NOW
from bot.planning.deliveries import NEVER
from bot.planning.lookback import find
from bot.planning.posting import PostPlaces
from bot.texts.language import language_of
from bot.texts.wording import Wording
from scheduler.autostart import stand_ins
from scheduler.clockwork.deliveries import UndeliverableError
from scheduler.plans import Plan

PLACES: Final = (
    discord.TextChannel,
    discord.Thread,
    discord.VoiceChannel,
    discord.StageChannel,
)
"""Kinds of channels that messages are edited in."""


class Post(Protocol):
    """Where a plan's post is sent and edited."""

    async def send(self, plan: Plan, text: str, nonce: str, *, waits: bool) -> int:
        """Send it and return its id; raises UndeliverableError where that is vain.

        ``waits`` says that somebody may still open it: who may is pinged.
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
    """Posts in Discord, in the first place of a plan that takes it."""

    def __init__(self, client: Client, places: PostPlaces, words: Wording) -> None:
        self._client = client
        self._places = places
        self._words = words

    async def send(self, plan: Plan, text: str, nonce: str, *, waits: bool) -> int:
        """Send the post and return its id. Raises UndeliverableError."""
        who = (plan.host_id, *stand_ins(plan)) if waits else ()
        named = [discord.Object(one) for one in who]
        why = f"channel {plan.channel_id} is gone"
        for place in await self._places.of(plan, reminder=False):
            try:
                message = await place.send(
                    text,
                    view=self._buttons(plan, nonce, waits=waits),
                    nonce=nonce,
                    allowed_mentions=discord.AllowedMentions(
                        everyone=False, roles=False, users=named
                    ),
                )
            except discord.HTTPException as error:
                why = _vain(error)
            else:
                return message.id
        raise UndeliverableError(why)

    async def edit(
        self, plan: Plan, where: tuple[int, int], text: str, nonce: str = ""
    ) -> None:
        """Let the post say something else. Raises UndeliverableError."""
        channel_id, message_id = where
        known = self._client.get_channel(channel_id)
        places: list[object] = [known, *await self._places.of(plan, reminder=False)]
        why = "the post's channel is gone"
        for place in dict.fromkeys(places):
            if not isinstance(place, PLACES):
                continue
            try:
                await place.get_partial_message(message_id).edit(
                    content=text,
                    view=self._buttons(plan, nonce, waits=True) if nonce else None,
                    allowed_mentions=discord.AllowedMentions.none(),
                )
            except discord.HTTPException as error:
                why = _vain(error)
            else:
                return
        raise UndeliverableError(why)

    async def find(self, plan: Plan, nonce: str, claimed_at: float) -> int | None:
        """Return the id of a post that got there after ``claimed_at`` (Unix)."""
        for place in await self._places.of(plan, reminder=False):
            try:
                message = await find(place, nonce, claimed_at)
            except NEVER:
                continue
            if message is not None:
                return message.id
        return None

    def _buttons(self, plan: Plan, nonce: str, *, waits: bool) -> discord.ui.View:
        label = self._words.say(language_of(plan.language, "en"), "button.auto_open")
        press = Press(OPEN_NOW, plan.id, nonce)
        return row(SpaceButton(press, label, disabled=not waits))


def _vain(error: discord.HTTPException) -> str:
    """Say why it is vain there; raise what may be different in a moment."""
    if error.status >= 500:
        raise error
    return f"Discord: {error.text} ({error.code})"
