"""``/talk``: who has talked how much."""

from discord import app_commands

from bot.door import Door
from bot.panel.lines import time_lines
from bot.replies import AnyInteraction, answer, language


class TalkCommands(app_commands.Group):
    """Talk time."""

    def __init__(self, door: Door) -> None:
        super().__init__(name="talk", description="-")
        self._door = door

    @app_commands.command(description="-")
    async def times(self, interaction: AnyInteraction) -> None:
        """Show everybody's talk time."""
        view = self._door.room(interaction).observe()
        reader = language(interaction)
        await answer(interaction, time_lines(self._door.wording, reader, view))
