"""What every command and button does: find the Space, hand in one fact, answer.

A door holds no rule. Whether something is allowed is decided by the Space; what the
person reads is the effect that the Space addressed to them, or its refusal.
"""

from collections.abc import Callable

import discord

from bot import disk
from bot.panel.buttons import offered
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, language, patiently
from bot.rooms.room import Room
from bot.rooms.rooms import Rooms
from bot.rooms.rules import GATE
from bot.rooms.seeing import is_moderator
from bot.texts.language import Language
from bot.texts.wording import Param, Wording
from moderation.cases import UNDOABLE
from moderation.effects import Effect, Explained, OpenCase, ReverseCase, Tell
from moderation.events import Event, ModeratorSeen, RecordingStarted, SpaceEnded
from moderation.refused import Refused
from moderation.sanction import Action, Sanction

Then = Callable[[Room, Language, list[Effect]], discord.ui.View | None]
"""Makes the buttons under an answer from what came of the fact."""


class Door:
    """The way from an interaction into a Space and back."""

    def __init__(self, rooms: Rooms, wording: Wording) -> None:
        self.rooms = rooms
        self.wording = wording

    def room(self, interaction: AnyInteraction) -> Room:
        """Return the Space that is meant: this channel's, theirs, or the only one.

        Raises Impossible where there is none, or several.
        """
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
        raise Impossible("which_space") if live else self.rooms.lacking("no_space")

    async def act(
        self,
        interaction: AnyInteraction,
        event: Event,
        room: Room | None = None,
        then: Then | None = None,
    ) -> None:
        """Hand ``event`` to the Space and show the person what came of it.

        ``then`` makes the buttons that go with the answer.
        """
        room = room or self.room(interaction)
        if isinstance(event, RecordingStarted):
            _require_disk(room)
        reader = language(interaction)
        room.courier.met(interaction, reader)
        try:
            told = self._told(interaction, event, room)
            effects = await patiently(interaction, told)
        except Refused as refused:
            if refused.key != GATE:
                raise
            question = await room.rules.question(interaction.user.id, reader)
            if question is None:
                raise
            await answer(interaction, *question)
            return
        self._pass_on(room, effects)
        text = self.answer_of(effects, interaction.user.id, reader)
        if isinstance(event, SpaceEnded):
            text = f"{text}\n{self.wording.say(reader, 'outcome.hint')}"
        view = (then or self._undo)(room, reader, effects)
        await answer(interaction, text, view)

    async def _told(
        self, interaction: AnyInteraction, event: Event, room: Room
    ) -> list[Effect]:
        if isinstance(interaction.user, discord.Member):  # not in a direct message
            await self.introduce(interaction, room)
        return await room.rules.tell(event, interaction.user.id)

    def _pass_on(self, room: Room, effects: list[Effect]) -> None:
        """Tell the guild's other Spaces of a ban, or that one was lifted."""
        for effect in effects:
            match effect:
                case OpenCase(action=Action.BAN, user_id=user_id, until=until):
                    ban = Sanction(user_id, Action.BAN, until)
                    self.rooms.ban(room.guild_id, ban, room)
                case OpenCase(action=Action.UNBAN, user_id=user_id):
                    self.rooms.unban(room.guild_id, user_id, room)
                case ReverseCase(number):
                    case = room.space.state.cases.cases[number - 1]
                    if case.action is Action.BAN:
                        self.rooms.unban(room.guild_id, case.user_id, room)
                case _:
                    pass

    def _undo(
        self, room: Room, reader: Language, effects: list[Effect]
    ) -> discord.ui.View | None:
        """Return the way back from what opened a case, where there is one."""
        for effect in effects:
            if isinstance(effect, OpenCase) and effect.action in UNDOABLE:
                number = effect.number
                return offered(room.space_id, self.wording, reader, ["undo"], number)
        return None

    async def introduce(self, interaction: AnyInteraction, room: Room) -> None:
        """Tell the Space whether the person moderates the guild, if that is news."""
        user = interaction.user
        moderates = is_moderator(user)
        if room.space.state.people.is_moderator(user.id) != moderates:
            await room.tell(ModeratorSeen(user.id, moderates))

    def answer_of(self, effects: list[Effect], user_id: int, reader: Language) -> str:
        """Return what the Space told this person, or else what it did for them."""
        told = [
            self.wording.say_to(user_id, reader, effect.key, effect.params)
            for effect in effects
            if isinstance(effect, Tell) and effect.user_id == user_id
            if effect.key != "done"
        ]
        done = [
            self.wording.say(reader, effect.key, effect.params)
            for effect in effects
            if isinstance(effect, Explained) and effect.by == user_id
        ]
        if told or not done:
            return "\n".join(told) or self.wording.say(reader, "done")
        return self.wording.catalogue.text(reader, "done_that", what=done[0])

    async def say(self, interaction: AnyInteraction, key: str, **params: Param) -> None:
        """Answer with a text of our own."""
        text = self.wording.say(language(interaction), key, params)
        await answer(interaction, text)


def _require_disk(room: Room) -> None:
    store = room.house.config.store
    free_mb = disk.free_mb(store.folder)
    if free_mb < store.free_mb:
        raise Impossible("disk_full", free_mb=free_mb, needed_mb=store.free_mb)
