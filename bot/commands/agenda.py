"""``/topic agenda-import``: a whole agenda in one form, one line per item."""

from typing import Any

import discord
from discord import app_commands
from typing_extensions import override

from bot.door import Door
from bot.modal import Failed, Modal
from bot.replies import AnyInteraction, answer, language
from bot.texts.escape import plain
from moderation.agenda_text import LONGEST_TITLE, read
from moderation.events import AgendaItemAdded

AnyCommand = app_commands.Command[Any, ..., Any]

TEXT_LIMIT = 3000
"""Characters that the form takes."""


def agenda_import(door: Door, failed: Failed) -> AnyCommand:
    """Return the command; ``failed`` explains what the form could not do."""

    @app_commands.command(name="agenda-import", description="-")
    async def command(interaction: AnyInteraction) -> None:
        """Open the form."""
        door.room(interaction)
        await interaction.response.send_modal(AgendaForm(interaction, door, failed))

    return command


class AgendaForm(Modal):
    """Takes the lines; with a mistake in one of them it adds nothing."""

    def __init__(self, interaction: AnyInteraction, door: Door, failed: Failed) -> None:
        words, reader = door.wording, language(interaction)
        super().__init__(words.say(reader, "agenda.import.title"), failed)
        self._door = door
        self._lines: discord.ui.TextInput[AgendaForm] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph,
            max_length=TEXT_LIMIT,
            placeholder=words.say(reader, "agenda.import.example")[:100],
        )
        label = words.say(reader, "agenda.import.label")[:45]
        self.add_item(discord.ui.Label(text=label, component=self._lines))

    @override
    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        words, reader = self._door.wording, language(interaction)
        items, mistakes = read(self._lines.value)
        if mistakes:
            told = [
                words.say(
                    reader,
                    f"agenda.import.{one.key}",
                    {"line": one.line, "limit": one.limit},
                )
                for one in mistakes
            ]
            text = words.say(reader, "agenda.import.refused")
            await answer(interaction, "\n".join([text, *told]))
            return
        room = self._door.room(interaction)
        await self._door.introduce(interaction, room)
        me = interaction.user.id
        for item in items:
            title = plain(item.title, LONGEST_TITLE)
            added = AgendaItemAdded(me, title, item.minutes)
            await room.tell(added, shown_to=me)
        text = words.say(reader, "agenda.import.added", {"n": len(items)})
        await answer(interaction, text)
