"""What the answer to a nudge sets in motion.

The first answer counts. It is a fact of the Space (who may answer is decided there),
it teaches the rule that nudged, and some answers are wishes: back to the topic, park
this, call the next. Two ask for words, in a modal.
"""

from typing import Any

import discord
from typing_extensions import override

from bot.door import Door
from bot.modal import Modal
from bot.refusals import Impossible
from bot.replies import AnyInteraction, language, patiently
from bot.rooms.room import Room
from bot.texts.escape import plain
from bot.tree import Tree
from moderation import effects as fx
from moderation.conversation import ASK_ROOM
from moderation.events import (
    AgendaItemAdded,
    Event,
    Invited,
    NextCalled,
    NudgeAnswered,
    TopicParked,
    TopicRecalled,
    TopicSet,
)
from moderation.store import drift, nudges
from moderation.store.nudges import NudgeRow

ASKS_WORDS = frozenset({"new_topic", "add_agenda"})
"""Answers that need a few words more."""


class Nudging:
    """Takes the answers to nudges."""

    def __init__(self, door: Door, tree: Tree) -> None:
        self._door = door
        self._tree = tree

    async def answered(self, interaction: AnyInteraction, room: Room, arg: str) -> None:
        """Take one press of a nudge's button."""
        number, _, choice = arg.partition(".")
        nudge = await self._nudge(room, int(number))
        if choice in ASKS_WORDS:
            form = WordsModal(self, interaction, room, nudge, choice)
            await form.show(interaction)
            return
        await self.settle(interaction, room, nudge, choice, "")

    async def settle(
        self,
        interaction: AnyInteraction,
        room: Room,
        nudge: NudgeRow,
        choice: str,
        words: str,
    ) -> None:
        """Note the answer, teach the rule, and do what was wished."""
        if nudge.answer is not None:
            raise Impossible("nudge_answered")
        await patiently(interaction, self._note(interaction, room, nudge, choice))
        wish = _wish(interaction.user.id, nudge, choice, words)
        if wish is not None:
            await self._door.act(interaction, wish, room)
            return
        if choice == ASK_ROOM:
            room.perform([fx.Announce("nudge.listeners.room")])
        if choice == "encourage" and nudge.user_id is not None:
            asked = fx.Tell("nudge.silent_guest.member", user_id=nudge.user_id)
            room.perform([asked])
        await self._door.say(interaction, "nudge.noted")

    async def _note(
        self, interaction: AnyInteraction, room: Room, nudge: NudgeRow, choice: str
    ) -> None:
        by, now = interaction.user.id, room.house.clock.now()
        await self._door.introduce(interaction, room)
        await room.tell(NudgeAnswered(by, nudge.id, choice), shown_to=by)
        first = await room.house.store.write(
            lambda db: nudges.answer(db, nudge.id, choice, by, now)
        )
        if not first:  # another host was quicker, or had the same form open
            raise Impossible("nudge_answered")
        await _teach(room, nudge, choice, now)

    async def failed(self, interaction: AnyInteraction, error: Exception) -> None:
        """Explain what went wrong with a modal."""
        await self._tree.failed(interaction, error)

    def word(self, interaction: AnyInteraction, key: str) -> str:
        """Word a text for who pressed."""
        return self._door.wording.say(language(interaction), key)

    async def _nudge(self, room: Room, number: int) -> NudgeRow:
        rows = await room.house.store.read(lambda db: nudges.read(db, room.space_id))
        for row in rows:
            if row.id == number:
                return row
        raise Impossible("old_button")


class WordsModal(Modal):
    """Asks for the words that an answer needs."""

    def __init__(
        self,
        nudging: Nudging,
        opened_by: AnyInteraction,
        room: Room,
        nudge: NudgeRow,
        choice: str,
    ) -> None:
        title = nudging.word(opened_by, f"choice.{choice}")
        super().__init__(title, nudging.failed, timeout=None)
        self._nudging, self._room = nudging, room
        self._answered, self._choice = nudge, choice
        self._words: discord.ui.TextInput[WordsModal] = discord.ui.TextInput(
            label=nudging.word(opened_by, f"ask.{choice}")[:45], max_length=120
        )
        self.add_item(self._words)

    @override
    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        words = plain(self._words.value, 120)
        await self._nudging.settle(
            interaction, self._room, self._answered, self._choice, words
        )


def _wish(by: int, nudge: NudgeRow, choice: str, words: str) -> Event | None:
    match choice:
        case "back_to_topic":
            return TopicRecalled(by)
        case "new_topic":
            return TopicSet(by, words)
        case "add_agenda":
            return AgendaItemAdded(by, words)
        case "park":
            lines = nudge.evidence.get("lines") or [""]
            return TopicParked(by, plain(str(lines[0]), 120)) if lines[0] else None
        case "give_floor":
            return NextCalled(by)
        case "invite" if nudge.user_id is not None:
            return Invited(by, nudge.user_id)
        case _:
            return None


async def _teach(room: Room, nudge: NudgeRow, choice: str, now: float) -> None:
    conversation = room.talk.conversation
    conversation.answered(nudge.rule, choice, now)
    if nudge.rule != "drift":
        return
    threshold, guild_id = conversation.drift.threshold, room.guild_id
    await room.house.store.write(
        lambda db: drift.set_threshold(db, guild_id, threshold, now)
    )
