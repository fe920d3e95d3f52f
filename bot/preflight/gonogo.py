"""Brings the go/no-go card to the host, and keeps it true while the plan changes.

In private where the host takes private messages. Otherwise the verdict alone is posted
in the plan's channel, with a mention of the host and a button behind which the card
is: how somebody sounds is nobody else's business.
"""

import logging

import aiohttp
import discord
from sqlite_utils import Database

from bot.client import Client, Press
from bot.clock import Clock
from bot.panel.buttons import SpaceButton, row
from bot.planning.deliveries import NEVER
from bot.planning.hints import Hints
from bot.planning.lookback import find
from bot.planning.presence import require_available
from bot.preflight import card
from bot.preflight.looking import Looking
from bot.texts.language import Language, language_of
from bot.texts.wording import Params, Wording
from moderation.store import sends as ledger
from moderation.store.database import Store
from moderation.store.sends import SendRow
from scheduler.clockwork import records
from scheduler.clockwork.deliveries import Notice, UndeliverableError, nonce
from scheduler.plans import Plan, PlanState
from scheduler.preflight import card as rules
from scheduler.preflight.readiness import Line, look
from scheduler.preflight.settings import PreflightSettings

log = logging.getLogger(__name__)

SHOWN_S = 86400.0
"""Seconds for which a card is brought up to date."""

TROUBLE = (discord.HTTPException, aiohttp.ClientError, OSError)


