"""``/topic``: what the Space is about."""

from discord import app_commands

from bot.door import Door
from bot.panel.lines import agenda_lines, parked_lines
from bot.replies import AnyInteraction, answer, language
from moderation.events import (
    AgendaItemAdded,
    AgendaItemStarted,
    TopicParked,
    TopicRecalled,
    TopicSet,
)


class TopicCommands(app_commands.Group):
    """The topic and what was put aside."""

    def __init__(self, door: Door) -> None:
        super().__init__(name="topic", description="-")
        self._door = door

    @app_commands.command(description="-")
    async def set(
        self, interaction: AnyInteraction, text: app_commands.Range[str, 1, 120]
    ) -> None:
        """Set the topic."""
        await self._door.act(interaction, TopicSet(interaction.user.id, text))

    @app_commands.command(description="-")
    async def park(
        self, interaction: AnyInteraction, text: app_commands.Range[str, 1, 200]
    ) -> None:
        """Put a subject aside."""
        await self._door.act(interaction, TopicParked(interaction.user.id, text))

    @app_commands.command(description="-")
    async def parked(self, interaction: AnyInteraction) -> None:
        """Show what was put aside."""
        view = self._door.room(interaction).observe()
        reader = language(interaction)
        await answer(interaction, parked_lines(self._door.wording, reader, view))

    @app_commands.command(name="agenda-add", description="-")
    async def agenda_add(
        self,
        interaction: AnyInteraction,
        text: app_commands.Range[str, 1, 120],
        minutes: app_commands.Range[int, 1, 240] | None = None,
    ) -> None:
        """Add an item to the agenda."""
        planned = None if minutes is None else float(minutes)
        item = AgendaItemAdded(interaction.user.id, text, planned)
        await self._door.act(interaction, item)

    @app_commands.command(name="agenda-list", description="-")
    async def agenda_list(self, interaction: AnyInteraction) -> None:
        """Show the agenda."""
        view = self._door.room(interaction).observe()
        reader = language(interaction)
        await answer(interaction, agenda_lines(self._door.wording, reader, view))

    @app_commands.command(name="agenda-next", description="-")
    async def agenda_next(self, interaction: AnyInteraction) -> None:
        """Go on to the next item."""
        space = self._door.room(interaction).observe().space
        started = AgendaItemStarted(interaction.user.id, space.agenda_number + 1)
        await self._door.act(interaction, started)

    @app_commands.command(description="-")
    async def back(self, interaction: AnyInteraction) -> None:
        """Ask the room to come back to the topic."""
        await self._door.act(interaction, TopicRecalled(interaction.user.id))
