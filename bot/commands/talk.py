"""``/talk``: who has talked how much, and who not at all."""

from discord import app_commands

from bot.door import Door
from bot.panel.lines import quiet_lines, time_lines
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

    @app_commands.command(description="-")
    async def quiet(self, interaction: AnyInteraction) -> None:
        """Show who is here and has not spoken yet, who came first before the rest."""
        room, reader = self._door.room(interaction), language(interaction)
        view = room.observe()
        here = [member.user_id for member in room.space.state.people.present()]
        await answer(interaction, quiet_lines(self._door.wording, reader, view, here))