class GoNoGo:
    """The cards of every plan."""

    def __init__(
        self,
        store: Store,
        client: Client,
        words: Wording,
        looking: Looking,
        wall: Clock,
        settings: PreflightSettings,
    ) -> None:
        self._store = store
        self._client = client
        self._words = words
        self._looking = looking
        self._wall = wall
        self._settings = settings
        self._shown: dict[int, tuple[PlanState, int]] = {}
        """Which change of its plan a sent card shows."""

        self.hints = Hints(self.refresh)
        """Plans whose cards are brought up to date without anybody waiting."""

    async def lines(self, plan: Plan) -> list[Line]:
        """Look at everything now."""
        facts = await self._looking.facts(plan)
        return look(plan, facts, self._settings, self._wall.now())

    async def text(self, plan: Plan, reader: Language) -> str:
        """Word the card of a plan as things are now."""
        over = card.over(self._words, reader, plan)
        if over is not None:
            return over
        lines = await self.lines(plan)
        return card.text(self._words, reader, plan, lines, self._wall.now())

    async def deliver(self, notice: Notice) -> int:
        """Send the card and return the message's id.

        Raises UndeliverableError, and LaterError while Discord cannot say what is
        there.
        """
        plan = notice.plan
        require_available(self._client, plan.guild_id)
        if self._client.get_guild(plan.guild_id) is None:
            raise UndeliverableError(f"guild {plan.guild_id} is gone")
        lines = await self.lines(plan)
        text, view = self._worded(plan, lines, notice.nonce, private=True)
        try:
            host = await self._client.fetch_user(plan.host_id)
            message = await host.send(text, view=view, nonce=notice.nonce)
        except NEVER:
            message = await self._in_channel(notice, lines)
        self._shown[message.id] = (plan.state, plan.sequence)
        return message.id

    async def find(self, notice: Notice, claimed_at: float) -> int | None:
        """Return the card if it got there, in private or in the channel."""
        for place in await self._places(notice.plan):
            try:
                message = await find(place, notice.nonce, claimed_at)
            except NEVER:
                continue
            if message is not None:
                return message.id
        return None

    async def refresh(self, plan_id: int) -> None:
        """Let a card that is there say what has become of its plan."""

        def read(db: Database) -> tuple[Plan | None, list[SendRow]]:
            sent = [
                one
                for one in ledger.of_plan(db, plan_id)
                if one.kind == rules.KIND and one.state == "sent" and one.message_id
            ]
            return records.get(db, plan_id) if sent else None, sent

        plan, sent = await self._store.read(read)
        if plan is None or plan.state in (PlanState.OPENED, PlanState.ENDED):
            return
        for one in sent:
            message_id = one.message_id or 0
            shown = (plan.state, plan.sequence)
            if self._shown.get(message_id) == shown:
                continue
            if await self._edit(plan, one, message_id):
                self._shown[message_id] = shown

    async def catch_up(self) -> None:
        """Let every card of the last day say what has become of its plan."""
        since = self._wall.now() - SHOWN_S
        plans = await self._store.read(lambda db: ledger.sent_of(db, rules.KIND, since))
        for plan_id in plans:
            await self.hints.changed(plan_id)

    async def _edit(self, plan: Plan, sent: SendRow, message_id: int) -> bool:
        """Return whether the card shows it now, or is gone: no need to try again."""
        reader = language_of(plan.language, "en")
        moved = plan.state is PlanState.SCHEDULED and sent.key != rules.key(plan)
        over = card.over(self._words, reader, plan)
        if moved:
            params: Params = {"topic": plan.topic, "starts_at": plan.starts_at}
            over = self._words.say(reader, "gonogo.moved", params)
        lines = [] if over is not None else await self.lines(plan)
        try:
            for place in await self._places(plan):
                private = isinstance(place, discord.DMChannel)
                text, view = over, None
                if text is None:
                    text, view = self._worded(
                        plan, lines, nonce(sent.key), private=private
                    )
                try:
                    await _message(place, message_id).edit(content=text, view=view)
                except discord.NotFound:
                    continue
                return True
        except TROUBLE as error:
            log.info("plan %s: its card stays: %s", plan.id, type(error).__name__)
            return False
        return True

    def _worded(
        self, plan: Plan, lines: list[Line], marked: str, *, private: bool
    ) -> tuple[str, discord.ui.View]:
        """Return the card with its button, or what may stand in a channel of it."""
        words, reader = self._words, language_of(plan.language, "en")
        if private:
            text = card.text(words, reader, plan, lines, self._wall.now())
            return text, card.button(words, reader, plan, marked)
        label = words.say(reader, f"button.{card.SHOW}")
        button = SpaceButton(Press(card.SHOW, plan.id, marked), label)
        headline = card.headline(words, reader, plan, lines)
        return f"<@{plan.host_id}> {headline}", row(button)

    async def _in_channel(self, notice: Notice, lines: list[Line]) -> discord.Message:
        plan = notice.plan
        place = self._channel(plan)
        if place is None:
            raise UndeliverableError("no private messages, and no channel to write in")
        text, view = self._worded(plan, lines, notice.nonce, private=False)
        host = discord.Object(plan.host_id)
        try:
            return await place.send(
                text,
                view=view,
                nonce=notice.nonce,
                allowed_mentions=discord.AllowedMentions(
                    everyone=False, roles=False, users=[host]
                ),
            )
        except NEVER as error:
            why = f"no private messages, and in the channel: {error.text}"
            raise UndeliverableError(why) from None

    async def _places(self, plan: Plan) -> list[discord.abc.Messageable]:
        """Return where a card may be: in private, and the plan's channel."""
        found: list[discord.abc.Messageable] = []
        try:
            user = await self._client.fetch_user(plan.host_id)
            found.append(await user.create_dm())
        except NEVER:
            log.info("plan %s: its host takes no private messages", plan.id)
        channel = self._channel(plan)
        return found if channel is None else [*found, channel]

    def _channel(self, plan: Plan) -> discord.abc.Messageable | None:
        for wanted in (plan.post_channel_id, plan.channel_id):
            channel = self._client.get_channel(wanted) if wanted else None
            if isinstance(channel, discord.abc.Messageable):
                return channel
        return None


def _message(place: discord.abc.Messageable, message_id: int) -> discord.PartialMessage:
    if not isinstance(
        place,
        discord.DMChannel
        | discord.TextChannel
        | discord.Thread
        | discord.VoiceChannel
        | discord.StageChannel,
    ):
        raise TypeError(f"no messages in {type(place).__name__}")
    return place.get_partial_message(message_id)
