"""``/talk``: who has talked how much, and who not at all."""

from discord import app_commands

from bot.door import Door
from bot.panel.lines import quiet_lines
from bot.panel.talking import figure_lines
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, language
from bot.talk.recall import counted_last


class TalkCommands(app_commands.Group):
    """Talk time."""

    def __init__(self, door: Door) -> None:
        super().__init__(name="talk", description="-")
        self._door = door

    @app_commands.command(description="-")
    async def times(self, interaction: AnyInteraction) -> None:
        """Show everybody's talk time, turns and interruptions, and the room's.

        Where no Space is live: of the last one in this channel.
        """
        reader, words = language(interaction), self._door.wording
        try:
            room = self._door.room(interaction)
        except Impossible as none_live:
            past = await self._past(interaction)
            if none_live.key == "starting" or past is None:
                raise
            await answer(interaction, past)
            return
        lines = figure_lines(words, reader, await room.talk.figures())
        if not room.observe().hearing:
            lines = f"{lines}\n{words.say(reader, 'time.deaf')}"
        await answer(interaction, lines)

    async def _past(self, interaction: AnyInteraction) -> str | None:
        """Say it of the channel's last Space; None where there was none."""
        channel_id, reader = interaction.channel_id, language(interaction)
        if channel_id is None:
            return None
        words, store = self._door.wording, self._door.rooms.house.store
        found = await store.read(lambda db: counted_last(db, channel_id))
        if found is None:
            return None
        space, talk = found
        over = {"topic": space.topic, "ended_at": space.ended_at}
        head = words.say(reader, "talk.past", over)
        return f"{head}\n{figure_lines(words, reader, talk, live=False)}"

    @app_commands.command(description="-")
    async def quiet(self, interaction: AnyInteraction) -> None:
        """Show who is here and has not spoken yet, who came first before the rest."""
        room, reader = self._door.room(interaction), language(interaction)
        view = room.observe()
        here = [member.user_id for member in room.space.state.people.present()]
        await answer(interaction, quiet_lines(self._door.wording, reader, view, here))
