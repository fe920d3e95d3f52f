"""``/rules`` and ``/space rules-set``: the rules of participation, read and written."""

from typing import Any

import discord
from discord import app_commands
from typing_extensions import override

from bot.commands.space import FormatName
from bot.door import Door
from bot.modal import Failed, Modal
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, language, patiently
from bot.rooms.room import Room
from bot.rooms.rules import SHOWN_LIMIT, TEXT_LIMIT, cleaned, in_force, shown
from bot.rooms.seeing import is_moderator
from moderation.events import RulesAccepted
from moderation.store import rules
from moderation.store.rules import EVERY

AnyCommand = app_commands.Command[Any, ..., Any]


def rules_command(door: Door) -> AnyCommand:
    """Return ``/rules``."""

    @app_commands.command(name="rules", description="-")
    async def command(interaction: AnyInteraction) -> None:
        """Show the rules of the Space, or else of the server."""
        if interaction.guild_id is None:
            raise Impossible("only_in_guild")
        room = _room_if_any(door, interaction)
        if room is not None and await _shown_in(door, interaction, room):
            return
        format = EVERY if room is None else room.space.state.settings.format.value
        store = door.rooms.house.store
        kept = await in_force(store, interaction.guild_id, format)
        if kept is None:
            await door.say(interaction, "rules.none")
            return
        text = door.wording.catalogue.text(
            language(interaction), "rules.shown", text=shown(kept.text)
        )
        await answer(interaction, text)

    return command


async def _shown_in(door: Door, interaction: AnyInteraction, room: Room) -> bool:
    """Show what a live Space asks for; say whether it asks for anything."""
    me, reader = interaction.user.id, language(interaction)
    kept = await room.rules.text()
    if kept is None:
        version = room.space.state.settings.gate.rules_version
        if version:  # of the configuration: its text stands elsewhere
            await door.act(interaction, RulesAccepted(me, version), room)
        return bool(version)
    text = door.wording.catalogue.text(reader, "rules.shown", text=shown(kept.text))
    accepted = room.rules.accepted(me) or await room.rules.recall(me)
    if accepted:
        text += "\n\n" + door.wording.say(reader, "rules.accepted_before")
    view = None if accepted else room.rules.button(kept, reader)
    await answer(interaction, text, view)
    return True


def rules_set_command(door: Door, failed: Failed) -> AnyCommand:
    """Return ``/space rules-set``; ``failed`` explains what the form could not do."""

    @app_commands.command(name="rules-set", description="-")
    async def command(
        interaction: AnyInteraction, format: FormatName | None = None
    ) -> None:
        """Open the form with the rules as they are."""
        guild_id, chosen = _require_editor(door, interaction), format or EVERY
        kept = await door.rooms.house.store.read(
            lambda db: rules.newest(db, guild_id, chosen)
        )
        given = "" if kept is None else kept.text
        form = RulesForm(interaction, door, failed, chosen, given)
        await form.show(interaction)

    return command


class RulesForm(Modal):
    """Takes the text; an empty one takes the rules away."""

    def __init__(
        self,
        interaction: AnyInteraction,
        door: Door,
        failed: Failed,
        format: str,
        given: str,
    ) -> None:
        words, reader = door.wording, language(interaction)
        super().__init__(words.say(reader, "rules.form.title"), failed)
        self._door, self._format = door, format
        self._text: discord.ui.TextInput[RulesForm] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph,
            max_length=TEXT_LIMIT,
            required=False,
            default=given or None,
            placeholder=words.say(reader, "rules.form.example")[:100],
        )
        label = words.say(reader, "rules.form.label")[:45]
        self.add_item(discord.ui.Label(text=label, component=self._text))

    @override
    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        door, house = self._door, self._door.rooms.house
        guild_id, me = _require_editor(door, interaction), interaction.user.id
        text, format, now = cleaned(self._text.value), self._format, house.clock.now()
        if len(shown(text)) > SHOWN_LIMIT:
            raise Impossible("rules_too_long", most=SHOWN_LIMIT)
        kept = house.store.write(
            lambda db: rules.write(db, guild_id, format, text, me, now)
        )
        await patiently(interaction, kept)
        await door.say(interaction, "rules.kept" if text else "rules.taken_away")


def _require_editor(door: Door, interaction: AnyInteraction) -> int:
    """Return the guild; refuse who neither moderates it nor hosts in it."""
    guild_id = interaction.guild_id
    if guild_id is None:
        raise Impossible("only_in_guild")
    me = interaction.user
    hosts = any(me.id in room.staff() for room in door.rooms.in_guild(guild_id))
    if not hosts and not is_moderator(me):
        raise Impossible("rules_not_yours")
    return guild_id


def _room_if_any(door: Door, interaction: AnyInteraction) -> Room | None:
    try:
        return door.room(interaction)
    except Impossible:
        return None
