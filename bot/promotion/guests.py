"""What guests and hosts are written: in private, or in the plan's channel.

A guest who takes no private messages is asked in the plan's channel instead, by a
mention of theirs alone.
"""

from collections.abc import Iterable

import discord

from bot.client import Client, Press
from bot.panel.buttons import SpaceButton, row
from bot.planning.lookback import find
from bot.planning.presence import require_available
from bot.promotion.channels import NEVER
from bot.promotion.gathered import Gathered
from bot.texts.language import Language, language_of
from bot.texts.wording import Params, Wording
from scheduler.clockwork.deliveries import UndeliverableError
from scheduler.clockwork.outbound import Done, Going
from scheduler.errands import ErrandKind
from scheduler.guests.asks import CALLED_OFF, DECLINED, READY, UNASKED
from scheduler.guests.guest import Guest, Slot, speaks_at, unconfirmed
from scheduler.plans import Plan

YES, NO, BOARD, NOTED = "guest_yes", "guest_no", "guest_board", "guest_noted"
"""Verbs of the buttons; what they carry in place of a Space is the plan."""


class GuestMessages:
    """Writes to guests and hosts."""

    def __init__(self, client: Client, words: Wording) -> None:
        self._client = client
        self._words = words

    async def deliver(self, going: Going, gathered: Gathered) -> Done:
        """Send one message. Raises UndeliverableError, or LaterError."""
        require_available(self._client, gathered.plan.guild_id)
        user_id = going.errand.target
        await self._require_member(gathered.plan, user_id)
        text, view = self._content(going, gathered)
        try:
            user = await self._client.fetch_user(user_id)
            message = await user.send(text, view=view, nonce=going.nonce)
        except discord.Forbidden:
            message = await self._in_channel(going, gathered, text, view)
        except discord.NotFound as error:
            raise UndeliverableError(f"Discord: {error.text}") from None
        return Done(message.id)

    async def find(
        self, going: Going, gathered: Gathered, claimed_at: float
    ) -> Done | None:
        """Return the message if it got there, in private or in the channel."""
        try:
            user = await self._client.fetch_user(going.errand.target)
            message = await find(await user.create_dm(), going.nonce, claimed_at)
            if message is None:
                place = self._place(gathered.plan)
                message = await find(place, going.nonce, claimed_at)
        except (*NEVER, UndeliverableError):
            return None
        return None if message is None else Done(message.id)

    async def _in_channel(
        self, going: Going, gathered: Gathered, text: str, view: discord.ui.View
    ) -> discord.Message:
        user_id = going.errand.target
        try:
            return await self._place(gathered.plan).send(
                f"<@{user_id}> {text}",
                view=view,
                nonce=going.nonce,
                allowed_mentions=discord.AllowedMentions(
                    everyone=False, roles=False, users=[discord.Object(user_id)]
                ),
            )
        except NEVER as error:
            why = f"no private messages, and in the channel: {error.text}"
            raise UndeliverableError(why) from None

    async def _require_member(self, plan: Plan, user_id: int) -> None:
        guild = self._client.get_guild(plan.guild_id)
        if guild is None:
            raise UndeliverableError(f"guild {plan.guild_id} is gone")
        try:
            await guild.fetch_member(user_id)
        except discord.NotFound:
            raise UndeliverableError("left the guild") from None

    def _place(self, plan: Plan) -> discord.abc.Messageable:
        # Where the card's channel is gone, the chat of the Space's own is left.
        for wanted in (plan.post_channel_id, plan.channel_id):
            channel = self._client.get_channel(wanted) if wanted else None
            if isinstance(channel, discord.abc.Messageable):
                return channel
        raise UndeliverableError("no private messages, and no channel to ask in")

    def _content(self, going: Going, gathered: Gathered) -> tuple[str, discord.ui.View]:
        plan, errand = gathered.plan, going.errand
        if errand.kind is ErrandKind.HOST:
            return self._for_host(going, gathered)
        guest = _one(gathered.guests, errand.target)
        reader = language_of(guest.language, "en") if guest else "en"
        key = errand.step
        asked = guest is not None and key != CALLED_OFF and key != READY
        if asked and guest is not None and guest.answered_for is not None:
            key = "moved"
        params: Params = {
            "topic": plan.topic,
            "day": plan.starts_at,
            "starts_at": plan.starts_at,
            "space_channel": plan.channel_id,
            "host_id": plan.host_id,
            "reason": plan.reason,
        }
        text = self._words.say(reader, f"guest.write.{key}", params)
        if guest is not None and key != CALLED_OFF:
            text += "\n" + slot_line(self._words, reader, plan, guest.slot)
        return text.strip(), self._buttons(going, reader, key)

    def _for_host(
        self, going: Going, gathered: Gathered
    ) -> tuple[str, discord.ui.View]:
        plan = gathered.plan
        reader = language_of(plan.language, "en")
        if going.errand.step == UNASKED:
            text = off_line(self._words, reader, plan)
            return text, self._noted(reader, plan.id, going.nonce)
        if going.errand.step == DECLINED:
            about = going.errand.about_id
            params: Params = {"user_id": about, "topic": plan.topic}
            text = self._words.say(reader, "guest.host.declined", params)
        else:
            silent = unconfirmed(plan, gathered.guests)
            params = {
                "topic": plan.topic,
                "starts_at": plan.starts_at,
                "n": len(silent),
            }
            text = self._words.say(reader, "guest.host.silent", params)
            text += "\n" + " ".join(f"<@{one.user_id}>" for one in silent)
        label = self._words.say(reader, "button.guest_board")
        return text, row(SpaceButton(Press(BOARD, plan.id, going.nonce), label))

    def _buttons(self, going: Going, reader: Language, key: str) -> discord.ui.View:
        plan_id, nonce = going.errand.plan_id, going.nonce
        if key == CALLED_OFF:
            return self._noted(reader, plan_id, nonce)
        no = SpaceButton(
            Press(NO, plan_id, nonce),
            self._words.say(
                reader, "button.guest_cannot" if key == READY else "button.guest_no"
            ),
            style=discord.ButtonStyle.secondary,
        )
        if key == READY:
            return row(no)
        yes = SpaceButton(
            Press(YES, plan_id, nonce),
            self._words.say(reader, "button.guest_yes"),
            style=discord.ButtonStyle.success,
        )
        return row(yes, no)

    def _noted(self, reader: Language, plan_id: int, nonce: str) -> discord.ui.View:
        # Nothing to press; its id is how the message is found after a crash.
        label = self._words.say(reader, "button.guest_noted")
        return row(SpaceButton(Press(NOTED, plan_id, nonce), label, disabled=True))


def slot_line(words: Wording, reader: Language, plan: Plan, slot: Slot) -> str:
    """Say when a guest is to speak; empty for any time."""
    if slot.kind == "minute":
        at = speaks_at(plan, slot)
        return words.say(reader, "guest.slot.minute", {"at": at, "n": slot.value})
    if slot.kind == "item" and slot.value <= len(plan.agenda):
        item = str(plan.agenda[slot.value - 1])
        return words.say(reader, "guest.slot.item", {"n": slot.value, "item": item})
    return ""


def off_line(words: Wording, reader: Language, plan: Plan) -> str:
    """Say to the host that a plan was called off by nobody's command, and why.

    Without a reason its channel was deleted, and with it whatever else of its series
    was planned there; the host hears of a series once.
    """
    key = "off_channel" if plan.series_id is None else "off_series"
    params: Params = {
        "topic": plan.topic,
        "when": plan.starts_at,
        "reason": plan.reason,
    }
    return words.say(reader, f"plan.event.{'off' if plan.reason else key}", params)


def _one(guests: Iterable[Guest], user_id: int) -> Guest | None:
    return next((one for one in guests if one.user_id == user_id), None)
