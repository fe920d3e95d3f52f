"""``/talk``: who has talked how much, and who not at all."""

from discord import app_commands

from bot.door import Door
from bot.panel.lines import quiet_lines
from bot.panel.talking import figure_lines
from bot.replies import AnyInteraction, answer, language


class TalkCommands(app_commands.Group):
    """Talk time."""

    def __init__(self, door: Door) -> None:
        super().__init__(name="talk", description="-")
        self._door = door

    @app_commands.command(description="-")
    async def times(self, interaction: AnyInteraction) -> None:
        """Show everybody's talk time, turns and interruptions, and the room's."""
        room, reader = self._door.room(interaction), language(interaction)
        words = self._door.wording
        lines = figure_lines(words, reader, await room.talk.figures())
        if not room.observe().hearing:
            lines = f"{lines}\n{words.say(reader, 'time.deaf')}"
        await answer(interaction, lines)

    @app_commands.command(description="-")
    async def quiet(self, interaction: AnyInteraction) -> None:
        """Show who is here and has not spoken yet, who came first before the rest."""
        room, reader = self._door.room(interaction), language(interaction)
        view = room.observe()
        here = [member.user_id for member in room.space.state.people.present()]
        await answer(interaction, quiet_lines(self._door.wording, reader, view, here))
