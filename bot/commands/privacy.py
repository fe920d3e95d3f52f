"""``/privacy``: what the bot may do with one's voice, and what it keeps of one."""

from typing import Literal

from discord import app_commands

from bot.door import Door
from bot.privacy.service import PrivacyService
from bot.replies import AnyInteraction, answer, language
from media.consent import Consent

Level = Literal["nothing", "transcript", "audio"]


class PrivacyCommands(app_commands.Group):
    """Consent, and what is kept."""

    def __init__(self, door: Door, privacy: PrivacyService) -> None:
        super().__init__(name="privacy", description="-")
        self._door = door
        self._privacy = privacy

    @app_commands.command(description="-")
    async def status(self, interaction: AnyInteraction) -> None:
        """Say what this person has agreed to."""
        await self._privacy.choices.status(interaction)

    @app_commands.command(description="-")
    async def consent(
        self, interaction: AnyInteraction, level: Level | None = None
    ) -> None:
        """Choose, or show the text with its three choices."""
        choices = self._privacy.choices
        if level is None:
            await choices.ask(interaction)
        else:
            await choices.give(interaction, Consent[level.upper()], "command")

    @app_commands.command(description="-")
    async def policy(self, interaction: AnyInteraction) -> None:
        """Say what is kept, for how long, and how it is erased."""
        config, reader = self._door.rooms.house.config, language(interaction)
        kept = {"consent.policy": config.recording.keep_days}
        if config.transcript.keep_days:
            kept["retention.policy"] = config.transcript.keep_days
        said = (
            self._door.wording.say(reader, key, {"days": days})
            for key, days in kept.items()
        )
        await answer(interaction, "\n".join(said))

    @app_commands.command(description="-")
    async def export(self, interaction: AnyInteraction) -> None:
        """Send everything that is kept of this person, to them alone."""
        await self._privacy.copies.give(interaction)

    @app_commands.command(description="-")
    async def erase(self, interaction: AnyInteraction) -> None:
        """Say what would be deleted, and ask."""
        await self._privacy.asking.ask(interaction)
