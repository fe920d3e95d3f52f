"""Raising a hand by button: at once, and then what it is about.

One press is a hand in the queue. What kind of hand it is and a note can be added in
the private answer; a press by somebody whose hand is up changes nothing of it.
"""

import discord

from bot.client import Press
from bot.door import Door
from bot.modal import Failed
from bot.panel.buttons import SpaceButton
from bot.panel.forms import Filled, Form, Wanted
from bot.panel.selects import SpaceSelect
from bot.refusals import Impossible
from bot.replies import AnyInteraction, language
from bot.rooms.room import Room
from bot.texts.language import Language
from moderation.effects import Effect
from moderation.events import HandRaised
from moderation.queue import Hand
from moderation.refused import Refused
from moderation.requests import NOTE_LIMIT, RequestKind


class Asking:
    """Takes presses about one's own hand."""

    def __init__(self, door: Door, failed: Failed) -> None:
        self._door = door
        self._failed = failed

    async def ask(self, interaction: AnyInteraction, room: Room, _: str) -> None:
        """Raise a hand; one that is up keeps its kind and note."""
        user_id = interaction.user.id
        hand = room.space.hand_of(user_id) or Hand(user_id, 0.0, 0)
        raised = HandRaised(user_id, hand.kind, hand.note)
        await self.raised(interaction, room, raised)

    async def raised(
        self, interaction: AnyInteraction, room: Room, hand: HandRaised
    ) -> None:
        """Raise this hand; what it is about can be said in the answer."""
        await self._door.act(interaction, hand, room, self._details)

    async def kind(self, interaction: AnyInteraction, room: Room, arg: str) -> None:
        """Say what kind of hand it is."""
        if arg not in {kind.value for kind in RequestKind}:
            raise Impossible("old_button")
        hand = _up(room, interaction.user.id)
        raised = HandRaised(hand.user_id, RequestKind(arg), hand.note)
        await self._door.act(interaction, raised, room)

    async def note(self, interaction: AnyInteraction, room: Room, _: str) -> None:
        """Ask for the note of a hand."""
        hand, words = _up(room, interaction.user.id), self._door.wording
        reader = language(interaction)
        wanted = Wanted(
            words.say(reader, "button.note"),
            words.say(reader, "form.note"),
            NOTE_LIMIT,
            needed=False,
            given=hand.note,
        )

        async def noted(sent: AnyInteraction, filled: Filled) -> None:
            now = _up(room, sent.user.id)
            raised = HandRaised(now.user_id, now.kind, filled.words)
            await self._door.act(sent, raised, room)

        await Form(wanted, noted, self._failed).show(interaction)

    def _details(
        self, room: Room, reader: Language, _: list[Effect]
    ) -> discord.ui.View:
        words = self._door.wording
        kinds = [
            discord.SelectOption(
                label=words.say(reader, f"choices.{kind.value}"), value=kind.value
            )
            for kind in RequestKind
        ]
        view = discord.ui.View(timeout=None)
        view.add_item(
            SpaceSelect.of("kind", room.space_id, words.say(reader, "form.kind"), kinds)
        )
        for verb in ("note", "withdraw"):
            press = Press(verb, room.space_id)
            view.add_item(SpaceButton(press, words.say(reader, f"button.{verb}")))
        view.stop()
        return view


def _up(room: Room, user_id: int) -> Hand:
    hand = room.space.hand_of(user_id)
    if hand is None:
        raise Refused("hand.not_up", user_id=user_id)
    return hand
