"""What every command and button does: find the Space, hand in one fact, answer.

A door holds no rule. Whether something is allowed is decided by the Space; what the
person reads is the effect that the Space addressed to them, or its refusal.
"""

import asyncio

from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, defer, language
from bot.room import Room
from bot.rooms import Rooms
from bot.seeing import is_moderator
from bot.texts.language import Language
from bot.texts.wording import Param, Wording
from moderation.effects import Effect, Tell
from moderation.events import Event, ModeratorSeen

PATIENCE_S = 1.5
"""Seconds after which a person is told to wait; Discord gives up after 3."""


class Door:
    """The way from an interaction into a Space and back."""

    def __init__(self, rooms: Rooms, wording: Wording) -> None:
        self.rooms = rooms
        self.wording = wording

    def room(self, interaction: AnyInteraction) -> Room:
        """Return the Space that is meant: this channel's, theirs, or the only one."""
        guild = interaction.guild
        if guild is None:
            raise Impossible("only_in_guild")
        here = self.rooms.in_channel(interaction.channel_id)
        if here is not None:
            return here
        voice = getattr(interaction.user, "voice", None)
        if voice is not None and voice.channel is not None:
            theirs = self.rooms.in_channel(voice.channel.id)
            if theirs is not None:
                return theirs
        live = self.rooms.in_guild(guild.id)
        if len(live) == 1:
            return live[0]
        raise Impossible("which_space" if live else "no_space")

    async def act(
        self, interaction: AnyInteraction, event: Event, room: Room | None = None
    ) -> None:
        """Hand ``event`` to the Space and show the person what came of it."""
        room = room or self.room(interaction)
        await self.introduce(interaction, room)
        reader = language(interaction)
        room.courier.met(interaction, reader)
        asked = asyncio.ensure_future(room.tell(event, shown_to=interaction.user.id))
        done, _ = await asyncio.wait({asked}, timeout=PATIENCE_S)
        if not done:
            await defer(interaction)
        effects = await asked
        await answer(interaction, self.answer_of(effects, interaction.user.id, reader))

    async def introduce(self, interaction: AnyInteraction, room: Room) -> None:
        """Tell the Space whether the person moderates the guild, if that is news."""
        user = interaction.user
        moderates = is_moderator(user)
        if room.space.state.people.is_moderator(user.id) != moderates:
            await room.tell(ModeratorSeen(user.id, moderates))

    def answer_of(self, effects: list[Effect], user_id: int, reader: Language) -> str:
        """Return what the Space told this person, or a plain acknowledgement."""
        told = [
            self.wording.say(reader, effect.key, effect.params)
            for effect in effects
            if isinstance(effect, Tell) and effect.user_id == user_id
        ]
        return "\n".join(told) or self.wording.say(reader, "done")

    async def say(self, interaction: AnyInteraction, key: str, **params: Param) -> None:
        """Answer with a text of our own."""
        text = self.wording.say(language(interaction), key, params)
        await answer(interaction, text)
