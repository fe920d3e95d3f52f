"""``/record`` and ``/transcript``: what is kept of people's voices, with consent."""

from discord import app_commands

from bot.door import Door
from bot.panel.health import recording_lines
from bot.replies import AnyInteraction, answer, language
from moderation.events import (
    RecordingStarted,
    RecordingStopped,
    TranscriptStarted,
    TranscriptStopped,
)


class RecordCommands(app_commands.Group):
    """One track per consenting speaker."""

    def __init__(self, door: Door) -> None:
        super().__init__(name="record", description="-")
        self._door = door

    @app_commands.command(description="-")
    async def start(self, interaction: AnyInteraction) -> None:
        """Ask for consent and record those who give it."""
        await self._door.act(interaction, RecordingStarted(interaction.user.id))

    @app_commands.command(description="-")
    async def stop(self, interaction: AnyInteraction) -> None:
        """Stop recording."""
        await self._door.act(interaction, RecordingStopped(interaction.user.id))

    @app_commands.command(description="-")
    async def status(self, interaction: AnyInteraction) -> None:
        """Show who is recorded."""
        view = self._door.room(interaction).observe()
        reader = language(interaction)
        await answer(interaction, recording_lines(self._door.wording, reader, view))


class TranscriptCommands(app_commands.Group):
    """The written record."""

    def __init__(self, door: Door) -> None:
        super().__init__(name="transcript", description="-")
        self._door = door

    @app_commands.command(description="-")
    async def on(self, interaction: AnyInteraction) -> None:
        """Ask for consent and transcribe those who give it."""
        await self._door.act(interaction, TranscriptStarted(interaction.user.id))

    @app_commands.command(description="-")
    async def off(self, interaction: AnyInteraction) -> None:
        """Stop transcribing."""
        await self._door.act(interaction, TranscriptStopped(interaction.user.id))
