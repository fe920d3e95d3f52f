"""The door for what members type in the chat of a Space.

By mention it works without the privileged intent: Discord then sends the message's
content. The prefix form is opt-in. An answer is a reply that pings nobody.
"""

import logging
import re

import discord

from bot.chat.words import Said, Verb, parse
from bot.door import Door
from bot.panel.lines import queue_lines, stage_lines, time_lines
from bot.refusals import explain, name_of
from bot.rooms.records import Refusals
from bot.rooms.room import Room
from bot.rooms.rules import GATE
from bot.settings import DiscordSettings
from bot.texts.language import Language
from moderation.errors import ModerationError
from moderation.events import (
    Answer,
    Event,
    HandDeferred,
    HandRaised,
    HandWithdrawn,
    InvitationAnswered,
    MomentMarked,
    QuestionAsked,
    QuestionVoted,
    SideTaken,
    SteppedDown,
    TurnExtended,
)
from moderation.queue import Hand
from moderation.requests import RequestKind, Via
from moderation.space import Space

log = logging.getLogger(__name__)


ANSWERS = {
    Verb.ACCEPT: Answer.ACCEPTED,
    Verb.LATER: Answer.LATER,
    Verb.WITHDRAW: Answer.DECLINED,
    Verb.DECLINE: Answer.DECLINED,
}
"""What an invited member answers with their words."""


class ChatDoor:
    """Turns chat lines into facts and answers."""

    def __init__(
        self, door: Door, settings: DiscordSettings, refusals: Refusals
    ) -> None:
        self._door = door
        self._refusals = refusals
        self._settings = settings

    async def take(self, message: discord.Message) -> None:
        """Do what a message asks of the bot, if it asks anything."""
        room = self._room(message)
        said = None if room is None else self._said(message)
        if room is None or said is None:
            return
        reader = said.language or room.courier.language(
            message.author.id, room.language
        )
        try:
            text = await self._do(room, message.author.id, said, reader)
        except ModerationError as error:
            user_id = message.author.id
            text = explain(self._door.wording, reader, error, user_id) or ""
            if name_of(error) == GATE and await self._rules(room, user_id, reader):
                text = self._door.wording.say(reader, "gate.rules_sent")
            await self._refusals.write(
                room.guild_id,
                user_id,
                name_of(error),
                f"chat {said.verb.value}",
                room.space_id,
            )
        if text:
            await self._reply(message, text)

    def _room(self, message: discord.Message) -> Room | None:
        here = self._door.rooms.in_channel(message.channel.id)
        voice = getattr(message.author, "voice", None)
        if here is not None or voice is None or voice.channel is None:
            return here
        return self._door.rooms.in_channel(voice.channel.id)

    def _said(self, message: discord.Message) -> Said | None:
        content = message.content
        me = message.guild.me if message.guild else None
        if me is not None and me in message.mentions:
            mention = rf"<@!?{me.id}>"
            said = parse(re.sub(mention, " ", content), addressed=True)
            if said is None and re.match(rf"\s*{mention}", content):
                return Said(Verb.HELP)  # it was meant for us, whatever it was
            return said
        prefix = self._settings.prefix
        if prefix and content.startswith(prefix):
            return parse(content.removeprefix(prefix), addressed=True)
        if self._settings.message_content and not prefix:
            return parse(content, addressed=False)
        return None

    async def _do(self, room: Room, user_id: int, said: Said, reader: Language) -> str:
        event = fact(said, user_id, room.space)
        if event is not None:
            effects = await room.rules.tell(event, user_id)
            return self._door.answer_of(effects, user_id, reader)
        view, words = room.observe(), self._door.wording
        match said.verb:
            case Verb.QUEUE:
                return queue_lines(words, reader, view, user_id)
            case Verb.TIME:
                return time_lines(words, reader, view, user_id)
            case Verb.WHO:
                return stage_lines(words, reader, view)
            case Verb.HELP:
                return words.say(reader, "help.chat")
            case _:
                return words.say(reader, "topic.is", {"topic": view.space.topic})

    async def _rules(self, room: Room, user_id: int, reader: Language) -> bool:
        """Ask a member in private to accept the rules; False where none are kept."""
        question = await room.rules.question(user_id, reader)
        if question is not None:
            await room.courier.bring(user_id, *question)
        return question is not None

    async def _reply(self, message: discord.Message, text: str) -> None:
        try:
            await message.reply(
                text[:2000], allowed_mentions=discord.AllowedMentions.none()
            )
        except discord.HTTPException as error:
            log.warning("chat answer not sent: %s (%s)", error.status, error.code)


def fact(said: Said, user_id: int, space: Space) -> Event | None:
    """Return the fact that a chat command states; None where it only asks.

    Some words mean something else to somebody who is invited, or whose hand is up.
    """
    match said.verb:
        case Verb.ASK | Verb.REPLY:
            return _hand(said, user_id, space.hand_of(user_id))
        case Verb.WITHDRAW if not space.is_invited(user_id):
            return HandWithdrawn(user_id, Via.CHAT)
        case Verb.LATER if not space.is_invited(user_id):
            return HandDeferred(user_id)
        case Verb.QUESTION:
            return QuestionAsked(user_id, said.note)
        case Verb.VOTE:
            return QuestionVoted(user_id, int(said.note))
        case Verb.MARK:
            return MomentMarked(user_id, said.note)
        case Verb.STEP_DOWN:
            return SteppedDown(user_id)
        case Verb.MORE:
            return TurnExtended(user_id, user_id)
        case Verb.SIDE:
            return SideTaken(user_id, said.note)
        case verb if verb in ANSWERS:
            return InvitationAnswered(user_id, ANSWERS[verb])
        case _:
            return None


def _hand(said: Said, user_id: int, held: Hand | None) -> HandRaised:
    """Return the hand that was meant; ``q+`` alone keeps what a hand was about."""
    if said.verb is Verb.REPLY:
        return HandRaised(user_id, RequestKind.REPLY, said.note, Via.CHAT)
    if held is not None and not said.note:
        return HandRaised(user_id, held.kind, held.note, Via.CHAT)
    kind = held.kind if held is not None else RequestKind.NEW_TOPIC
    return HandRaised(user_id, kind, said.note, Via.CHAT)
